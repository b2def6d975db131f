"""Load the shipped taxonomy into the database."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from moirai.skills import seed
from moirai.skills.models import Skill


class Command(BaseCommand):
    help = "Load the shipped skills and occupations; safe to run again, rows of other sources stay."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--if-changed", action="store_true", help="do nothing when these files were loaded last")

    def handle(self, *args: Any, if_changed: bool, **options: Any) -> None:
        stamp = Path(settings.DATA_DIR) / "taxonomy-loaded"
        digest = digest_of(seed.DATA)
        if if_changed and stamp.exists() and stamp.read_text() == digest and Skill.objects.exists():
            return
        counts = seed.load(seed.Seed.read())
        stamp.write_text(digest)
        if options["verbosity"]:
            self.stdout.write("Loaded " + ", ".join(f"{count} {name}" for name, count in counts.items()) + ".")


def digest_of(folder: Path) -> str:
    """SHA-256 over the names and contents of all files below ``folder``."""
    digest = hashlib.sha256()
    for path in sorted(folder.glob("*/*.toml")):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()

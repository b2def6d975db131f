"""Compile the message catalogues without gettext's own tools, which a fresh machine lacks."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.conf import settings
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Write a .mo file beside every .po file that is newer."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        for source in sorted(Path(settings.LOCALE_PATHS[0]).glob("*/LC_MESSAGES/*.po")):
            target = source.with_suffix(".mo")
            if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
                continue
            catalogue = read_po(source.open("rb"))
            with target.open("wb") as file:
                write_mo(file, catalogue)
            if options["verbosity"]:
                self.stdout.write(f"{source}: {len(catalogue)} messages")

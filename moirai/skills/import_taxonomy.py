"""What the commands that load a published classification share: progress, summary, one clear sentence when it fails."""

from __future__ import annotations

from abc import ABC, abstractmethod
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from moirai.import_command import Progress
from moirai.skills.models import SkillAlias
from moirai.skills.signals import aliases_changed
from moirai.skills.summary import Summary
from moirai.skills.tables import TableError, Tables


class ImportTaxonomyCommand(ABC, BaseCommand):
    """A subclass gives ``attribution`` and ``load``."""

    attribution: Any

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", type=Path, help="the folder or .zip with the files as published")

    @abstractmethod
    def load(self, tables: Tables, *, summary: Summary, progress: Progress) -> None:
        """Read, then write; raises TableError. Runs inside one transaction."""

    def handle(self, *args: Any, **options: Any) -> None:
        summary, progress = Summary(), Progress(self, label="Read")
        try:
            with transaction.atomic():
                self.load(Tables(options["path"]), summary=summary, progress=progress)
                if summary.changes.get("Skill aliases"):
                    aliases_changed.send(sender=SkillAlias, texts=[])
        except TableError as error:
            raise CommandError(f"{error} Nothing was stored.") from error
        finally:
            progress.close()
        for line in summary.lines():
            self.stdout.write(line)
        self.stdout.write(str(self.attribution))

"""What the commands that load a published classification share: progress, summary, one clear sentence when it fails."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from moirai.import_command import Progress
from moirai.skills.models import SkillAlias
from moirai.skills.signals import aliases_changed
from moirai.skills.summary import Summary
from moirai.skills.tables import TableError, Tables


class ImportTaxonomyCommand(BaseCommand):
    """A subclass gives ``attribution``, and how to ``read`` and to ``store`` the files; both may raise TableError."""

    attribution: ClassVar[Any]
    read: ClassVar[Callable[..., Any]]
    store: ClassVar[Callable[..., None]]

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", type=Path, help="the folder or .zip with the files as published")

    def handle(self, *args: Any, **options: Any) -> None:
        summary, progress = Summary(), Progress(self, label="Read")
        try:
            with transaction.atomic():
                read = self.read(Tables(options["path"], advance=progress.advance), summary=summary)
                self.stdout.write(f"Storing {len(read.occupations)} occupations …")
                self.store(read, summary=summary)
                if summary.changes["Skill aliases"]:
                    aliases_changed.send(sender=SkillAlias, texts=[])
        except TableError as error:
            raise CommandError(f"{error} Nothing was stored.") from error
        finally:
            progress.close()
        for line in summary.lines():
            self.stdout.write(line)
        self.stdout.write(str(self.attribution))

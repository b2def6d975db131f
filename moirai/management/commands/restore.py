"""Bring back what `backup` wrote. Stop web, workers and beat first."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError
from django.utils import timezone

from moirai.backup.restoring import RefusedError, read_manifest, refuse_unfit, restore


class Command(BaseCommand):
    help = "Check the back-up FOLDER, put it in place, and erase again whoever was erased since."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, help="one back-up, e.g. /backups/moirai-20261123T030000Z")
        parser.add_argument("--force", action="store_true", help="lose what the database and the files hold now")
        parser.add_argument("--check", action="store_true", help="only see whether the back-up is whole and fits")
        parser.add_argument("--erased", type=Path, nargs="+", default=[], help="more lists of erased people")

    def handle(self, *args: Any, folder: Path, force: bool, check: bool, erased: list[Path], **options: Any) -> None:
        if missing := [path for path in erased if not path.is_file()]:
            raise CommandError(f"There is no list {missing[0]}.")
        try:
            content = read_manifest(folder)
            refuse_unfit(content, force=force or check)
            if check:
                self.stdout.write(f"Whole: {len(content['tables'])} tables, {len(content['files'])} files.")
                return
            count = restore(folder=folder, content=content, lists=erased, now=timezone.now())
        except RefusedError as error:
            raise CommandError(str(error)) from error
        except (OSError, DatabaseError) as error:
            raise CommandError(f"The restore stopped: {error}. Put it right, then run it with --force.") from error
        rows = sum(about["rows"] for about in content["tables"].values())
        again = f"{count} keys of erased people went again"
        self.stdout.write(f"{rows} rows are as they were on {content['made_at'][:16]}; {again}.")

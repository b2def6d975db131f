"""Save everything, while people go on using the site."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from moirai.backup.making import keep_newest, make_backup, write_keys


class Command(BaseCommand):
    help = "Write database and files, with a hash of each, to a new folder in FOLDER. Keys are never inside."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, help="where back-ups are kept, on another disk than DATA_DIR")
        parser.add_argument("--keep", type=int, metavar="N", help="then delete all back-ups there but the newest N")
        parser.add_argument("--with-keys", type=Path, metavar="FILE", help="write the keys to FILE, outside FOLDER")

    def handle(self, *args: Any, folder: Path, keep: int | None, with_keys: Path | None, **options: Any) -> None:
        if keep is not None and keep < 1:
            raise CommandError("--keep takes a number of back-ups, 1 or more.")
        if with_keys and folder.resolve() in with_keys.resolve().parents:
            raise CommandError("Keys beside what they open protect nothing: write them to another place than FOLDER.")
        try:
            place = make_backup(into=folder, now=timezone.now())
            if with_keys:
                write_keys(with_keys)
            gone = keep_newest(folder, count=keep) if keep else []
        except OSError as error:
            raise CommandError(f"The back-up failed and nothing half-made is left: {error}.") from error
        self.stdout.write(f"{place} is whole; {len(gone)} older deleted.")

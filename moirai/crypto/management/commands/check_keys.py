"""Can everything that is encrypted be read with the keys at hand?"""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from moirai.crypto.checking import unreadable_files, unreadable_keys, unreadable_values

SHOWN = 50


class Command(BaseCommand):
    help = "Open keys, columns and files, and name by table and id what cannot be read. Exit code 1 if anything cannot."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--sample", type=int, default=200, help="rows of each table to open (default 200)")
        parser.add_argument("--all", action="store_true", help="open every row and every file")

    def handle(self, *args: Any, sample: int, **options: Any) -> None:
        limit = None if options["all"] else sample
        found, opened = unreadable_keys()
        for look in (unreadable_values, unreadable_files):
            names, count = look(limit=limit)
            found += names
            opened += count
        for name in found[:SHOWN]:
            self.stderr.write(name)
        if found:
            raise CommandError(f"{len(found)} of {opened} cannot be read.", returncode=1)
        self.stdout.write(f"{opened} keys, values and files can be read.")

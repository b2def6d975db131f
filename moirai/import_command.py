"""The command that every import command is: judge every row of a file, then store all of it or nothing.

A subclass says which columns it reads, how a row becomes a record, and how a batch of records is stored. The file is
read twice: first every row is judged and nothing written, then all is stored in one transaction. So a file with a bad
row changes nothing unless ``--skip-bad`` was given, and an import that is killed changes nothing.
"""

from __future__ import annotations

import sys
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any, ClassVar

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone
from tqdm import tqdm

from moirai.importing import BadValueError, Refused, Row, read_rows

BATCH_SIZE = 500
SHOWN = 50  # refused rows that are printed; the rest is counted
PLAIN_STEP = 5000  # rows between two lines of progress where there is no terminal


class Progress:
    """A bar on a terminal, a plain line now and then elsewhere."""

    def __init__(self, command: BaseCommand, *, label: str, total: int | None = None) -> None:
        self.command, self.label, self.total, self.done = command, label, total, 0
        is_terminal = bool(getattr(command.stdout, "isatty", lambda: False)())
        self.bar = tqdm(desc=label, total=total, file=sys.stdout, unit=" rows") if is_terminal else None

    def advance(self, count: int = 1) -> None:
        before, self.done = self.done, self.done + count
        if self.bar is not None:
            self.bar.update(count)
        elif self.done // PLAIN_STEP > before // PLAIN_STEP:
            self.command.stdout.write(f"{self.label}: {self.done}" + (f" of {self.total}" if self.total else ""))

    def close(self) -> None:
        if self.bar is not None:
            self.bar.close()
        else:
            self.command.stdout.write(f"{self.label}: {self.done} rows")


@dataclass
class Stored:
    """How many rows of an import were new, and how many changed what was there."""

    added: int = 0
    updated: int = 0

    def __add__(self, other: Stored) -> Stored:
        return Stored(self.added + other.added, self.updated + other.updated)


class ImportCommand(ABC, BaseCommand):
    """Judge every row, then store all in one transaction. Subclasses give `columns`, `noun`, `record_of`, `store`."""

    columns: ClassVar[tuple[str, ...]]
    noun: ClassVar[str]

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help=f".jsonl or .csv, plain or .gz, with {' '.join(self.columns)}")
        parser.add_argument(
            "--skip-bad", action="store_true", help="store the good rows although others are refused (exit code 1)"
        )

    @abstractmethod
    def record_of(self, row: Row) -> Any:
        """The row as `store` takes it; raises BadValueError."""

    def prepare(self, options: dict[str, Any]) -> None:
        """Called once inside the transaction before the first batch; what it raises ends the import."""

    @abstractmethod
    def store(self, records: list[Any], *, now: datetime) -> Stored:
        """Write one batch with a constant number of queries; runs inside the transaction of the whole import."""

    def finish(self, *, now: datetime) -> None:
        """Called once inside the transaction after the last batch."""

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        refused: list[Refused] = []
        judged = Progress(self, label="Checked")
        good = sum(1 for _ in self.records(path, refused=refused, progress=judged))
        judged.close()
        self._report(refused)
        if refused and not options["skip_bad"]:
            raise CommandError(f"{len(refused)} rows refused, nothing was stored.")
        stored = self._store_all(path, options, expected=len(refused), good=good)
        self.stdout.write(f"{self.noun}: {stored.added} added, {stored.updated} updated.")
        if refused:
            raise CommandError(f"{len(refused)} rows refused, the others were stored.")

    def _store_all(self, path: Path, options: dict[str, Any], *, expected: int, good: int) -> Stored:
        now, stored, refused = timezone.now(), Stored(), list[Refused]()
        progress = Progress(self, label="Stored", total=good)
        with transaction.atomic():
            self.prepare(options)
            records = self.records(path, refused=refused)
            while batch := list(islice(records, BATCH_SIZE)):
                stored += self.store(batch, now=now)
                progress.advance(len(batch))
            if len(refused) != expected or progress.done != good:
                raise CommandError("The file changed while it was read; nothing was stored.")
            self.finish(now=now)
        progress.close()
        return stored

    def records(self, path: Path, *, refused: list[Refused], progress: Progress | None = None) -> Iterator[Any]:
        """The good rows of a file, judged; why the others are not is appended to ``refused``."""
        for row in read_rows(path, columns=self.columns, refused=refused):
            if progress is not None:
                progress.advance()
            try:
                record = self.record_of(row)
            except BadValueError as reason:
                refused.append(Refused(path.name, row.line, str(reason)))
            else:
                yield record

    def _report(self, refused: list[Refused]) -> None:
        for row in sorted(refused)[:SHOWN]:
            self.stderr.write(str(row))
        if len(refused) > SHOWN:
            self.stderr.write(f"… and {len(refused) - SHOWN} more.")

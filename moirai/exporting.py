"""Files that our own import commands take again: CSV, JSON lines or tab-separated, plain or gzipped.

A cell that a spreadsheet would compute gets an apostrophe, and reading takes it away again.
"""

from __future__ import annotations

import csv
import gzip
import json
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, ClassVar, TextIO

from django.core.management.base import BaseCommand, CommandError, CommandParser

from moirai.csv_export import quoted

SUFFIXES = (".csv", ".jsonl", ".tsv")


def opened(path: Path, mode: str) -> TextIO:
    """A text file in UTF-8, compressed where its name ends in .gz."""
    if path.suffix == ".gz":
        return gzip.open(path, mode, encoding="utf-8", newline="")  # type: ignore[return-value]
    return path.open(mode.replace("t", ""), encoding="utf-8", newline="")  # type: ignore[return-value]


def kind_of(path: Path) -> str:
    """By the end of its name; what ends otherwise is tab-separated."""
    kind = Path(path.name.removesuffix(".gz")).suffix.lower()
    return kind if kind in SUFFIXES else ".tsv"


def write_rows(path: Path, columns: Iterable[str], rows: Iterable[Iterable[Any]]) -> int:
    """Write all rows or no file; returns how many. Tab-separated files have no header."""
    names, kind, count = list(columns), kind_of(path), 0
    partial = path.with_name(f"partial-{path.name}")
    try:
        with opened(partial, "wt") as file:
            table = csv.writer(file, delimiter="\t" if kind == ".tsv" else ",", lineterminator="\n")
            if kind == ".csv":
                table.writerow(names)
            for row in rows:
                count += 1
                if kind == ".jsonl":
                    file.write(json.dumps(dict(zip(names, row, strict=True)), ensure_ascii=False) + "\n")
                else:
                    table.writerow([_cell(value) for value in row])
        partial.replace(path)
    except OSError as error:
        raise CommandError(f"{path}: {error.strerror}") from error
    finally:
        partial.unlink(missing_ok=True)
    return count


def _cell(value: Any) -> Any:
    """A list as text that `Row.names` parts the same way."""
    if isinstance(value, list):
        is_plain = not any(sign in item for item in value for sign in ";|,\n") and value[:1] != ["["]
        value = ";".join(value) if is_plain else json.dumps(value, ensure_ascii=False)
    return quoted(value)


class ExportCommand(ABC, BaseCommand):
    """Write the rows that the import command of the same columns takes. Subclasses give `columns`, `noun`, `rows`."""

    columns: ClassVar[tuple[str, ...]]
    noun: ClassVar[str]

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("out", type=Path, metavar="OUT", help=".csv or .jsonl, plain or .gz")

    @abstractmethod
    def rows(self, options: dict[str, Any]) -> Iterator[list[Any]]:
        """Each row in the order of ``columns``."""

    def handle(self, *args: Any, **options: Any) -> None:
        if kind_of(options["out"]) == ".tsv":
            raise CommandError("The name ends in neither .csv nor .jsonl (.gz may follow).")
        count = write_rows(options["out"], self.columns, self.rows(options))
        self.stdout.write(f"{self.noun}: {count} written to {options['out']}.")

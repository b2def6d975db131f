"""Import files: JSON lines or CSV, plain or gzipped, read row by row with a reason for every row refused.

`moirai/import_command.py` has the command that import commands subclass.
"""

from __future__ import annotations

import csv
import gzip
import json
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, cast

from moirai.csv_export import unquoted

ID_LENGTH = 100
csv.field_size_limit(16 * 1024 * 1024)  # a long CV is one field


@dataclass(frozen=True, order=True)
class Refused:
    """Why a line of a file was not taken."""

    file: str
    line: int
    reason: str

    def __str__(self) -> str:
        return f"{self.file}, line {self.line}: {self.reason}"


class BadValueError(ValueError):
    """A value of a row that cannot be taken; the message is the reason people read."""


@dataclass(frozen=True)
class Row:
    """One record of a file: the line it starts on, and its values by column."""

    line: int
    values: dict[str, Any] = field(default_factory=dict)

    def text(self, name: str, *, limit: int | None = None, required: bool = False) -> str:
        """The column as text without blanks around it; '' where it is missing. Longer than ``limit`` is refused."""
        value = self.values.get(name)
        if isinstance(value, (list, dict, bool)):
            raise BadValueError(f"{name} is not text")
        text = "" if value is None else str(value).strip()
        if required and not text:
            raise BadValueError(f"{name} is missing")
        if limit is not None and len(text) > limit:
            raise BadValueError(f"{name} has {len(text)} characters, at most {limit} are allowed")
        return text

    def choice(self, name: str, choices: Iterable[str], *, default: str | None = None) -> str:
        """One of ``choices``, whatever its case; ``default`` where the column is empty."""
        text, allowed = self.text(name).lower(), list(choices)
        if not text and default is not None:
            return default
        if text not in allowed:
            raise BadValueError(f"{name} is {text!r}, not one of {', '.join(allowed)}")
        return text

    def number(self, name: str, *, highest: int) -> int:
        """A whole number from 0 to ``highest``, 0 where the column is empty; a fraction is rounded down."""
        text = self.text(name)
        try:
            number = int(float(text or 0))
        except (ValueError, OverflowError):
            raise BadValueError(f"{name} is {text[:40]!r}, not a number") from None
        if not 0 <= number <= highest:
            raise BadValueError(f"{name} is {number}, not between 0 and {highest}")
        return number

    def names(self, name: str) -> list[str]:
        """A list: a JSON array, or text parted by semicolons, bars or lines, else by commas. No blanks, no repeats."""
        value = self.values.get(name)
        if isinstance(value, str) and value.startswith("["):
            value = _array(value)
        if isinstance(value, list):
            if not all(isinstance(item, str) for item in value):
                raise BadValueError(f"{name} is not a list of texts")
            items = value
        else:
            text = self.text(name)
            parted = text.replace("|", ";").replace("\n", ";")
            items = (parted if ";" in parted else parted.replace(",", ";")).split(";")
        return list(dict.fromkeys(clean for item in items if (clean := " ".join(item.split()))))


def _array(text: str) -> Any:
    """The list that a cell writes as JSON, or the text as it is."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text


def read_rows(path: Path, *, columns: Iterable[str], refused: list[Refused]) -> Iterator[Row]:
    """Yield the good rows of a .jsonl or .csv file (or either with .gz), and append the bad ones to ``refused``.

    A row yielded has only ``columns``, a unique ``id`` of at most 100 characters, and only text that can be stored.
    """
    first_line: dict[str, int] = {}
    known = list(columns)
    for row in parse_rows(path, known, refused):
        try:
            check_text(row.values)
            identity = row.text("id", limit=ID_LENGTH, required=True)
            if identity in first_line:
                raise BadValueError(f"id {identity!r} was on line {first_line[identity]} already")
        except BadValueError as reason:
            refused.append(Refused(path.name, row.line, str(reason)))
        else:
            first_line[identity] = row.line
            yield row


def parse_rows(path: Path, columns: list[str], refused: list[Refused]) -> Iterator[Row]:
    name = path.name.lower().removesuffix(".gz")
    line = 0
    if not name.endswith((".jsonl", ".csv")):
        refused.append(Refused(path.name, 0, "the name ends in neither .jsonl nor .csv (.gz may follow)"))
        return
    try:
        with _open(path) as file:
            parse = _parse_csv if name.endswith(".csv") else _parse_jsonl
            for row in parse(file, path.name, columns, refused):
                line = row.line
                yield row
    except (OSError, EOFError, zlib.error) as error:
        refused.append(Refused(path.name, line + 1, f"the file cannot be read further: {error}"))


def _open(path: Path) -> IO[str]:
    """The file as text; bytes that are not UTF-8 become surrogates, so that the row they stand in can be named."""
    options: dict[str, Any] = {"mode": "rt", "encoding": "utf-8-sig", "errors": "surrogateescape", "newline": ""}
    is_gzipped = path.name.lower().endswith(".gz")
    opened = gzip.open(path, **options) if is_gzipped else path.open(**options)  # noqa: SIM115 - the caller closes it
    return cast("IO[str]", opened)


def _parse_jsonl(file: IO[str], name: str, columns: list[str], refused: list[Refused]) -> Iterator[Row]:
    for line, text in enumerate(file, start=1):
        if not text.strip():
            continue
        try:
            check_text({"line": text})
            values = json.loads(text)
            if not isinstance(values, dict):
                raise BadValueError("not a JSON object")
            if unknown := sorted(set(values) - set(columns)):
                raise BadValueError(f"unknown columns: {', '.join(unknown)[:200]}")
        except json.JSONDecodeError as error:
            refused.append(Refused(name, line, f"broken JSON: {error.msg} at character {error.pos + 1}"))
        except RecursionError:
            refused.append(Refused(name, line, "broken JSON: nested too deeply"))
        except ValueError as error:  # BadValueError, or a number of thousands of digits
            refused.append(Refused(name, line, str(error)))
        else:
            yield Row(line, values)


def numbered(reader: Any) -> Iterator[tuple[int, list[str] | Exception]]:
    """Each row of a ``csv.reader`` with the line it starts on; in the place of a broken one, what is wrong with it."""
    while True:
        line = reader.line_num + 1
        try:
            yield line, next(reader)
        except StopIteration:
            return
        except (csv.Error, UnicodeError) as error:
            yield line, error


def _parse_csv(file: IO[str], name: str, columns: list[str], refused: list[Refused]) -> Iterator[Row]:
    header: list[str] | None = None
    for line, fields in numbered(csv.reader(file, strict=True)):
        if isinstance(fields, Exception):
            refused.append(Refused(name, line, f"broken CSV: {fields}"))
        elif header is None:
            header = [cell.strip() for cell in fields]
            if problem := _wrong_header(header, columns):
                refused.append(Refused(name, line, problem))
                return
        elif len(fields) != len(header) and any(fields):
            refused.append(Refused(name, line, f"{len(fields)} columns where the header has {len(header)}"))
        elif any(fields):
            yield Row(line, dict(zip(header, map(unquoted, fields), strict=True)))


def _wrong_header(header: list[str], columns: list[str]) -> str:
    """What is wrong with a CSV's first line, or ''."""
    missing, unknown = sorted(set(columns) - set(header)), sorted(set(header) - set(columns))
    problems = [f"missing columns: {', '.join(missing)}"] if missing else []
    problems += [f"unknown columns: {', '.join(unknown)[:200]!a}"] if unknown else []
    problems += ["a column stands twice"] if len(set(header)) < len(header) else []
    return "; ".join(problems)


def check_text(values: Mapping[str, Any]) -> None:
    """Raise BadValueError where a text, or one of a list, cannot be stored."""
    for name, value in values.items():
        for text in value if isinstance(value, list) else [value]:
            if not isinstance(text, str):
                continue
            if "\x00" in text:
                raise BadValueError(f"{name} holds a NUL character")
            if any("\udc80" <= character <= "\udcff" for character in text):
                raise BadValueError(f"{name} is not UTF-8 text (Latin-1?)")
            if any("\ud800" <= character <= "\udfff" for character in text):
                raise BadValueError(f"{name} holds half a character (a lone surrogate)")

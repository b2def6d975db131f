"""Tables of a published classification: text files in a folder or a .zip, read row by row, faults named by place."""

from __future__ import annotations

import csv
import io
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO, NamedTuple

from moirai.importing import BadValueError, check_text, numbered

LARGEST_FILE = 1024**3  # a published table has some 20 MB; more is no table, or a bomb


class TableError(ValueError):
    """A file that cannot be taken; the message names file, line and column where they are known."""


class Line(NamedTuple):
    """One row of a table: the line of the file it starts on, and its cells by column, without blanks around them."""

    number: int
    cells: dict[str, str]


class Tables:
    """The tables of a folder or a .zip, by file name, wherever in it they lie and in whatever case.

    ``advance`` is called for each row that is read.
    """

    def __init__(self, path: Path, *, advance: Callable[[], None]) -> None:
        self.path, self.advance = path, advance
        self.files: dict[str, str] = {}
        if path.is_dir():
            names = [str(file.relative_to(path)) for file in sorted(path.rglob("*")) if file.is_file()]
        elif not path.exists():
            raise TableError(f"{path} does not exist.")
        else:
            try:
                with zipfile.ZipFile(path) as archive:
                    names = sorted(archive.namelist())
            except (zipfile.BadZipFile, OSError) as error:
                raise TableError(f"{path.name} is neither a folder nor a .zip that can be read ({error}).") from error
        for name in names:
            if "__MACOSX" not in name:
                self.files.setdefault(PurePosixPath(name).name.casefold(), name)

    def __contains__(self, name: str) -> bool:
        return name.casefold() in self.files

    def require(self, *names: str) -> None:
        """Raise with all that is missing in one sentence."""
        if missing := [name for name in names if name not in self]:
            raise TableError(f"{self.path} lacks {', '.join(missing)}.")

    def read(self, name: str, *columns: str, delimiter: str = ",") -> Iterator[Line]:
        """Rows of a file that must have ``columns`` (others are left alone); blank rows are passed over."""
        self.require(name)
        with self._open(name) as file:
            reader = csv.reader(file, delimiter=delimiter, strict=True)
            if delimiter == "\t":  # there, a quotation mark is a character like others
                reader = csv.reader(file, delimiter=delimiter, strict=True, quoting=csv.QUOTE_NONE)
            header: list[str] | None = None
            for number, row in numbered(reader):
                if isinstance(row, Exception):
                    raise TableError(f"{name}, line {number}: the file is broken ({row}).") from row
                if header is None:
                    header = _header(row, columns, name)
                elif any(row):
                    self.advance()
                    yield Line(number, _cells(row, header, columns, f"{name}, line {number}"))
            if header is None:
                raise TableError(f"{name} is empty.")

    @contextmanager
    def _open(self, name: str) -> Iterator[IO[str]]:
        """The file as text; bytes that are not UTF-8 become surrogates, so that their line can be named."""
        inner = self.files[name.casefold()]
        try:
            if self.path.is_dir():
                with (self.path / inner).open(encoding="utf-8-sig", errors="surrogateescape", newline="") as file:
                    yield file
            else:
                with zipfile.ZipFile(self.path) as archive:
                    if archive.getinfo(inner).file_size > LARGEST_FILE:
                        raise TableError(f"{name} is larger than {LARGEST_FILE // 1024**2} MB.")
                    with archive.open(inner) as raw:
                        yield io.TextIOWrapper(raw, encoding="utf-8-sig", errors="surrogateescape", newline="")
        except (OSError, EOFError, zipfile.BadZipFile, zlib.error, RuntimeError) as error:
            raise TableError(f"{name} cannot be read ({error}).") from error


def _header(row: list[str], columns: tuple[str, ...], name: str) -> list[str]:
    header = [cell.strip() for cell in row]
    if missing := [column for column in columns if column not in header]:
        noun = "column" if len(missing) == 1 else "columns"
        raise TableError(
            f"{name}, line 1: {noun} {', '.join(missing)} missing; it is another version or another file. "
            f"It has {', '.join(header)[:200]!a}."
        )
    return header


def _cells(row: list[str], header: list[str], columns: tuple[str, ...], place: str) -> dict[str, str]:
    if len(row) != len(header):
        raise TableError(f"{place}: {len(row)} columns where the first line has {len(header)}.")
    every = dict(zip(header, row, strict=True))
    cells = {column: every[column].strip() for column in columns}
    try:
        check_text(cells)
    except BadValueError as error:
        raise TableError(f"{place}: {error}.") from None
    return cells

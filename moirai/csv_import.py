"""Tables that people upload: CSV in whatever encoding and with whatever separator their spreadsheet wrote.

What makes the whole file unreadable is a ``FileRefusedError`` with the line; what is wrong with one row is its
``problem``, and the rows after it are read. A table is read row by row; nothing of it is kept.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO

from moirai.importing import numbered
from moirai.skills.text import fold

CHUNK = 1024 * 1024
CELL_LENGTH = 10_000  # a longer cell is no datum of a person, but a quote that was never closed or a pasted file
COLUMNS = 100
SEPARATORS = ",;\t|"


class FileRefusedError(ValueError):
    """The file as a whole cannot be read; ``problem`` is a word that pages explain."""

    def __init__(self, problem: str, line: int = 1) -> None:
        super().__init__(f"line {line}: {problem}")
        self.problem, self.line = problem, line


@dataclass(frozen=True)
class Record:
    """One row: the line it starts on, its cells without blanks around them, and what is wrong with it, if anything."""

    line: int
    cells: list[str] = field(default_factory=list)
    problem: str = ""


class Table:
    """A CSV file: its header, encoding and separator at once, its records when they are asked for."""

    def __init__(self, file: BinaryIO, *, cell_length: int = CELL_LENGTH) -> None:
        self.file, self.cell_length = file, cell_length
        self.encoding = encoding_of(file)
        self.separator = self._separator()
        self.header: list[str] = []
        self.header_line = 1
        for line, cells in self._lines():
            self.header, self.header_line = [cell.strip() for cell in cells], line
            break
        self._check_header()

    def records(self) -> Iterator[Record]:
        width = len(self.header)
        for line, cells in self._lines():
            if line <= self.header_line:
                continue
            cells = [cell.strip() for cell in cells]
            yield Record(line, cells[:width], _problem_of(cells, width, self.cell_length))

    def _open(self) -> io.TextIOWrapper:
        self.file.seek(0)
        return io.TextIOWrapper(self.file, encoding=self.encoding, newline="")

    def _separator(self) -> str:
        """The separator that stands most often in the first line that says anything."""
        text = self._open()
        try:
            line = next((line for line in iter(lambda: text.readline(CHUNK), "") if line.strip()), "")
        except UnicodeError:
            raise FileRefusedError("encoding") from None
        finally:
            text.detach()
        return max(SEPARATORS, key=line.count)

    def _lines(self) -> Iterator[tuple[int, list[str]]]:
        """Rows with anything in them, with the line that each starts on."""
        text = self._open()
        reader = csv.reader(text, delimiter=self.separator, strict=True)
        try:
            for line, cells in numbered(reader):
                if isinstance(cells, Exception):
                    raise FileRefusedError("encoding" if isinstance(cells, UnicodeError) else "quote", line)
                if any(cell.strip() for cell in cells):
                    yield line, cells
        finally:
            text.detach()

    def _check_header(self) -> None:
        named = [fold(name) for name in self.header if name]
        if not self.header:
            raise FileRefusedError("empty")
        if len(self.header) > COLUMNS or any(len(name) > 200 for name in self.header) or "\x00" in "".join(named):
            raise FileRefusedError("header", self.header_line)
        if len(set(named)) < len(named):
            raise FileRefusedError("twice", self.header_line)


def encoding_of(file: BinaryIO) -> str:
    """By its mark, by the zeros of UTF-16, or the first that reads the file to its end; Latin-1 reads everything."""
    file.seek(0)
    head = file.read(4096)
    if head.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if head.count(0) > len(head) // 4:
        return "utf-16-le" if head[1::2].count(0) > head[0::2].count(0) else "utf-16-be"
    return next((name for name in ("utf-8", "cp1252") if _reads(file, name)), "latin-1")


def _reads(file: BinaryIO, encoding: str) -> bool:
    file.seek(0)
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        while chunk := file.read(CHUNK):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def match_columns(header: Sequence[str], names: Mapping[str, str]) -> dict[str, int]:
    """In which column each field stands; ``names`` has the names by which each goes, folded and parted by commas."""
    plain = [" ".join("".join(c if c.isalnum() else " " for c in fold(name)).split()) for name in header]
    places = {name: at for at, name in reversed(list(enumerate(plain)))}
    found = {key: [places[name] for name in row.split(", ") if name in places] for key, row in names.items()}
    return {key: at[0] for key, at in found.items() if at}


def _problem_of(cells: list[str], width: int, length: int) -> str:
    if len(cells) < width or any(cells[width:]):  # spreadsheets append empty cells; those say nothing
        return "columns"
    if any(len(cell) > length for cell in cells):
        return "cell"
    if any("\x00" in cell or "\ufffd" in cell for cell in cells):
        return "characters"
    return ""

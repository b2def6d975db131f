"""The one way in which tables leave the house: CSV that spreadsheets read as text, never as formulas."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator

from django.http import StreamingHttpResponse
from django.utils.http import content_disposition_header

BYTE_ORDER_MARK = "\ufeff"  # without it Excel takes UTF-8 for the code page of the machine
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # the wide ones count in East Asian Excel


class _Echo:
    """A file for ``csv.writer`` that keeps nothing and hands back each line."""

    def write(self, line: str) -> str:
        return line


def harmless(value: object) -> object:
    """A cell that no spreadsheet computes: text that begins like a formula gets an apostrophe; numbers stay numbers."""
    if value is None or isinstance(value, int | float):
        return value
    text = str(value).replace("\x00", "")
    return f"'{text}" if is_formula(text) else text


def is_formula(text: str) -> bool:
    return text.startswith(FORMULA) or text.lstrip(" \xa0").startswith(FORMULA)


def quoted(value: object) -> object:
    """``harmless`` in a way that ``unquoted`` takes back whatever stood there."""
    return f"'{value}" if isinstance(value, str) and is_formula(value.lstrip("'")) else value


def unquoted(text: str) -> str:
    return text[1:] if text.startswith("'") and is_formula(text.lstrip("'")) else text


def lines(header: Iterable[str], rows: Iterable[Iterable[object]]) -> Iterator[str]:
    """The file piece by piece, each row when it is asked for."""
    writer = csv.writer(_Echo())
    yield BYTE_ORDER_MARK
    yield writer.writerow([harmless(name) for name in header])
    for row in rows:
        yield writer.writerow([harmless(value) for value in row])


def csv_response(*, name: str, header: Iterable[str], rows: Iterable[Iterable[object]]) -> StreamingHttpResponse:
    """A download called ``name``; pass a queryset's ``.iterator()`` and no more than one row is held at a time."""
    response = StreamingHttpResponse(lines(header, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or "attachment"
    response["Cache-Control"] = "private, no-store"
    return response

"""A CV's text cut at its evidence, for the page that shows both."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from students.models import Evidence


@dataclass
class Piece:
    """Some characters of a text, and the evidence that they are; none where they are plain."""

    text: str
    evidence: list[Evidence] = field(default_factory=list)


def marked_pages(text: str, evidence: Iterable[Evidence]) -> list[list[Piece]]:
    """The text's pages, each cut into plain and marked pieces; joined again they are the text, without form feeds."""
    pages: list[list[Piece]] = []
    spans = sorted(evidence, key=lambda row: (row.start, row.end))
    start = 0
    for page in text.split("\f"):
        end = start + len(page)
        pages.append(_pieces(text, start, end, [row for row in spans if start <= row.start < end]))
        start = end + 1
    return pages


def _pieces(text: str, start: int, end: int, spans: list[Evidence]) -> list[Piece]:
    pieces: list[Piece] = []
    position = start
    for row in spans:
        if row.start < position and pieces:  # within the marked words before it: one mark, two skills
            pieces[-1].evidence.append(row)
            continue
        stop = min(row.end, end)
        if row.start > position:
            pieces.append(Piece(text[position : row.start]))
        pieces.append(Piece(text[row.start : stop], [row]))
        position = stop
    if position < end:
        pieces.append(Piece(text[position:end]))
    return pieces

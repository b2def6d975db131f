"""Quotes as a company may read them before the person has applied: without names, contact details or places."""

from __future__ import annotations

import re
from dataclasses import replace

from matching.pair import Explanation
from matching.quotes import Quote
from moirai.skills.text import fold, without_personal_lines
from students.models import Student

HIDDEN = "▒"


def redacted(explanation: Explanation) -> Explanation:
    """The same numbers, with every quote of the CV redacted; lengths stay, so marked words stay where they are."""
    hide = names_of(explanation.student)
    summary = explanation.summary
    rows = [replace(row, proof=[redact(quote, hide) for quote in row.proof]) for row in summary.rows]
    return replace(explanation, summary=replace(summary, rows=rows), occupations=(), words=())


def names_of(student: Student) -> re.Pattern[str] | None:
    """A pattern of the words that name the person."""
    words = set(re.findall(r"\w{3,}", fold(student.name)))
    return re.compile(r"\b(?:" + "|".join(map(re.escape, sorted(words))) + r")\b") if words else None


def redact(quote: Quote, names: re.Pattern[str] | None) -> Quote:
    """A quote with names, contact details and personal lines hidden, character for character."""
    text = quote.sentence
    blanked = without_personal_lines(text)
    shown = "".join(old if old == new or old.isspace() else HIDDEN for old, new in zip(text, blanked, strict=True))
    if names:
        for match in names.finditer(fold(text)):
            shown = shown[: match.start()] + HIDDEN * (match.end() - match.start()) + shown[match.end() :]
    return replace(quote, sentence=shown, evidence_id=None)

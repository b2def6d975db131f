"""Quotes as a company may read them before it knows the person: without names, schools or contact details."""

from __future__ import annotations

import re
from dataclasses import replace

from matching.pair import Explanation
from matching.quotes import Quote
from students.redaction import hidden, names_of


def redacted(explanation: Explanation) -> Explanation:
    """The same numbers, with every quote of the CV redacted; lengths stay, so marked words stay where they are."""
    hide = names_of(explanation.student)
    summary = explanation.summary
    rows = [replace(row, proof=[redact(quote, hide) for quote in row.proof]) for row in summary.rows]
    return replace(explanation, summary=replace(summary, rows=rows), occupations=(), words=())


def redact(quote: Quote, names: re.Pattern[str] | None) -> Quote:
    """A quote without what names the person, and without the link to the CV."""
    return replace(quote, sentence=hidden(quote.sentence, names), evidence_id=None)

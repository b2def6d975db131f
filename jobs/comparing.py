"""Two revisions of a posting side by side, word by word."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from jobs.models import Job, Ruling

WORDS = re.compile(r"\s+|[^\s]+")
MOST_WORDS = 4000  # beyond, the texts stand side by side without marks
COMPARED = (
    "title", "description", "requirements", "preferences", "language", "kind", "modality", "city", "seniority",
    "hours_per_week", "term_months", "credits", "minimum_semester", "english_level", "pay_from", "pay_to", "pay_period",
    "closes_at",
)  # fmt: skip


@dataclass(frozen=True)
class Piece:
    text: str
    is_changed: bool


@dataclass(frozen=True)
class Change:
    """One field that differs; pieces of the text before and after."""

    label: str
    before: list[Piece]
    after: list[Piece]


def baseline_of(job: Job) -> Any:
    """The revision that was last approved, else the first one; None where there is no other than the present."""
    approved = job.rulings.filter(step__in=[Ruling.Step.PUBLISHED, Ruling.Step.AUTOMATIC]).newest_first().first()
    revisions = job.revisions.order_by("-history_date", "-history_id")
    if approved is not None:
        revision = revisions.filter(history_date__lte=approved.at).first()
        if revision is not None:
            return revision
    return job.revisions.order_by("history_date", "history_id").first()


def changes(job: Job, revision: Any) -> list[Change]:
    """The fields in which the posting differs from a revision of it."""
    found = []
    for name in COMPARED:
        before, after = getattr(revision, name), getattr(job, name)
        if before != after:
            left, right = _pieces(_shown(revision, name), _shown(job, name))
            label = getattr(Job._meta.get_field(name), "verbose_name", name)
            found.append(Change(str(label), left, right))
    return found


def _shown(row: Any, name: str) -> str:
    show = getattr(row, f"get_{name}_display", None)
    value = show() if show else getattr(row, name)
    return "–" if value in (None, "") else str(value)


def _pieces(before: str, after: str) -> tuple[list[Piece], list[Piece]]:
    old, new = WORDS.findall(before), WORDS.findall(after)
    if len(old) + len(new) > MOST_WORDS:
        return [Piece(before, False)], [Piece(after, False)]
    steps = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    left = ((old[a:b], tag != "equal") for tag, a, b, _c, _d in steps)
    right = ((new[c:d], tag != "equal") for tag, _a, _b, c, d in steps)
    return list(_filled(left)), list(_filled(right))


def _filled(parts: Iterator[tuple[list[str], bool]]) -> Iterator[Piece]:
    for words, is_changed in parts:
        if words:
            yield Piece("".join(words), is_changed)

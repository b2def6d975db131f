"""What the wizard shows of the skills in a text: before it is stored, and after."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from jobs.detect import detect_in
from jobs.models import Job, JobSkill
from jobs.posting import TEXTS
from jobs.proofread import Remark, proofread, remarks
from moirai.middleware import is_storable
from moirai.skills.extract import sentence
from moirai.skills.models import Skill

PREVIEW_LIMIT = 35_000  # characters: more than a valid posting can have
FACTS = (
    "kind", "modality", "language", "city", "hours_per_week", "term_months", "pay_from", "pay_to", "pay_period",
)  # fmt: skip
NUMBERS = ("hours_per_week", "term_months", "pay_from", "pay_to")


@dataclass(frozen=True)
class Quote:
    """A skill and its sentence; ``start``, ``end`` bound the words within the sentence. No words: added by hand."""

    skill: Skill
    level: str
    sentence: str = ""
    start: int = 0
    end: int = 0


@dataclass(frozen=True)
class Preview:
    quotes: list[Quote]
    remarks: list[Remark]
    is_empty: bool
    job: Job | None = None  # the text as a posting that is not stored


def preview(data: Mapping[str, str]) -> Preview:
    """The skills in a text that is being written, and what the linter says of it."""
    job = Job(**{name: data.get(name, "").replace("\r\n", "\n") for name in TEXTS})
    text = job.text
    if not text.strip() or len(text) > PREVIEW_LIMIT or not is_storable(text):
        return Preview([], [], is_empty=True)
    for name in FACTS:
        value = data.get(name, "").strip()
        setattr(job, name, _number(value) if name in NUMBERS else value[:200])
    found = detect_in(text, preferences_start=job.preferences_start)
    skills = Skill.objects.in_bulk([one.skill_id for one in found])
    quotes = [
        Quote(
            skills[one.skill_id],
            one.level,
            text[one.sentence_start : one.sentence_end],
            one.start - one.sentence_start,
            one.end - one.sentence_start,
        )
        for one in found
    ]
    return Preview(quotes, remarks(text, proofread(job)), is_empty=False, job=job)


def _number(value: str) -> int | None:
    """What a field that is still being filled in says, if it is a number."""
    return int(value) if value.isascii() and value.isdigit() and len(value) < 10 else None


def asked_with_quotes(job: Job, rows: list[JobSkill]) -> list[Quote]:
    """The stored skills of a posting, each with the sentence that asks for it."""
    text = job.text
    quotes = []
    for row in rows:
        if row.start is None or row.end is None or row.end > len(text):
            quotes.append(Quote(row.skill, row.level))
            continue
        left, right = sentence(text, row.start, row.end)
        quotes.append(Quote(row.skill, row.level, text[left:right], row.start - left, row.end - left))
    return quotes

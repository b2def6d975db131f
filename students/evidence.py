"""Where a text proves which skill, and the rows that say so. One CV and a thousand go through the same functions."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import transaction

from moirai.skills import sections
from moirai.skills.extract import VERSION, Extractor, Mention
from moirai.skills.models import EnrichmentLog
from moirai.skills.text import fold
from students.models import CV, Evidence, StudentSkill

EVIDENCE_PER_SKILL = 5
CHUNK = 20_000  # characters read at once: ambiguous words cost the square of what stands around them
STRONGEST_FIRST = ("experience", "projects", "certificates", "education", "profile", "languages", "skills", "other")


class Found(NamedTuple):
    """A mention of a skill and the section it stands in."""

    mention: Mention
    section: str


def find_skills(text: str, *, extractor: Extractor, language: str = "es") -> list[Found]:
    """The mentions kept as evidence: at most five a skill, those that say most (work before a bare list) first."""
    parts = sections.read_cv(text, language)
    starts = [part.start for part in parts]
    by_skill: dict[int, list[Found]] = {}
    for mention in extractor.with_implied(mentions_in(text, extractor)):
        place = bisect_right(starts, mention.start) - 1
        by_skill.setdefault(mention.skill, []).append(Found(mention, parts[place].kind if place >= 0 else "profile"))
    return [found for mentions in by_skill.values() for found in _strongest(mentions, text)]


def _strongest(mentions: list[Found], text: str) -> list[Found]:
    """At most five, no two of the same words: a header stands on every page."""
    ranked = sorted(mentions, key=lambda found: (STRONGEST_FIRST.index(found.section), found.mention.start))
    by_sentence: dict[str, Found] = {}
    for found in ranked:
        sentence = _same_words(text[found.mention.sentence_start : found.mention.sentence_end])
        by_sentence.setdefault(sentence, found)
    return list(by_sentence.values())[:EVIDENCE_PER_SKILL]


def mentions_in(text: str, extractor: Extractor) -> list[Mention]:
    """Every mention, with offsets into ``text``; a long text is read in pieces cut at line ends."""
    mentions: list[Mention] = []
    start = 0
    while start < len(text):
        end = len(text)
        if end - start > CHUNK:
            end = text.rfind("\n", start, start + CHUNK) + 1 or start + CHUNK
        mentions += [
            Mention(mention.skill, *(offset + start for offset in mention[1:]))
            for mention in extractor.find(text[start:end])
        ]
        start = end
    return mentions


def read_texts(*, cvs: Sequence[CV], extractor: Extractor, now: datetime) -> None:
    """Skills with evidence of many CVs whose text is known already, and the record of each reading."""
    found = {cv.pk: find_skills(cv.text, extractor=extractor, language=cv.language) for cv in cvs}
    replace_evidence(cvs=cvs, found=found)
    EnrichmentLog.objects.bulk_create(
        EnrichmentLog(
            subject=EnrichmentLog.Subject.CV,
            subject_id=cv.pk,
            outcome=EnrichmentLog.Outcome.DONE,
            extractor_version=VERSION,
            language=cv.language,
            characters=len(cv.text),
            skills_found=len({item.mention.skill for item in found[cv.pk]}),
            started_at=now,
            finished_at=now,
        )
        for cv in cvs
    )


@transaction.atomic
def replace_evidence(*, cvs: Sequence[CV], found: Mapping[int, list[Found]]) -> None:
    """Make ``found`` (by id of CV) the only evidence that these CVs' students have in CVs; one CV a student.

    What the student decided stays: statuses, own statements, and the contest of words that stand in the new CV too.
    """
    students = [cv.student_id for cv in cvs]
    contested = _contested(students)
    Evidence.objects.filter(student_skill__student__in=students, cv__isnull=False).delete()
    StudentSkill.objects.bulk_create(
        [
            StudentSkill(student_id=cv.student_id, skill_id=skill)
            for cv in cvs
            for skill in sorted({item.mention.skill for item in found[cv.pk]})
        ],
        ignore_conflicts=True,
        batch_size=500,
    )
    rows = StudentSkill.objects.filter(student__in=students).values_list("student_id", "skill_id", "pk")
    keys = {(student, skill): pk for student, skill, pk in rows}
    Evidence.objects.bulk_create(
        [
            _evidence(cv, item, keys[cv.student_id, item.mention.skill], contested)
            for cv in cvs
            for item in found[cv.pk]
        ],
        batch_size=500,
    )
    unproven = StudentSkill.objects.filter(student__in=students, status=StudentSkill.Status.FOUND)
    unproven.filter(evidence__isnull=True).delete()


Contest = dict[tuple[int, str], datetime | None]


def _contested(students: Sequence[int]) -> Contest:
    """When which words were contested, by id of the student's skill and folded sentence."""
    rows = Evidence.objects.filter(student_skill__student__in=students, is_contested=True).select_related("cv")
    return {(row.student_skill_id, _same_words(row.sentence)): row.contested_at for row in rows}


def _same_words(sentence: str) -> str:
    return " ".join(fold(sentence).split())


def _evidence(cv: CV, item: Found, student_skill: int, contested: Contest) -> Evidence:
    _, start, end, sentence_start, sentence_end = item.mention
    key = (student_skill, _same_words(cv.text[sentence_start:sentence_end]))
    return Evidence(
        student_skill_id=student_skill,
        cv=cv,
        section=item.section,
        start=start,
        end=end,
        sentence_start=sentence_start,
        sentence_end=sentence_end,
        is_contested=key in contested,
        contested_at=contested.get(key),
    )

"""Everything that explains one pair, gathered: scored by the same function as the full run, quoted from both texts."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeVar

import scipy.sparse as sp
from django.db.models import OuterRef, QuerySet

from jobs.models import Job, JobSkill
from matching import corpus, encoded, explain, quotes, ranking
from matching.conditions import Condition, conditions
from matching.explain import Requirement, Shared, Summary
from matching.models import POINT, Match, Side
from matching.quotes import Quote
from matching.scoring import explanation
from matching.scoring.features import Features
from matching.scoring.model import FittedModel
from moirai.children import Children
from moirai.skills.models import Skill
from moirai.skills.near import near_to, occupations
from students.models import CV, Evidence, ProfileEntry, Student, StudentSkill

MOST_SHARED = 4  # occupations and words that a page shows
MOST_QUOTES = 2  # of one skill


@dataclass(frozen=True, slots=True)
class Gain:
    """What showing one more skill would add to this score."""

    requirement: Requirement
    points: int
    score: int


@dataclass(frozen=True, slots=True)
class Explanation:
    """All that a page says of one pair; ``summary`` holds the points, which add up to ``summary.points``."""

    student: Student
    job: Job
    summary: Summary
    occupations: Sequence[Shared]
    words: Sequence[Shared]
    conditions: Sequence[Condition]
    gains: Sequence[Gain]
    match: Match


Rows = TypeVar("Rows", bound=QuerySet[Any])
PERSON: dict[str, QuerySet[Any]] = {
    "current_cv": CV.objects.current(),
    "schools": ProfileEntry.objects.filter(kind="education"),
}


def with_person(rows: Rows, *, student: str = "pk") -> Rows:
    """Rows with what a page of one pair reads of the student (of that column), in the same query."""
    own = {name: children.filter(student=OuterRef(student)) for name, children in PERSON.items()}
    return rows.annotate(**{f"read_{name}": Children(children) for name, children in own.items()})


def unpack_person(row: Any, student: Student) -> None:
    """Hand the student what a row of ``with_person`` brought."""
    student.current_cv, student.schools = next(iter(row.read_current_cv), None), row.read_schools


@dataclass(frozen=True)
class Read:
    """One pair as the model sees it: a row of features each, with skills."""

    model: FittedModel
    mine: Features
    held: corpus.Skills
    theirs: Features
    wanted: corpus.Skills
    asked: dict[int, JobSkill]
    near: dict[int, set[int]]
    skills: dict[int, Skill]

    def explained(self) -> explanation.Explanation:
        """Points and what they are made of, by the scorer."""
        width = corpus.width_of([self.held, self.wanted])
        held, wanted = corpus.skill_matrix([self.held], width), corpus.skill_matrix([self.wanted], width)
        pairs = {(min(one, other), max(one, other)) for one, others in self.near.items() for other in others}
        near = corpus.near_matrix(width, of=sorted(pairs))
        return explanation.explain(self.model, self.mine, self.theirs, held, wanted, near)


def read(student: Student, job: Job, *, now: datetime) -> Read:
    """Encode what is not encoded yet and fetch both rows, with the skills that the posting asks for and those near."""
    model, found = encoded.serving_rows({Side.STUDENT: student.pk, Side.JOB: job.pk}, now=now)
    (mine, held), (theirs, wanted) = found[Side.STUDENT], found[Side.JOB]
    asked = asked_of([job.pk])[job.pk]
    near, skills = near_of(asked, also=wanted.keys())  # what was encoded may be older than what is asked
    return Read(model, mine, held, theirs, wanted, asked, near, skills)


def explain_pair(student: Student, job: Job, *, now: datetime, anonymous: bool = False) -> Explanation:
    """Explain the pair as it stands now. Raises ``modelstore.NoModelError`` before the first fit.

    anonymous : without what both texts share, which quotes the CV at large
    """
    pair = read(student, job, now=now)
    behind = pair.explained()
    match = ranking.match(student.pk, job.pk, behind.points, 0, 0, pair.model, now)
    cv = student.current_cv
    confidence = explain.confidence_of(job, asked=len(pair.asked), cv_words=cv.words if cv else None)
    found = explain.summary(
        match, held=pair.held, wanted=pair.asked, near=pair.near, skills=pair.skills, confidence=confidence
    )
    rows = quoted(found.rows, student=student, job=job, asked=pair.asked)
    found = replace(found, rows=rows)
    texts = Texts(cv, job)
    return Explanation(
        student=student,
        job=job,
        summary=found,
        occupations=[] if anonymous else shared_occupations(behind, pair.model, texts, points=found.occupation),
        words=[] if anonymous else shared_words(behind, texts, points=found.words),
        conditions=conditions(student, job),
        gains=gains(behind, found),
        match=match,
    )


def asked_of(job_ids: list[int]) -> dict[int, dict[int, JobSkill]]:
    """For each posting, its wanted skills by skill id."""
    asked: dict[int, dict[int, JobSkill]] = {job: {} for job in job_ids}
    rows = JobSkill.objects.asked().filter(job_id__in=job_ids).select_related("skill")
    rows = rows.only("job", "level", "start", "end", "skill__code", "skill__name_es", "skill__name_en")
    for row in rows.order_by("job_id", "skill_id"):
        asked[row.job_id][row.skill_id] = row
    return asked


def near_of(asked: dict[int, JobSkill], *, also: Collection[int] = ()) -> tuple[dict[int, set[int]], dict[int, Skill]]:
    """For each skill that is asked for (``also`` for others), those near it; and all of these skills by id."""
    ids = asked.keys() | set(also)
    near, skills = near_to(ids)
    return near, skills | {skill: row.skill for skill, row in asked.items()}


def quoted(rows: Sequence[Requirement], *, student: Student, job: Job, asked: dict[int, JobSkill]) -> list[Requirement]:
    """The rows with the posting's sentence that asks and the student's sentences that prove."""
    ids = {row.skill.pk for row in rows} | {row.via.pk for row in rows if row.via}
    own = Evidence.objects.filter(
        is_contested=False, student_skill__student=student, student_skill__skill__in=ids
    ).exclude(student_skill__status=StudentSkill.Status.REMOVED)
    proofs: dict[int, list[Quote]] = {}
    found = list(own.select_related("student_skill").order_by("start"))
    cvs = {student.current_cv.pk: student.current_cv} if student.current_cv else {}
    if older := {evidence.cv_id for evidence in found if evidence.cv_id} - cvs.keys():
        cvs |= CV.objects.in_bulk(list(older))
    for evidence in found:
        evidence.cv = cvs[evidence.cv_id] if evidence.cv_id else None
        proven = proofs.setdefault(evidence.student_skill.skill_id, [])
        if len(proven) < MOST_QUOTES:
            proven.append(evidence_quote(evidence))
    return [
        replace(
            row,
            asked=explain.asked_quote(job, asked[row.skill.pk]),
            proof=proofs.get((row.via or row.skill).pk, []) if row.state != explain.MISSING else [],
        )
        for row in rows
    ]


def evidence_quote(evidence: Evidence) -> Quote:
    return Quote(
        sentence=evidence.sentence,
        start=evidence.start - evidence.sentence_start,
        end=evidence.end - evidence.sentence_start,
        offset=evidence.sentence_start,
        section=evidence.section,
        page=evidence.cv.page_of(evidence.start) if evidence.cv else None,
        evidence_id=evidence.pk,
    )


class Texts:
    """What both say, to be quoted."""

    def __init__(self, cv: CV | None, job: Job) -> None:
        self.cv, self.job = cv, job
        self.mine, self.theirs = quotes.Passages(cv.text if cv else ""), quotes.Passages(job.text)


def shared_occupations(
    behind: explanation.Explanation, model: FittedModel, texts: Texts, *, points: int
) -> list[Shared]:
    """The occupations that both texts are about, by share of the part's points, with a sentence from each."""
    strongest = behind.occupations[:MOST_SHARED]
    codes = [model.occupation_ids[shared.index] for shared in strongest]
    rows = occupations(codes)
    found = []
    for shared, code, share in zip(strongest, codes, shares([one.share for one in strongest], points), strict=True):
        if code not in rows or not share:
            continue
        weights = weights_of(model.occupation_words[shared.index], model)
        mine = best(texts.mine, texts.cv.language, weights) if texts.cv else None
        theirs = best(texts.theirs, texts.job.language, weights)
        found.append(Shared(rows[code].title, "", share, mine, theirs))
    return found


def shared_words(behind: explanation.Explanation, texts: Texts, *, points: int) -> list[Shared]:
    """The words that both texts share, translated where the languages differ, each quoted from both."""
    found = []
    for shared in behind.words:
        own_language, _, own = shared.student_term.partition(":")
        language, _, stem = shared.posting_term.partition(":")
        mine = quotes.quote_word(texts.mine, own_language, own)
        theirs = quotes.quote_word(texts.theirs, language, stem)
        if mine and theirs:
            found.append((shared.share, mine, theirs))
    found = found[:MOST_SHARED]
    return [
        Shared(mine.sentence[mine.start : mine.end], theirs.sentence[theirs.start : theirs.end], share, mine, theirs)
        for share, (_, mine, theirs) in zip(shares([row[0] for row in found], points), found, strict=True)
        if share
    ]


def shares(parts: list[float], points: int) -> list[int]:
    """``points`` in proportion to the parts, whole numbers that add up."""
    total = sum(parts)
    return (
        explain.whole([round(points * POINT * part / total) for part in parts], points) if total else [0] * len(parts)
    )


def weights_of(row: sp.csr_matrix, model: FittedModel) -> dict[str, float]:
    """``language:stem`` -> weight of an occupation's words."""
    return {model.vocabulary.terms[column]: float(value) for column, value in zip(row.indices, row.data, strict=True)}


def best(text: quotes.Passages, language: str, weights: dict[str, float]) -> Quote | None:
    own = {term.partition(":")[2]: value for term, value in weights.items() if term.startswith(f"{language}:")}
    return quotes.best_sentence(text, language, own)


def gains(behind: explanation.Explanation, found: Summary) -> list[Gain]:
    """Each requirement that is not fully shown, with what showing it would add; the largest first, none of 0."""
    rows = {row.skill.pk: row for row in found.rows}
    gained = []
    for requirement in behind.requirements:
        score = (found.hundredths + requirement.missing + POINT // 2) // POINT
        if requirement.skill in rows and score > found.points:
            gained.append(Gain(rows[requirement.skill], score - found.points, score))
    return sorted(gained, key=lambda gain: (-gain.points, gain.requirement.skill.pk))

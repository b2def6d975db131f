"""Everything that explains one pair, gathered: scored by the same function as the full run, quoted from both texts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import scipy.sparse as sp
from django.db.models import Prefetch

from jobs.models import Job, JobSkill
from matching import corpus, encoded, explain, modelstore, quotes, ranking
from matching.conditions import Condition, conditions
from matching.explain import Requirement, Shared, Summary
from matching.models import POINT, Match, Side
from matching.quotes import Quote
from matching.scoring import explanation
from matching.scoring.features import Features
from matching.scoring.model import FittedModel
from moirai.skills.models import Occupation, Skill, SkillRelation
from students.models import CV, Evidence, Student, StudentSkill

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


@dataclass(frozen=True)
class Read:
    """One pair as the model sees it: a row of features each, with skills."""

    model: FittedModel
    mine: Features
    held: corpus.Skills
    theirs: Features
    wanted: corpus.Skills

    def explained(self) -> explanation.Explanation:
        """Points and what they are made of, by the scorer."""
        width = corpus.skill_width()
        held, wanted = corpus.skill_matrix([self.held], width), corpus.skill_matrix([self.wanted], width)
        return explanation.explain(self.model, self.mine, self.theirs, held, wanted, corpus.near_matrix(width))


def read(student: Student, job: Job, *, now: datetime) -> Read:
    """Encode what is not encoded yet and fetch both rows."""
    model = modelstore.serving_model()
    encoded.encode_missing(Side.STUDENT, [student.pk], model=model, now=now)
    encoded.encode_missing(Side.JOB, [job.pk], model=model, now=now)
    _, mine, held = encoded.rows(Side.STUDENT, [student.pk], model=model)
    _, theirs, wanted = encoded.rows(Side.JOB, [job.pk], model=model)
    return Read(model, mine, held[0], theirs, wanted[0])


def explain_pair(student: Student, job: Job, *, now: datetime) -> Explanation:
    """Explain the pair as it stands now. Raises ``modelstore.NoModelError`` before the first fit."""
    pair = read(student, job, now=now)
    behind = pair.explained()
    match = ranking.match(student.pk, job.pk, behind.points, 0, 0, pair.model, now)
    cv = CV.objects.filter(student=student, is_current=True).first()
    asked = asked_of([job.pk])[job.pk]
    near = near_of(asked)
    skills = skills_of(asked, near)
    confidence = explain.confidence_of(job, asked=len(asked), cv_words=quotes.words_in(cv.text) if cv else None)
    found = explain.summary(match, held=pair.held, wanted=asked, near=near, skills=skills, confidence=confidence)
    rows = quoted(found.rows, student=student, job=job, asked=asked)
    found = replace(found, rows=rows)
    return Explanation(
        student=student,
        job=job,
        summary=found,
        occupations=shared_occupations(behind, pair.model, cv, job, points=found.occupation),
        words=shared_words(behind, cv, job, points=found.words),
        conditions=conditions(student, job),
        gains=gains(behind, found),
        match=match,
    )


def asked_of(job_ids: list[int]) -> dict[int, dict[int, JobSkill]]:
    """For each posting, its wanted skills by skill id."""
    asked: dict[int, dict[int, JobSkill]] = {job: {} for job in job_ids}
    for row in JobSkill.objects.asked().filter(job_id__in=job_ids).order_by("job_id", "skill_id"):
        asked[row.job_id][row.skill_id] = row
    return asked


def near_of(skill_ids: dict[int, JobSkill] | set[int]) -> dict[int, set[int]]:
    """For each skill, the skills near it."""
    near: dict[int, set[int]] = {}
    for one, other in ((("lower_id", "upper_id"), "lower_id__in"), (("upper_id", "lower_id"), "upper_id__in")):
        for skill, neighbour in SkillRelation.objects.filter(**{other: list(skill_ids)}).values_list(*one):
            near.setdefault(skill, set()).add(neighbour)
    return near


def skills_of(asked: dict[int, JobSkill], near: dict[int, set[int]]) -> dict[int, Skill]:
    return Skill.objects.in_bulk([*asked, *{other for others in near.values() for other in others}])


def quoted(rows: Sequence[Requirement], *, student: Student, job: Job, asked: dict[int, JobSkill]) -> list[Requirement]:
    """The rows with the posting's sentence that asks and the student's sentences that prove."""
    ids = {row.skill.pk for row in rows} | {row.via.pk for row in rows if row.via}
    uncontested = Evidence.objects.filter(is_contested=False).select_related("cv").order_by("start")
    own = StudentSkill.objects.filter(student=student, skill_id__in=ids).exclude(status=StudentSkill.Status.REMOVED)
    proofs = {
        skill.skill_id: [evidence_quote(evidence) for evidence in skill.evidence.all()[:MOST_QUOTES]]
        for skill in own.prefetch_related(Prefetch("evidence", uncontested))
    }
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


def shared_occupations(
    behind: explanation.Explanation, model: FittedModel, cv: CV | None, job: Job, *, points: int
) -> list[Shared]:
    """The occupations that both texts are about, by share of the part's points, with a sentence from each."""
    strongest = behind.occupations[:MOST_SHARED]
    codes = [model.occupation_ids[shared.index] for shared in strongest]
    rows = Occupation.objects.in_bulk(codes, field_name="code")
    found = []
    for shared, code, share in zip(strongest, codes, shares([one.share for one in strongest], points), strict=True):
        if code not in rows or not share:
            continue
        weights = weights_of(model.occupation_words[shared.index], model)
        mine = best(cv.text, cv.language, weights) if cv else None
        found.append(Shared(rows[code].title, "", share, mine, best(job.text, job.language, weights)))
    return found


def shared_words(behind: explanation.Explanation, cv: CV | None, job: Job, *, points: int) -> list[Shared]:
    """The words that both texts share, translated where the languages differ, each quoted from both."""
    if cv is None:
        return []
    found = []
    for shared in behind.words:
        own_language, _, own = shared.student_term.partition(":")
        language, _, stem = shared.posting_term.partition(":")
        mine, theirs = quotes.quote_word(cv.text, own_language, own), quotes.quote_word(job.text, language, stem)
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


def best(text: str, language: str, weights: dict[str, float]) -> Quote | None:
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

"""Matches as lists show them: a page of rows with their summaries, in a constant number of queries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from jobs.models import Job
from matching import corpus, explain, quotes
from matching.explain import Summary
from matching.models import Match
from matching.pair import asked_of, near_of, skills_of
from students.models import CV, Evidence, Student, StudentSkill

NEW_FOR = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Card:
    """One match with what a list shows of it."""

    match: Match
    summary: Summary
    is_new: bool = False


@dataclass(frozen=True, slots=True)
class Profile:
    """The box beside a student's matches."""

    cv: CV | None
    skills: int
    to_review: int


def of_student(student: Student, matches: list[Match], *, now: datetime) -> list[Card]:
    """Cards of one student's matches; the postings and companies must have been read with them."""
    asked = asked_of([match.job_id for match in matches])
    wanted = {skill: row for rows in asked.values() for skill, row in rows.items()}
    near = near_of(wanted)
    skills = skills_of(wanted, near)
    held = corpus.skills_of("student", [student.pk]).get(student.pk, {})
    words = words_of_cvs([student.pk]).get(student.pk)
    return [
        Card(
            match,
            explain.summary(
                match,
                held=held,
                wanted=asked[match.job_id],
                near=near,
                skills=skills,
                confidence=explain.confidence_of(match.job, asked=len(asked[match.job_id]), cv_words=words),
            ),
            is_new=match.job.published_at is not None and now - match.job.published_at < NEW_FOR,
        )
        for match in matches
    ]


def of_job(job: Job, matches: list[Match]) -> list[Card]:
    """Cards of one posting's matches, one for each student."""
    asked = asked_of([job.pk])[job.pk]
    near = near_of(asked)
    skills = skills_of(asked, near)
    ids = [match.student_id for match in matches]
    held, words = corpus.skills_of("student", ids), words_of_cvs(ids)
    return [
        Card(
            match,
            explain.summary(
                match,
                held=held.get(match.student_id, {}),
                wanted=asked,
                near=near,
                skills=skills,
                confidence=explain.confidence_of(job, asked=len(asked), cv_words=words.get(match.student_id)),
            ),
        )
        for match in matches
    ]


def words_of_cvs(student_ids: list[int]) -> dict[int, int]:
    """How many words each student's current CV has; students without one are absent."""
    rows = CV.objects.filter(student_id__in=student_ids, is_current=True).values_list("student_id", "text")
    return {student: quotes.words_in(text) for student, text in rows}


def profile_of(student: Student) -> Profile:
    """Current CV, number of skills shown, and how many the student has not looked at."""
    shown = StudentSkill.objects.filter(student=student).exclude(status=StudentSkill.Status.REMOVED)
    proven = shown.filter(pk__in=Evidence.objects.filter(is_contested=False).values("student_skill"))
    return Profile(
        cv=CV.objects.filter(student=student, is_current=True).first(),
        skills=proven.count(),
        to_review=proven.filter(status=StudentSkill.Status.FOUND).count(),
    )

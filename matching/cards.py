"""Matches as lists show them: a page of rows with their summaries, in a constant number of queries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from jobs.models import Job, JobSkill
from matching import corpus, explain
from matching.explain import Summary
from matching.models import Match
from matching.pair import asked_of, near_of
from students.held import WEIGHTS
from students.models import CV, Evidence, Student, StudentSkill

NEW_FOR = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Card:
    """One match with what a list shows of it."""

    match: Match
    summary: Summary
    is_new: bool = False

    @property
    def job(self) -> Job:
        """The posting, saying whether it is saved where the match knows."""
        if hasattr(self.match, "is_saved"):
            self.match.job.is_saved = self.match.is_saved
        return self.match.job


@dataclass(frozen=True, slots=True)
class Profile:
    """The box beside a student's matches."""

    cv: CV | None
    held: corpus.Skills
    to_review: int

    @property
    def skills(self) -> int:
        """How many are shown."""
        return len(self.held)


def of_student(
    student: Student,
    matches: list[Match],
    *,
    now: datetime,
    profile: Profile | None = None,
    asked: dict[int, dict[int, JobSkill]] | None = None,
) -> list[Card]:
    """Cards of one student's matches; the postings and companies must have been read with them.

    asked : as from ``asked_of``, where it has been read already
    profile : the box beside them, where it has been read already
    """
    if not matches:
        return []
    asked = asked_of([match.job_id for match in matches]) if asked is None else asked
    wanted = {skill: row for rows in asked.values() for skill, row in rows.items()}
    near, skills = near_of(wanted)
    if profile is None:
        held, words = corpus.skills_of("student", [student.pk])[student.pk], words_of_cvs([student.pk]).get(student.pk)
    else:
        held, words = profile.held, profile.cv.words if profile.cv else None
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
    near, skills = near_of(asked)
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
    return dict(CV.objects.current().filter(student__in=student_ids).values_list("student_id", "words"))


def profile_of(student: Student) -> Profile:
    """Current CV, number of skills shown, and how many the student has not looked at."""
    shown = StudentSkill.objects.filter(student=student, status__in=WEIGHTS)
    proven = shown.filter(pk__in=Evidence.objects.filter(is_contested=False).values("student_skill"))
    statuses = dict(proven.values_list("skill_id", "status"))
    return Profile(
        cv=CV.objects.current().filter(student=student).defer("text", "original_name").first(),
        held={skill: WEIGHTS[StudentSkill.Status(status)] for skill, status in statuses.items()},
        to_review=list(statuses.values()).count(StudentSkill.Status.FOUND),
    )

"""Applications of the demo in every stage, moved by the pipeline that people use."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random
from typing import Any

from jobs.apply import apply, current_cv
from jobs.models import Application, Job
from jobs.pipeline import Side, move
from matching.demo.content import Content
from matching.demo.cvs import Person
from matching.demo.postings import Posting
from moirai.accounts.models import User
from students.models import Student

S = Application.Status
ANSWERING = ("Banca Sierra", "Nopal Labs")  # these two have answered often enough to say how long it takes
ANSWERS = (S.REJECTED, S.IN_REVIEW, S.INTERVIEW, S.REJECTED, S.ACCEPTED, S.IN_REVIEW, S.INTERVIEW, S.REJECTED)
ANSWERED, UNANSWERED = 12, 3
OTHERS = (S.SENT, S.SEEN, S.IN_REVIEW, S.INTERVIEW, S.WITHDRAWN, S.SENT, S.REJECTED, S.ACCEPTED)
NOTES = {S.IN_REVIEW: "review", S.INTERVIEW: "interview", S.ACCEPTED: "accepted", S.REJECTED: "rejected"}
LEFT_FOR_THE_VISITOR = ("Ximena Rojas", "Analista de datos jr. (prácticas profesionales)")

Sides = list[tuple[Person, Student]]
Offers = list[tuple[Posting, Job]]


def make_applications(content: Content, *, students: Sides, jobs: Offers, seed: int, now: datetime) -> int:
    """Apply and answer; returns how many applications there are."""
    draw = Random(f"{seed}:applications")  # noqa: S311 - believable, not secret
    recent = now - timedelta(days=2)
    offers = [(posting, job) for posting, job in jobs if job.is_open(at=now) and (job.published_at or now) < recent]
    plans = [*_answered(students, offers), *_scattered(students, offers)]
    done: set[tuple[int, int]] = set()
    for student, job, status in plans:
        if (student.pk, job.pk) not in done:
            done.add((student.pk, job.pk))
            _one(student, job, status, content.people, draw, now)
    return len(done)


def _answered(students: Sides, offers: Offers) -> Iterator[tuple[Student, Job, S]]:
    """Students of fitting programmes at the two companies that answer."""
    for company in ANSWERING:
        pairs = [
            (posting.field != person.field, student, job)
            for posting, job in offers
            if posting.company == company
            for person, student in students
            if person.field in _near(posting, offers) and (person.name, job.title) != LEFT_FOR_THE_VISITOR
        ]
        pairs.sort(key=lambda pair: pair[0])  # those of the posting's own programme first
        for place, (_, student, job) in enumerate(pairs[: ANSWERED + UNANSWERED]):
            yield student, job, ANSWERS[place % len(ANSWERS)] if place < ANSWERED else S.SENT


def _near(posting: Posting, offers: Offers) -> set[str]:
    """Programmes that the posting's company hires from."""
    return {other.field for other, _ in offers if other.company == posting.company}


def _scattered(students: Sides, offers: Offers) -> Iterator[tuple[Student, Job, S]]:
    """One or two applications of most students, in turn in each stage; three of a hero."""
    by_field: dict[str, list[Job]] = defaultdict(list)
    for posting, job in offers:
        if posting.company not in ANSWERING:
            by_field[posting.field].append(job)
    turn = 0
    for number, (person, student) in enumerate(students):
        for job in by_field[person.field][: 3 if person.is_hero else number % 3]:
            yield student, job, OTHERS[turn % len(OTHERS)]
            turn += 1


def _one(student: Student, job: Job, status: S, people: dict[str, Any], draw: Random, now: datetime) -> None:
    published = job.published_at or now
    span = now - published
    sent = published + span * draw.uniform(0.05, 0.4)
    message = draw.choice(people["messages"])
    application, _ = apply(student=student, job=job, cv=current_cv(student), message=message, now=sent)
    if status == S.SENT:
        return
    # Most companies of the demo have no recruiter who signs in; the careers office notes what they answer.
    actor = User.objects.filter(recruiter__company=job.company_id).first() or User.objects.filter(role="staff").first()
    seen = sent + span * draw.uniform(0.05, 0.2)
    move(application=application, to=S.SEEN, actor=actor, side=Side.COMPANY, now=seen)
    if status == S.SEEN:
        return
    answered = seen + span * draw.uniform(0.05, 0.35)
    if status == S.WITHDRAWN:
        move(application=application, to=status, actor=student.user, side=Side.STUDENT, now=answered)
        return
    if status in (S.INTERVIEW, S.ACCEPTED):
        middle = seen + (answered - seen) / 2
        note = draw.choice(people["notes_review"])
        move(application=application, to=S.IN_REVIEW, actor=actor, side=Side.COMPANY, now=middle, note=note)
    note = draw.choice(people[f"notes_{NOTES[status]}"])
    move(application=application, to=status, actor=actor, side=Side.COMPANY, now=answered, note=note)

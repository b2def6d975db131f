"""A survey of graduates: opened for a cohort, told once and reminded once, answered by link until it closes."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.core import signing
from django.db import IntegrityError, transaction
from django.utils import timezone

from moirai.accounts.models import User
from moirai.crypto.fields import seal
from students.models import OutcomeAnswer, OutcomeSurvey, Student
from students.signals import outcome_asked

SALT = "students.survey"
AT_ONCE = 500
ANSWERS = ("is_working", "is_studying", "through_moirai", "months_to_job", "place")
Status = OutcomeAnswer.Status


class SurveyNotPossibleError(Exception):
    """The cohort is being asked already, nobody of it has an account, or the survey has closed."""


@transaction.atomic
def open_survey(
    *,
    degree_program: str,
    graduation_year: int,
    closes_on: date,
    remind_on: date | None,
    by: User | None,
    now: datetime,
) -> OutcomeSurvey:
    """A row for everybody of the cohort who can be asked; they are told by `tell_graduates`."""
    cohort = Student.objects.filter(degree_program=degree_program, graduation_year=graduation_year)
    reachable = cohort.filter(user__is_active=True, restricted_since__isnull=True)
    same = {"degree_program": degree_program, "graduation_year": graduation_year}
    if OutcomeSurvey.objects.open(on=timezone.localdate(now)).filter(**same).exists():
        raise SurveyNotPossibleError("open")
    ids = list(reachable.order_by("pk").values_list("pk", flat=True))
    if not ids:
        raise SurveyNotPossibleError("nobody")
    survey = OutcomeSurvey(**same, closes_on=closes_on, remind_on=remind_on, created_at=now, created_by=by)
    try:
        with transaction.atomic():
            survey.save()
    except IntegrityError as error:  # sent twice at the same moment
        raise SurveyNotPossibleError("open") from error
    OutcomeAnswer.objects.bulk_create([OutcomeAnswer(survey=survey, student_id=pk) for pk in ids], batch_size=1000)
    return survey


def tell_graduates(*, now: datetime) -> int:
    """Invite who was not invited and remind who is due, at most ``AT_ONCE`` of each; returns how many were told."""
    on = timezone.localdate(now)
    told = 0
    for is_reminder, mark in ((False, "invited_at"), (True, "reminded_at")):
        due = OutcomeAnswer.objects.to_remind(on=on) if is_reminder else OutcomeAnswer.objects.to_invite(on=on)
        for pk in list(due.order_by("pk").values_list("pk", flat=True)[:AT_ONCE]):
            with transaction.atomic():
                unmarked = OutcomeAnswer.objects.filter(pk=pk, **{f"{mark}__isnull": True})
                if unmarked.update(**{mark: now}):  # nobody else tells this person
                    outcome_asked.send(OutcomeAnswer, answer_id=pk, is_reminder=is_reminder, at=now)
                    told += 1
    return told


def token_of(row: OutcomeAnswer) -> str:
    """What the link carries: signed; it opens nothing once the survey has closed."""
    return signing.Signer(salt=SALT).sign(row.public_id)


def row_of(token: str) -> OutcomeAnswer | None:
    """The row behind a link; None for a forged one, and once the person is gone."""
    try:
        public_id = signing.Signer(salt=SALT).unsign(token)
    except signing.BadSignature:
        return None
    return OutcomeAnswer.objects.select_related("survey", "student").filter(public_id=public_id).first()


@transaction.atomic
def answer(*, row: OutcomeAnswer, answers: dict[str, Any], now: datetime) -> None:
    """Keep an answer in the place of the one before."""
    _write(
        row, Status.ANSWERED, {name: answers.get(name) for name in ANSWERS} | {"place": answers.get("place") or ""}, now
    )


@transaction.atomic
def decline(*, row: OutcomeAnswer, now: datetime) -> None:
    """Take no part; an answer given before is deleted."""
    _write(row, Status.DECLINED, dict.fromkeys(ANSWERS) | {"place": ""}, now)


def _write(row: OutcomeAnswer, status: str, values: dict[str, Any], now: datetime) -> None:
    locked = OutcomeAnswer.objects.select_for_update(of=["self"]).select_related("survey", "student").get(pk=row.pk)
    if not locked.is_open(on=timezone.localdate(now)):
        raise SurveyNotPossibleError("closed")
    OutcomeAnswer.objects.filter(pk=row.pk).update(**seal(locked, status=status, answered_at=now, **values))

"""Interview dates: a company proposes up to three, the student picks one, both keep it in their calendars."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from django.db import transaction
from django.db.models import prefetch_related_objects

from jobs import pipeline
from jobs.models import Application, Interview, Side
from jobs.pipeline import NotAllowedError, S
from jobs.signals import interview_changed
from moirai.accounts.models import User

SLOTS = 3


class GoneError(Exception):
    """The dates were changed, taken back, or have passed since the page was shown."""


def interviews_of(application: Application) -> list[Interview]:
    """All interviews, oldest first; read once for a page that asks several times."""
    prefetch_related_objects([application], "interviews")
    return sorted(application.interviews.all(), key=lambda row: row.pk)


def interview_of(application: Application) -> Interview | None:
    """The interview that stands, else the last one that was cancelled."""
    rows = interviews_of(application)[::-1]
    return next((row for row in rows if row.status != Interview.Status.CANCELLED), rows[0] if rows else None)


@transaction.atomic
def propose(
    *, application: Application, slots: Sequence[datetime], minutes: int, place: str, actor: User, now: datetime
) -> Interview:
    """Offer dates, or change those that stand; the application moves to the interview if it is not there."""
    row = Application.objects.select_for_update().get(pk=application.pk)
    if row.is_ended:
        raise NotAllowedError
    if row.status != S.INTERVIEW:
        pipeline.move(application=row, to=S.INTERVIEW, actor=actor, side=Side.COMPANY, now=now, is_told=False)
    texts = [slot.astimezone(UTC).isoformat() for slot in sorted(set(slots))][:SLOTS]
    offered = {"slots": texts, "minutes": minutes, "place": place.strip()}
    interview = Interview.objects.select_for_update().live().filter(application=row).first()
    if interview is None:
        interview = Interview(application=row, proposed_at=now)
    elif all(getattr(interview, name) == value for name, value in offered.items()):  # sent twice
        return interview
    else:
        interview.sequence += 1
    for name, value in offered.items():
        setattr(interview, name, value)
    interview.status, interview.starts_at, interview.updated_at = Interview.Status.PROPOSED, None, now
    interview.save()
    interview_changed.send(sender=Interview, interview_id=interview.pk, side=Side.COMPANY)
    return interview


@transaction.atomic
def pick(*, interview: Interview, slot: datetime, now: datetime) -> Interview:
    """The student takes one of the dates; another one may be taken later, while it stands."""
    row = Interview.objects.select_for_update().get(pk=interview.pk)
    if row.status == Interview.Status.CANCELLED or slot not in row.moments or slot <= now:
        raise GoneError
    if row.starts_at != slot:
        row.sequence += row.starts_at is not None
        row.status, row.starts_at, row.updated_at = Interview.Status.AGREED, slot, now
        row.save()
        interview_changed.send(sender=Interview, interview_id=row.pk, side=Side.STUDENT)
    return row


@transaction.atomic
def cancel(*, interview: Interview, side: Side, now: datetime) -> None:
    """Take the interview back; the application stays where it is."""
    if Interview.objects.filter(pk=interview.pk).cancel(at=now):
        interview_changed.send(sender=Interview, interview_id=interview.pk, side=side)

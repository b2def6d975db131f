"""The way of an application, who may move it where, and the record of each step."""

from __future__ import annotations

from datetime import datetime
from enum import Enum

from django.db import transaction

from jobs.models import Application, ApplicationEvent
from jobs.signals import application_moved
from moirai.accounts.models import User

S = Application.Status


class Side(Enum):
    STUDENT = "student"
    COMPANY = "company"


#: From a status to those that each side may move it to; a status that is not a key is the end of the way.
TRANSITIONS: dict[Side, dict[str, tuple[S, ...]]] = {
    Side.COMPANY: {
        S.SENT: (S.SEEN, S.IN_REVIEW, S.INTERVIEW, S.ACCEPTED, S.REJECTED),
        S.SEEN: (S.IN_REVIEW, S.INTERVIEW, S.ACCEPTED, S.REJECTED),
        S.IN_REVIEW: (S.INTERVIEW, S.ACCEPTED, S.REJECTED),
        S.INTERVIEW: (S.IN_REVIEW, S.ACCEPTED, S.REJECTED),
        S.REJECTED: (S.IN_REVIEW,),  # a refusal may be taken back
    },
    Side.STUDENT: dict.fromkeys((S.SENT, S.SEEN, S.IN_REVIEW, S.INTERVIEW, S.ACCEPTED), (S.WITHDRAWN,)),
}


class NotAllowedError(Exception):
    """This side may not move the application there from where it is now."""


class ReasonMissingError(Exception):
    """A refusal needs a reason, because the student reads it."""


def next_statuses(application: Application, *, side: Side) -> tuple[S, ...]:
    """Where this side may move the application; ``SEEN`` happens by looking, so no form offers it."""
    return tuple(status for status in TRANSITIONS[side].get(application.status, ()) if status != S.SEEN)


@transaction.atomic
def move(
    *, application: Application, to: str, actor: User | None, side: Side, now: datetime, note: str = ""
) -> ApplicationEvent | None:
    """Move an application and record it; moved there already, nothing happens and None returns."""
    row = Application.objects.select_for_update().get(pk=application.pk)
    if row.status == to:
        return None
    if to not in TRANSITIONS[side].get(row.status, ()):
        raise NotAllowedError
    if to == S.REJECTED and not note.strip():
        raise ReasonMissingError
    row.status, row.updated_at = to, now
    row.save(update_fields=["status", "updated_at"])
    application.status, application.updated_at = to, now
    return record(application=row, actor=actor, note=note.strip(), now=now)


def record(*, application: Application, actor: User | None, note: str, now: datetime) -> ApplicationEvent:
    """One line of the timeline, announced; call it inside the transaction that moved the application."""
    event = ApplicationEvent.objects.create(
        application=application, status=application.status, actor=actor, note=note, at=now
    )
    application_moved.send(sender=Application, application_id=application.pk, event_id=event.pk)
    return event


def mark_seen(*, application: Application, actor: User, now: datetime) -> None:
    """A recruiter opened the application; only the first look moves it."""
    if application.status == S.SENT:
        try:
            move(application=application, to=S.SEEN, actor=actor, side=Side.COMPANY, now=now)
        except NotAllowedError:  # moved or withdrawn since the page was asked for
            application.refresh_from_db(fields=["status", "updated_at"])

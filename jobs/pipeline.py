"""The way of an application, who may move it where, and the record of each step."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from jobs.models import Application, ApplicationEvent, Interview
from jobs.models import Side as Side  # who moves; callers name it with the moves
from jobs.signals import application_moved, interview_changed
from moirai.accounts.audit import record as record_look
from moirai.accounts.models import AuditEvent, User

S = Application.Status
REVEALING = (S.INTERVIEW, S.ACCEPTED)  # from here on a blind review has names
BULK = (S.IN_REVIEW, S.INTERVIEW)  # nobody is accepted or refused in a crowd
CROWD = 100  # applications that one request moves

#: From a status to those that each side may move it to; a status that is not a key is the end of the way.
TRANSITIONS: dict[Side, dict[str, tuple[S, ...]]] = {
    Side.COMPANY: {
        S.SENT: (S.SEEN, S.IN_REVIEW, S.INTERVIEW, S.ACCEPTED, S.REJECTED),
        S.SEEN: (S.IN_REVIEW, S.INTERVIEW, S.ACCEPTED, S.REJECTED),
        S.IN_REVIEW: (S.INTERVIEW, S.ACCEPTED, S.REJECTED),
        S.INTERVIEW: (S.IN_REVIEW, S.ACCEPTED, S.REJECTED),
        S.REJECTED: (S.IN_REVIEW,),  # a refusal may be taken back
        S.NO_ANSWER: (S.IN_REVIEW, S.REJECTED),  # late is better than never
    },
    Side.STUDENT: dict.fromkeys((S.SENT, S.SEEN, S.IN_REVIEW, S.INTERVIEW, S.ACCEPTED, S.NO_ANSWER), (S.WITHDRAWN,)),
    Side.CLOCK: dict.fromkeys((S.SENT, S.SEEN), (S.NO_ANSWER,)),
}


class NotAllowedError(Exception):
    """This side may not move the application there from where it is now."""


class ReasonMissingError(Exception):
    """A refusal needs a reason, because the student reads it."""


def next_statuses(application: Application, *, side: Side) -> tuple[S, ...]:
    """Where this side may move the application; ``SEEN`` happens by looking, so no form offers it."""
    return tuple(status for status in TRANSITIONS[side].get(application.status, ()) if status != S.SEEN)


def is_stale(status: str, expected: str) -> bool:
    """Whether the page that expected a status is out of date; being looked at meanwhile does not count."""
    return bool(expected) and expected != status and (expected, status) != (S.SENT, S.SEEN)


@transaction.atomic
def move(
    *,
    application: Application,
    to: str,
    actor: User | None,
    side: Side,
    now: datetime,
    note: str = "",
    expected: str = "",
    is_told: bool = True,
) -> ApplicationEvent | None:
    """Move an application and record it; moved there already, nothing happens and None returns.

    With ``expected``, the status that the page showed, whoever comes second learns of it by ``NotAllowedError``.
    Without ``is_told`` nobody is told, because what moved it (a message, an interview) is told by itself.
    """
    row = Application.objects.select_for_update().get(pk=application.pk)
    if row.status == to:
        return None
    if is_stale(row.status, expected) or to not in TRANSITIONS[side].get(row.status, ()):
        raise NotAllowedError
    if to == S.REJECTED and actor is None:  # nobody is refused by a number or a clock
        raise NotAllowedError
    if to == S.REJECTED and not note.strip():
        raise ReasonMissingError
    row.status, row.updated_at = to, now
    if to in REVEALING and row.revealed_at is None:
        row.revealed_at = now
    if side == Side.COMPANY and to != S.SEEN:
        row.news_due_at = None
    row.save(update_fields=["status", "updated_at", "revealed_at", "news_due_at"])
    if row.is_ended:
        _cancel_interview(row, side=side, now=now)
    for name in ("status", "updated_at", "revealed_at", "news_due_at"):
        setattr(application, name, getattr(row, name))
    return record(application=row, actor=actor, note=note.strip(), now=now, is_told=is_told)


def _cancel_interview(application: Application, *, side: Side, now: datetime) -> None:
    """What has ended meets nobody. A company learns it here, since nobody is told of a withdrawal."""
    for interview in Interview.objects.live().filter(application=application):
        Interview.objects.filter(pk=interview.pk).cancel(at=now)
        if side == Side.STUDENT:
            interview_changed.send(sender=Interview, interview_id=interview.pk, side=side)


def record(
    *, application: Application, actor: User | None, note: str, now: datetime, is_told: bool = True
) -> ApplicationEvent:
    """One line of the timeline, announced; call it inside the transaction that moved the application."""
    event = ApplicationEvent.objects.create(
        application=application, status=application.status, actor=actor, note=note, at=now
    )
    application_moved.send(sender=Application, application_id=application.pk, event_id=event.pk, is_told=is_told)
    return event


def mark_seen(*, application: Application, actor: User, now: datetime) -> None:
    """A recruiter opened the application; only the first look moves it."""
    if application.status == S.SENT:
        try:
            move(application=application, to=S.SEEN, actor=actor, side=Side.COMPANY, now=now)
        except NotAllowedError:  # moved or withdrawn since the page was asked for
            application.refresh_from_db(fields=["status", "updated_at"])


@dataclass(frozen=True)
class Moved:
    """How many applications of a crowd were moved, and how many could not be."""

    done: int
    left: int


def move_many(*, applications: Iterable[Application], to: str, actor: User, now: datetime) -> Moved:
    """Move a crowd on, each application by itself; those that cannot go there stay where they are."""
    if to not in BULK:
        raise NotAllowedError
    done = left = 0
    for application in applications:
        try:
            move(application=application, to=to, actor=actor, side=Side.COMPANY, now=now)
            done += 1
        except NotAllowedError:
            left += 1
    return Moved(done, left)


@transaction.atomic
def reveal(*, application: Application, actor: User, company: str, now: datetime) -> bool:
    """End the blind review of one application; the student reads who did it. False where the name was shown before."""
    shown = Application.objects.filter(pk=application.pk, revealed_at__isnull=True).update(revealed_at=now)
    if shown:
        record_look(
            action=AuditEvent.Action.NAME_REVEALED,
            actor=actor,
            subject=application.student.public_id,
            thing=f"application:{application.public_id}",
            on_behalf_of=company,
            at=now,
        )
    return bool(shown)

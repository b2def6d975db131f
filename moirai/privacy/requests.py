"""Requests of people about their data: each with a due date, an end, and lines of the ledger."""

from __future__ import annotations

from datetime import datetime
from typing import TypeAlias

from django.conf import settings
from django.db import transaction

from moirai.accounts.audit import record
from moirai.accounts.models import AuditEvent, User
from moirai.privacy.dates import after_working_days
from moirai.privacy.models import PrivacyRequest
from moirai.privacy.registry import holdings, subject_of
from moirai.privacy.signals import request_closed

Kind: TypeAlias = PrivacyRequest.Kind
Outcome: TypeAlias = PrivacyRequest.Outcome


@transaction.atomic
def ask(*, user: User, kind: Kind, text: str, about: str, now: datetime) -> tuple[PrivacyRequest, bool]:
    """Put a request before staff, due in the days the law gives; the one that is open already is not doubled."""
    due = after_working_days(now, settings.PRIVACY_ANSWER_WORKING_DAYS)
    request, is_new = PrivacyRequest.objects.get_or_create(
        user=user,
        kind=kind,
        about=about,
        closed_at=None,
        defaults={"subject": subject_of(user), "text": text, "asked_at": now, "due_at": due},
    )
    if is_new:
        _write_down(AuditEvent.Action.ASKED, request, actor=user, now=now)
    return request, is_new


@transaction.atomic
def close(*, request: PrivacyRequest, by: User, outcome: Outcome, answer: str, now: datetime) -> bool:
    """Answer a request that is open; False where it is closed already."""
    row = PrivacyRequest.objects.select_for_update(of=("self",)).get(pk=request.pk)
    if row.closed_at is not None:
        return False
    row.outcome, row.answer, row.closed_at, row.closed_by = outcome, answer, now, by
    row.save(update_fields=["outcome", "answer", "closed_at", "closed_by"])
    _write_down(AuditEvent.Action.ANSWERED, row, actor=by, now=now)
    request_closed.send(PrivacyRequest, request_id=row.pk)
    return True


@transaction.atomic
def take_back(*, user: User, kinds: tuple[str, ...], now: datetime) -> int:
    """The person wants none of these any more."""
    return (
        PrivacyRequest.objects.open()
        .filter(user=user, kind__in=kinds)
        .update(outcome=Outcome.TAKEN_BACK, closed_at=now)
    )


def note_answered_at_once(*, user: User, kind: Kind, now: datetime) -> PrivacyRequest:
    """What the site itself does while the person waits is a request too, with its date."""
    return PrivacyRequest.objects.create(
        user=user, subject=subject_of(user), kind=kind, asked_at=now, due_at=now, closed_at=now, outcome=Outcome.DONE
    )


@transaction.atomic
def restrict(*, user: User, now: datetime) -> None:
    """Keep everything and do nothing with it: no matching, no company; holds from the next request on."""
    if restricted_since(user) is None:
        for holding in holdings():
            holding.restrict(user, now)
        note_answered_at_once(user=user, kind=Kind.RESTRICT, now=now)
        record(action=AuditEvent.Action.RESTRICTED, actor=user, subject=subject_of(user), at=now)


@transaction.atomic
def lift(*, user: User, now: datetime) -> None:
    if restricted_since(user) is not None:
        for holding in holdings():
            holding.lift(user, now)
        record(action=AuditEvent.Action.LIFTED, actor=user, subject=subject_of(user), at=now)


def restricted_since(user: User) -> datetime | None:
    return next(filter(None, (holding.restricted_since(user) for holding in holdings())), None)


def _write_down(action: AuditEvent.Action, request: PrivacyRequest, *, actor: User, now: datetime) -> None:
    record(action=action, actor=actor, subject=request.subject, thing=f"request:{request.pk}", at=now)

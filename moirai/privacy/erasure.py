"""Erasing a person: closed to everybody at once, erased when the delay is over."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from moirai.accounts.audit import record
from moirai.accounts.models import AuditEvent, User
from moirai.privacy.models import ErasureRequest
from moirai.privacy.registry import holdings, subject_of


@transaction.atomic
def ask(*, user: User, now: datetime) -> ErasureRequest:
    """Close the account, hide what it shows, sign it out everywhere; asked twice, nothing more happens."""
    user = User.objects.select_for_update().get(pk=user.pk)
    due = now + timedelta(days=settings.ERASE_AFTER_DAYS)
    subject = subject_of(user)
    request, is_new = ErasureRequest.objects.get_or_create(
        user=user, defaults={"subject": subject, "asked_at": now, "due_at": due}
    )
    if is_new:
        user.is_active = False
        user.save(update_fields=["is_active"])
        for holding in holdings():
            holding.block(user)
        record(action=AuditEvent.Action.ERASURE_ASKED, actor=user, subject=subject, at=now)
    return request


@transaction.atomic
def erase(*, request: ErasureRequest, now: datetime) -> None:
    """Delete every row and file that the apps hold, then the account; the request stays with the opaque id."""
    request = ErasureRequest.objects.select_for_update(of=("self",)).get(pk=request.pk)
    if request.erased_at is not None:
        return
    user = request.user
    if user is not None:
        for holding in holdings():
            holding.erase(user)
        user.delete()
    ErasureRequest.objects.filter(pk=request.pk).update(erased_at=now)
    record(action=AuditEvent.Action.ERASED, actor=None, subject=request.subject, at=now)

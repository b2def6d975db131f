"""Erasing a person: closed to everybody at once, erased when the delay is over."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from traceback import extract_tb

from django.conf import settings
from django.db import connection, transaction

from moirai.accounts.audit import record
from moirai.accounts.models import AuditEvent, User
from moirai.crypto.keys import destroy
from moirai.privacy.models import PrivacyRequest
from moirai.privacy.registry import forget_in_admin_log, holdings, subject_of

logger = logging.getLogger(__name__)
Kind, Outcome = PrivacyRequest.Kind, PrivacyRequest.Outcome


@transaction.atomic
def ask(*, user: User, now: datetime) -> PrivacyRequest:
    """Close the account, hide what it shows, sign it out everywhere; asked twice, nothing more happens."""
    user = User.objects.select_for_update().get(pk=user.pk)
    due = now + timedelta(days=settings.ERASE_AFTER_DAYS)
    subject = subject_of(user)
    request, is_new = PrivacyRequest.objects.get_or_create(
        user=user,
        kind=Kind.ERASE,
        about="",
        closed_at=None,
        defaults={"subject": subject, "asked_at": now, "due_at": due},
    )
    if is_new:
        user.is_active = False
        user.save(update_fields=["is_active"])
        for holding in holdings():
            holding.block(user, now)
        record(action=AuditEvent.Action.ERASURE_ASKED, actor=user, subject=subject, at=now)
    return request


@transaction.atomic
def erase(*, request: PrivacyRequest, now: datetime) -> None:
    """Forget the person; the request stays with the opaque id. Ended half way, it is simply done again."""
    request = PrivacyRequest.objects.select_for_update(of=("self",)).get(pk=request.pk)
    if request.closed_at is not None:
        return
    if request.user is not None:
        forget(request.user, now=now)
        record(action=AuditEvent.Action.ERASED, actor=None, subject=request.subject, at=now)
    PrivacyRequest.objects.filter(pk=request.pk).update(outcome=Outcome.DONE, closed_at=now)


def forget(user: User, *, now: datetime) -> None:
    """Every row and file that the apps hold, what the admin's log says of them, the account, and last the key:
    what older copies of the database hold can be read no more.
    """
    forget_in_admin_log(user)
    mine = PrivacyRequest.objects.filter(user=user)
    mine.open().exclude(kind__in=PrivacyRequest.ENDS_IN_ERASURE).update(outcome=Outcome.TAKEN_BACK, closed_at=now)
    mine.update(text="", answer="")
    for holding in holdings():
        holding.erase(user, now)
    user.delete()
    destroy([user.key_id], now=now)


def erase_due(*, now: datetime) -> tuple[int, int]:
    """Erase everybody whose delay is over, each alone: how many were, and how many could not be and stay due."""
    erased = failed = 0
    for request in PrivacyRequest.objects.erasures().due(at=now).order_by("due_at", "pk"):
        try:
            erase(request=request, now=now)
            erased += 1
        except Exception as error:
            failed += 1
            place = extract_tb(error.__traceback__)[-1]  # not what the error says: it may quote the person
            words = "Request %s could not be erased: %s in %s, line %s."
            logger.error(words, request.pk, type(error).__name__, place.filename, place.lineno)
    if erased:
        scrub()
    return erased, failed


def scrub() -> None:
    """SQLite leaves deleted rows in free pages and in its log; write both anew. PostgreSQL does so by itself."""
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute("VACUUM")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")

"""The ledger of who saw whom and who did what to whose data: append-only rows, each chained to the one before.

It names people by opaque ids alone, so that it can outlive an erasure. PostgreSQL refuses to change or delete a row;
SQLite refuses to change one. Whatever gets around that, ``broken_link`` finds.
"""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime

from django.db import transaction
from django.db.models import F

from moirai.accounts.models import AuditEvent, LedgerHead, User
from moirai.crypto.fields import WithKey
from moirai.crypto.ring import UnreadableError
from moirai.crypto.sealing import open_text

START = "0" * 64
_last = ""  # the head, when this process wrote last


@transaction.atomic
def record(
    *,
    action: AuditEvent.Action,
    actor: User | None,
    subject: str,
    at: datetime,
    thing: str = "",
    on_behalf_of: str = "",
    reason: str = "",
) -> AuditEvent:
    """Write one row. ``subject`` is the public id of the person; ``thing`` names what was seen, by public id."""
    event = AuditEvent(
        action=action,
        actor=actor,
        subject=subject,
        thing=thing,
        on_behalf_of=on_behalf_of[:150],
        reason=reason[:500],
        at=at,
    )
    _chain(event)
    event.save()
    return event


def _chain(event: AuditEvent) -> None:
    """Move the head on to ``event``: writers wait for each other at its row, so there is one chain without forks.

    Where this process wrote last, the head is as it left it, and is moved without being read; else it is read.
    """
    global _last
    if not _last or not _move_on(event, _last):
        heads = LedgerHead.objects.select_for_update()
        head, _is_new = heads.get_or_create(pk=1, defaults={"hash": START, "events": 0})
        _move_on(event, head.hash)
    _last = event.hash  # should the transaction be undone, the head is another, and is read again


def _move_on(event: AuditEvent, previous: str) -> int:
    event.previous_hash = previous
    event.hash = hash_of(event)
    return LedgerHead.objects.filter(pk=1, hash=previous).update(hash=event.hash, events=F("events") + 1)


def hash_of(event: AuditEvent) -> str:
    """SHA-256 of everything the row says, the hash of the row before included."""
    said = [
        event.previous_hash,
        event.action,
        event.actor_id,
        event.subject,
        event.thing,
        event.on_behalf_of,
        event.reason,
        event.at.astimezone(UTC).isoformat(timespec="microseconds"),
    ]
    return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()


def broken_link() -> str:
    """Where the chain breaks, in words; empty when every row is as it was written and none is missing."""
    previous, count = START, 0
    field = AuditEvent._meta.get_field("reason")
    sealed = AuditEvent.objects.defer("reason").annotate(sealed_reason=WithKey("reason", field))
    for event in sealed.order_by("pk").iterator(chunk_size=2000):
        try:
            event.reason = open_text(event.sealed_reason, about=field.about) if event.sealed_reason else ""
        except UnreadableError as error:
            return f"Event {event.pk} was changed after it was written. {error}"
        if event.previous_hash != previous:
            return f"Event {event.pk} does not follow the one before: a row was removed or put in."
        if hash_of(event) != event.hash:
            return f"Event {event.pk} was changed after it was written."
        previous, count = event.hash, count + 1
    head = LedgerHead.objects.filter(pk=1).first()
    if head is None:
        return "" if count == 0 else "The head of the ledger is gone."
    if (head.hash, head.events) != (previous, count):
        return f"The ledger holds {count} events of {head.events}: the last ones were removed."
    return ""

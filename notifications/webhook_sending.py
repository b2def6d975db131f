"""Sending deliveries: claimed row by row, signed, tried again with growing pauses for a day.

A receiver may get one twice (it answered, and we died before we wrote it down): the id is the same. The claim is a
lease, so what a dead worker held is tried again.
"""

from __future__ import annotations

import hmac
import json
from datetime import datetime, timedelta

from django.db.models import F

from moirai.fetching import WEBHOOKS, FailedError, Fetcher, RefusedError
from notifications.applications import tell_recruiters
from notifications.models import Delivery, Kind, Webhook

BATCH = 50
LEASE = timedelta(minutes=15)
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=4)
OFF_AFTER = timedelta(days=3)  # without one success
LOG_STAYS = timedelta(days=30)


def send_due(*, now: datetime, fetcher: Fetcher = WEBHOOKS) -> int:
    """Try every delivery that is due; one that fails lets the others to the same address wait for the next time."""
    due = Delivery.objects.due(at=now).order_by("next_attempt_at", "id").values_list("pk", "webhook_id")
    silent: set[int] = set()
    sent = 0
    for pk, webhook in list(due[:BATCH]):
        if webhook in silent:
            continue
        if send(delivery_id=pk, now=now, fetcher=fetcher):
            sent += 1
        else:
            silent.add(webhook)
    return sent


def send(*, delivery_id: int, now: datetime, fetcher: Fetcher) -> bool:
    """Send one delivery if nobody else has claimed it."""
    mine = Delivery.objects.due(at=now).filter(pk=delivery_id)
    if mine.update(attempts=F("attempts") + 1, next_attempt_at=now + LEASE) != 1:
        return False
    delivery = Delivery.objects.select_related("webhook__company").get(pk=delivery_id)
    webhook = delivery.webhook
    if webhook.disabled_at is not None or not webhook.company.is_verified:
        return _over(delivery, Delivery.Status.FAILED, "Turned off.")
    body = body_of(delivery)
    try:
        answer = fetcher.post(webhook.url, body, headers_of(delivery, body, now=now))
    except (RefusedError, FailedError) as error:
        return _failed(delivery, str(error), now=now)
    if not 200 <= answer.status < 300:
        return _failed(delivery, f"HTTP {answer.status}", now=now)
    Webhook.objects.filter(pk=webhook.pk, failing_since__isnull=False).update(failing_since=None)
    _over(delivery, Delivery.Status.SENT, f"HTTP {answer.status}")
    return True


def body_of(delivery: Delivery) -> bytes:
    said = {
        "id": delivery.public_id,
        "event": delivery.event,
        "created_at": delivery.created_at.isoformat(),
        "data": delivery.data,
    }
    return json.dumps(said, sort_keys=True).encode()


def headers_of(delivery: Delivery, body: bytes, *, now: datetime) -> dict[str, str]:
    """``Moirai-Signature: t=<seconds>,v1=<hex HMAC-SHA256 of "<seconds>.<body>" under the secret>``."""
    seconds = str(int(now.timestamp()))
    return {
        "Content-Type": "application/json",
        "Moirai-Event": delivery.event,
        "Moirai-Signature": f"t={seconds},v1={signature(delivery.webhook.secret, seconds, body)}",
    }


def signature(secret: str, seconds: str, body: bytes) -> str:
    return hmac.digest(secret.encode(), f"{seconds}.".encode() + body, "sha256").hex()


def _over(delivery: Delivery, status: Delivery.Status, answer: str) -> bool:
    Delivery.objects.filter(pk=delivery.pk).update(status=status, answer=answer[:200])
    return False


def _failed(delivery: Delivery, answer: str, *, now: datetime) -> bool:
    """Wait longer each time; given up after a day, and an address that failed for days is turned off."""
    pause = min(FIRST_PAUSE * 2 ** min(delivery.attempts - 1, 10), LONGEST_PAUSE)
    status = Delivery.Status.FAILED if now + pause > delivery.give_up_at else Delivery.Status.WAITING
    rows = Delivery.objects.filter(pk=delivery.pk)
    rows.update(status=status, answer=answer[:200], next_attempt_at=now + pause)
    webhook = delivery.webhook
    if webhook.failing_since is None:
        Webhook.objects.filter(pk=webhook.pk, failing_since__isnull=True).update(failing_since=now)
    elif now - webhook.failing_since >= OFF_AFTER:
        turn_off(webhook, now=now)
    return False


def turn_off(webhook: Webhook, *, now: datetime) -> None:
    """Send no more there, and tell who is in charge of the company."""
    if Webhook.objects.filter(pk=webhook.pk, disabled_at__isnull=True).update(disabled_at=now) != 1:
        return
    webhook.deliveries.filter(status=Delivery.Status.WAITING).update(status=Delivery.Status.FAILED)
    url, key = ("notifications:integrations",), f"webhook:{webhook.pk}:{now.isoformat()}"
    tell_recruiters(webhook.company, kind=Kind.WEBHOOK_OFF, data={}, url=url, key=key, now=now, is_owner=True)


def forget_old(now: datetime) -> int:
    """The log of the last weeks is enough."""
    return Delivery.objects.filter(created_at__lte=now - LOG_STAYS).delete()[0]

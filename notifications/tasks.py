"""Background work of `notifications`; the beat calls each, so that nothing needs a message of its own."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from notifications import digests, outbox, webhook_sending


@shared_task(acks_late=True)
def send_outbox() -> int:
    """Send what waits. Safe to run beside itself."""
    return outbox.send_waiting(now=timezone.now())


@shared_task(acks_late=True)
def write_digests() -> int:
    """Write the daily and weekly mails that are due. Safe to run twice, late, or beside itself."""
    return digests.send_due(now=timezone.now())


@shared_task(acks_late=True)
def send_webhooks() -> int:
    """Send what companies' systems are told. Safe to run beside itself."""
    return webhook_sending.send_due(now=timezone.now())

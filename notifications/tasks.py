"""Background work of `notifications`."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from notifications import outbox


@shared_task(acks_late=True)
def send_outbox() -> int:
    """Send what waits; the beat calls it, so a mail needs no message of its own. Safe to run beside itself."""
    return outbox.send_waiting(now=timezone.now())

"""What time does to personal data, once a day each; the commands of the same names do it by hand."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from moirai.privacy import erasure, inactivity, retention


@shared_task(acks_late=True, name="moirai.privacy.tasks.erase")
def erase() -> int:
    """Erase everybody whose delay is over; one that fails stays due until tomorrow."""
    return erasure.erase_due(now=timezone.now())[0]


@shared_task(acks_late=True, name="moirai.privacy.tasks.notify_inactive")
def notify_inactive() -> int:
    return inactivity.warn_all(now=timezone.now())


@shared_task(acks_late=True, name="moirai.privacy.tasks.anonymise")
def anonymise() -> int:
    return sum(retention.expire(now=timezone.now()).values())

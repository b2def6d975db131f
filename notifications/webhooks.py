"""What companies' webhooks are told: rows written in the transaction of what happened, sent by `webhook_sending`."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.dispatch import receiver
from django.utils import timezone

from jobs.models import Application, ApplicationEvent, Company, Job, Message
from jobs.signals import application_moved, job_changed, message_sent
from notifications.models import Delivery, Webhook

MOST = 5  # of one company
TRIED_FOR = timedelta(days=1)
Event = Delivery.Event


class TooManyError(Exception):
    """The company has ``MOST`` webhooks."""


@transaction.atomic
def add_webhook(*, company: Company, url: str, now: datetime) -> tuple[Webhook, str]:
    """A webhook and its secret; one with this address already gets a new secret and is turned on."""
    Company.objects.select_for_update().get(pk=company.pk)
    secret = f"whsec_{secrets.token_urlsafe(32)}"
    known = company.webhooks.filter(url=url).first()
    if known is not None:
        known.secret, known.failing_since, known.disabled_at = secret, None, None
        known.save(update_fields=["secret", "failing_since", "disabled_at"])
        return known, secret
    if company.webhooks.count() >= MOST:
        raise TooManyError
    return Webhook.objects.create(company=company, url=url, secret=secret, created_at=now), secret


def turn_on(*, webhook: Webhook) -> None:
    Webhook.objects.filter(pk=webhook.pk).update(disabled_at=None, failing_since=None)


def replay(*, delivery: Delivery, now: datetime) -> None:
    """Send once more what was sent or given up; its id stays, so a receiver knows it."""
    finished = Delivery.objects.filter(pk=delivery.pk).exclude(status=Delivery.Status.WAITING)
    finished.update(status=Delivery.Status.WAITING, attempts=0, next_attempt_at=now, give_up_at=now + TRIED_FOR)


def enqueue(*, company_id: int, event: Event, data: dict[str, Any], key: str, now: datetime) -> None:
    """One row for each webhook of the company; the same ``key`` is told once."""
    rows = [
        Delivery(
            webhook=webhook, event=event, data=data, key=key, created_at=now, next_attempt_at=now,
            give_up_at=now + TRIED_FOR,
        )
        for webhook in Webhook.objects.serving(company_id)
    ]  # fmt: skip
    if rows:
        Delivery.objects.bulk_create(rows, ignore_conflicts=True)


def _of_application(application_id: int) -> Application | None:
    """An application that its company may read."""
    return Application.objects.active().select_related("job").filter(pk=application_id).first()


def _ids(application: Application) -> dict[str, str]:
    return {"application": application.public_id, "posting": application.job.public_id, "status": application.status}


@receiver(application_moved, dispatch_uid="webhooks_of_an_application")
def on_application(*, application_id: int, event_id: int, **_kwargs: Any) -> None:
    row = _of_application(application_id)
    if row is None:
        return
    is_first = not ApplicationEvent.objects.filter(application=row, pk__lt=event_id).exists()
    event = Event.APPLICATION_CREATED if is_first else Event.APPLICATION_MOVED
    key, now = f"step:{event_id}", timezone.now()
    enqueue(company_id=row.job.company_id, event=event, data=_ids(row), key=key, now=now)


@receiver(message_sent, dispatch_uid="webhooks_of_a_message")
def on_message(*, message_id: int, **_kwargs: Any) -> None:
    """That there is one and who wrote it; never what it says."""
    message = Message.objects.get(pk=message_id)
    row = _of_application(message.application_id)
    if row is None:
        return
    data, key = _ids(row) | {"by": message.side}, f"message:{message_id}"
    enqueue(company_id=row.job.company_id, event=Event.MESSAGE_CREATED, data=data, key=key, now=timezone.now())


@receiver(job_changed, dispatch_uid="webhooks_of_a_posting")
def on_posting(*, job_id: int, **_kwargs: Any) -> None:
    """Published or closed, once each time; other changes are nobody's news."""
    job = Job.objects.filter(pk=job_id, status__in=[Job.Status.PUBLISHED, Job.Status.CLOSED]).first()
    if job is None or job.published_at is None:
        return
    is_open = job.status == Job.Status.PUBLISHED
    key = f"{job.status}:{job.pk}:{job.published_at.timestamp()}"
    event, data = Event.POSTING_PUBLISHED if is_open else Event.POSTING_CLOSED, {"posting": job.public_id}
    now = timezone.now()
    enqueue(company_id=job.company_id, event=event, data=data | {"status": job.status}, key=key, now=now)

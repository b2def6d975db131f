"""Mails and deliveries that did not arrive."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from moirai.office.counters import Counter, register_counters
from notifications.models import Delivery, OutboxMail

register_counters(
    Counter(
        _("Mails that wait to be sent"),
        lambda now: OutboxMail.objects.waiting(),
        "created_at",
        "status__exact=waiting",
    ),
    Counter(
        _("Mails that could not be sent"),
        lambda now: OutboxMail.objects.filter(status=OutboxMail.Status.FAILED),
        "created_at",
        "status__exact=failed",
        is_alarm=True,
    ),
    Counter(
        _("Webhook deliveries given up"),
        lambda now: Delivery.objects.filter(status=Delivery.Status.FAILED),
        "created_at",
        "status__exact=failed",
        is_alarm=True,
    ),
)

"""Webhooks of companies, and what was sent to them: a delivery's row is its place in the queue."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from jobs.models import Company
from moirai.crypto.fields import EncryptedCharField
from moirai.public_ids import new_public_id


class WebhookQuerySet(models.QuerySet["Webhook"]):
    def serving(self, company_id: int) -> Self:
        """Those of a company that are told of what happens: nothing leaves for a company that is not verified."""
        return self.filter(company_id=company_id, company__status=Company.Status.VERIFIED, disabled_at__isnull=True)


class Webhook(models.Model):
    """An address of a company that is told of what happens; its secret signs what is sent."""

    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="webhooks", verbose_name=_("company"))
    public_id = models.CharField(_("public id"), max_length=10, unique=True, default=new_public_id, editable=False)
    url = models.URLField(_("address"), max_length=500)
    secret = EncryptedCharField(_("secret"), max_length=60, person="house")
    created_at = models.DateTimeField(_("created"))
    failing_since = models.DateTimeField(_("fails since"), null=True, blank=True)
    disabled_at = models.DateTimeField(_("turned off"), null=True, blank=True)

    objects = WebhookQuerySet.as_manager()

    class Meta:
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")
        constraints = [
            models.UniqueConstraint(fields=["company", "url"], name="company_has_a_webhook_once"),
        ]

    def __str__(self) -> str:
        return self.public_id


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def due(self, *, at: datetime) -> Self:
        return self.filter(status=Delivery.Status.WAITING, next_attempt_at__lte=at)

    def newest_first(self) -> Self:
        return self.order_by("-created_at", "-id")


class Delivery(models.Model):
    """One event on its way to one webhook; ids and states, no words of a person."""

    class Event(models.TextChoices):
        APPLICATION_CREATED = "application.created", _("application received")
        APPLICATION_MOVED = "application.moved", _("application moved")
        MESSAGE_CREATED = "message.created", _("message")
        POSTING_PUBLISHED = "posting.published", _("posting published")
        POSTING_CLOSED = "posting.closed", _("posting closed")

    class Status(models.TextChoices):
        WAITING = "waiting", _("waiting")
        SENT = "sent", _("sent")
        FAILED = "failed", _("failed")

    webhook = models.ForeignKey(
        Webhook, on_delete=models.CASCADE, related_name="deliveries", db_index=False, verbose_name=_("webhook")
    )
    public_id = models.CharField(_("public id"), max_length=10, unique=True, default=new_public_id, editable=False)
    event = models.CharField(_("event"), max_length=20, choices=Event)
    data = models.JSONField(_("data"), default=dict)
    key = models.CharField(_("idempotency key"), max_length=80)
    status = models.CharField(_("status"), max_length=7, choices=Status, default=Status.WAITING)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    answer = models.CharField(_("last answer"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("created"))
    next_attempt_at = models.DateTimeField(_("next attempt"))
    give_up_at = models.DateTimeField(_("given up at"))

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("delivery to a webhook")
        verbose_name_plural = _("deliveries to webhooks")
        indexes = [
            models.Index(fields=["next_attempt_at"], name="deliveries_that_wait", condition=Q(status="waiting")),
        ]
        constraints = [models.UniqueConstraint(fields=["webhook", "key"], name="webhook_is_told_a_thing_once")]

    def __str__(self) -> str:
        return f"{self.public_id}: {self.event}"

    @property
    def subject(self) -> str:
        """The id of what it is about."""
        return str(self.data.get("application") or self.data.get("posting", ""))

"""What people are told, in the app and by mail."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    NEW_MATCHES = "new_matches", _("new matches")
    CV_READ = "cv_read", _("CV read")
    CV_FAILED = "cv_failed", _("CV could not be read")
    APPLICATION_RECEIVED = "application_received", _("application received")
    APPLICATION_MOVED = "application_moved", _("application moved")


class NotificationQuerySet(models.QuerySet["Notification"]):
    def of(self, user: AbstractBaseUser | AnonymousUser) -> Self:
        return self.filter(user_id=user.pk)

    def unread(self) -> Self:
        return self.filter(read_at__isnull=True)

    def newest_first(self) -> Self:
        return self.order_by("-created_at", "-id")


class Notification(models.Model):
    """One thing one person is told; the words are made in the reader's language from ``kind`` and ``data``."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notifications")
    kind = models.CharField(_("kind"), max_length=24, choices=Kind)
    data = models.JSONField(_("data"), default=dict)
    url = models.CharField(_("address"), max_length=300, blank=True)
    key = models.CharField(_("idempotency key"), max_length=120)
    created_at = models.DateTimeField(_("created"))
    read_at = models.DateTimeField(_("read"), null=True, blank=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        indexes = [
            models.Index(fields=["user", "-created_at", "-id"], name="notifications_newest_first"),
            models.Index(fields=["user"], name="unread_notifications", condition=Q(read_at__isnull=True)),
        ]
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="person_is_told_a_thing_once")]

    def __str__(self) -> str:
        return f"{self.user}: {self.kind}"


class OutboxMailQuerySet(models.QuerySet["OutboxMail"]):
    def waiting(self) -> Self:
        return self.filter(status=OutboxMail.Status.WAITING)

    def oldest_waiting(self) -> datetime | None:
        """Since when the mail that has waited longest waits; None where none does."""
        return self.waiting().order_by("created_at").values_list("created_at", flat=True).first()


class OutboxMail(models.Model):
    """A mail to send; written with the change it tells of, sent by a task, never twice."""

    class Status(models.TextChoices):
        WAITING = "waiting", _("waiting")
        SENDING = "sending", _("being sent")
        SENT = "sent", _("sent")
        FAILED = "failed", _("failed")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="mails")
    key = models.CharField(_("idempotency key"), max_length=120)
    subject = models.CharField(_("subject"), max_length=200)
    text = models.TextField(_("text"))
    html = models.TextField(_("HTML"), blank=True)
    status = models.CharField(_("status"), max_length=8, choices=Status, default=Status.WAITING)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    error = models.CharField(_("error"), max_length=300, blank=True)
    created_at = models.DateTimeField(_("created"))
    next_attempt_at = models.DateTimeField(_("next attempt"))
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)

    objects = OutboxMailQuerySet.as_manager()

    class Meta:
        verbose_name = _("mail")
        verbose_name_plural = _("mails")
        indexes = [
            models.Index(fields=["next_attempt_at"], name="mails_waiting_to_be_sent", condition=Q(status="waiting"))
        ]
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="person_is_mailed_a_thing_once")]

    def __str__(self) -> str:
        return f"{self.user}: {self.subject}"

"""What a student and a company write to each other about an application."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from jobs.models.application import Application
from moirai.crypto.fields import EncryptedTextField


class Side(models.TextChoices):
    """Who acts on an application; the clock closes what nobody answers."""

    STUDENT = "student", _("student")
    COMPANY = "company", _("company")
    CLOCK = "clock", _("the clock")


class MessageQuerySet(models.QuerySet["Message"]):
    def unread_by(self, side: Side) -> Self:
        """What the other side wrote and this one has not opened."""
        return self.exclude(side=side).filter(read_at__isnull=True)


class Message(models.Model):
    """One message on an application; nobody changes it once it is sent."""

    application = models.ForeignKey(
        Application, on_delete=models.CASCADE, related_name="messages", db_index=False, verbose_name=_("application")
    )
    side = models.CharField(_("written by"), max_length=7, choices=Side)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    body = EncryptedTextField(_("text"), max_length=2000, person="application.student")
    at = models.DateTimeField(_("sent at"))
    read_at = models.DateTimeField(_("read at"), null=True, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        indexes = [models.Index(fields=["application", "at"], name="messages_of_an_application")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(side__in=["student", "company"]), name="message_is_written_by_one_of_two_sides"
            )
        ]

    def __str__(self) -> str:
        return f"{self.application_id}: {self.side} {self.at:%Y-%m-%d %H:%M}"

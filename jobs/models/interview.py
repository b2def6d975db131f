"""Interviews: dates that a company proposes and a student picks from."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jobs.models.application import Application
from moirai.crypto.fields import EncryptedTextField
from moirai.public_ids import new_public_id


class InterviewQuerySet(models.QuerySet["Interview"]):
    def live(self) -> Self:
        return self.exclude(status=Interview.Status.CANCELLED)

    def cancel(self, *, at: datetime) -> int:
        """Take back what stands; calendars learn it by the higher sequence."""
        return self.live().update(status=Interview.Status.CANCELLED, sequence=F("sequence") + 1, updated_at=at)


class Interview(models.Model):
    """One interview of an application; a change keeps the row, so that calendars move the entry they have."""

    class Status(models.TextChoices):
        PROPOSED = "proposed", pgettext_lazy("interview", "proposed")
        AGREED = "agreed", pgettext_lazy("interview", "agreed")
        CANCELLED = "cancelled", pgettext_lazy("interview", "cancelled")

    application = models.ForeignKey(
        Application, on_delete=models.CASCADE, related_name="interviews", verbose_name=_("application")
    )
    public_id = models.CharField(_("public id"), max_length=10, unique=True, default=new_public_id, editable=False)
    status = models.CharField(_("status"), max_length=9, choices=Status, default=Status.PROPOSED)
    slots = models.JSONField(_("proposed dates"), default=list)  # one to three ISO moments in UTC, earliest first
    starts_at = models.DateTimeField(_("agreed date"), null=True, blank=True)
    minutes = models.PositiveSmallIntegerField(_("minutes"), default=30)
    place = EncryptedTextField(_("place or link"), max_length=300, person="application.student")
    sequence = models.PositiveSmallIntegerField(_("change"), default=0)
    proposed_at = models.DateTimeField(_("proposed at"))
    updated_at = models.DateTimeField(_("changed at"))

    objects = InterviewQuerySet.as_manager()

    class Meta:
        verbose_name = _("interview")
        verbose_name_plural = _("interviews")
        constraints = [
            models.UniqueConstraint(
                fields=["application"], condition=~Q(status="cancelled"), name="application_has_one_interview_at_a_time"
            ),
            models.CheckConstraint(
                condition=~Q(status="agreed") | Q(starts_at__isnull=False), name="agreed_interview_says_when"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application_id}: {self.status}"

    @property
    def moments(self) -> list[datetime]:
        """The proposed dates."""
        return [moment for text in self.slots if (moment := parse_datetime(text))]

    @property
    def ends_at(self) -> datetime | None:
        return self.starts_at + timedelta(minutes=self.minutes) if self.starts_at else None

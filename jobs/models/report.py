"""Postings that somebody holds to be a fraud."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from jobs.models.job import Job
from moirai.crypto.fields import EncryptedTextField


class ReportQuerySet(models.QuerySet["Report"]):
    def open(self) -> Self:
        return self.filter(closed_at__isnull=True)


class Report(models.Model):
    """What one person says of one posting; staff close all reports of a posting together, as one case."""

    class Reason(models.TextChoices):
        MONEY = "money", _("It asks for money")
        FAKE = "fake", _("The company or the posting is not real")
        DATA = "data", _("It asks for documents or bank data")
        DISCRIMINATES = "unfair", _("It discriminates")
        DIFFERENT = "differs", _("The work or the pay is not what it says")
        OTHER = "other", _("Something else")

    class Outcome(models.TextChoices):
        UPHELD = "upheld", _("confirmed")
        DISMISSED = "dismissed", _("dismissed")

    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="reports", verbose_name=_("posting"))
    reporter = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="reports", verbose_name=_("reporter")
    )
    reason = models.CharField(_("reason"), max_length=7, choices=Reason)
    note = EncryptedTextField(_("what happened"), max_length=2000, blank=True, person="reporter")
    created_at = models.DateTimeField(_("reported"))
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    outcome = models.CharField(_("outcome"), max_length=9, choices=Outcome, blank=True)

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("report of fraud")
        verbose_name_plural = _("reports of fraud")
        indexes = [models.Index(fields=["created_at"], name="open_reports_by_age", condition=Q(closed_at__isnull=True))]
        constraints = [
            models.UniqueConstraint(
                fields=["job", "reporter"], condition=Q(closed_at__isnull=True), name="person_reports_a_posting_once"
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, outcome="") | Q(closed_at__isnull=False) & ~Q(outcome=""),
                name="closed_report_says_its_outcome",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.job_id}: {self.reason}"

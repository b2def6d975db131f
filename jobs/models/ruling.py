"""What was decided about companies and postings, by whom and why."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jobs.models.company import Company
from jobs.models.job import Job


class RulingQuerySet(models.QuerySet["Ruling"]):
    def newest_first(self) -> Self:
        return self.order_by("-at", "-pk")


class Ruling(models.Model):
    """One decision; no actor means that the rules of `moderation.py` decided. Never changed."""

    class Step(models.TextChoices):
        VERIFIED = "verified", pgettext_lazy("company", "verified")
        ASKED = "asked", pgettext_lazy("company", "asked for information")
        ANSWERED = "answered", pgettext_lazy("company", "the company answered")
        DECLINED = "declined", pgettext_lazy("company", "declined")
        SUSPENDED = "suspended", pgettext_lazy("company", "suspended")
        TRUSTED = "trusted", pgettext_lazy("company", "trusted: published without waiting")
        UNTRUSTED = "untrusted", pgettext_lazy("company", "no longer trusted")
        MERGED = "merged", pgettext_lazy("company", "merged")
        QUEUED = "queued", pgettext_lazy("posting", "waits for a person")
        PUBLISHED = "published", pgettext_lazy("posting", "published")
        AUTOMATIC = "automatic", pgettext_lazy("posting", "published by the rules")
        RETURNED = "returned", pgettext_lazy("posting", "returned with a comment")
        REFUSED = "refused", pgettext_lazy("posting", "declined")
        EXTENDED = "extended", pgettext_lazy("posting", "extended")
        CLOSED = "closed", pgettext_lazy("posting", "closed by the office")
        HIDDEN = "hidden", pgettext_lazy("posting", "hidden after a report")
        WARNED = "warned", pgettext_lazy("posting", "applicants were told of a report")
        DISMISSED = "dismissed", pgettext_lazy("posting", "reports dismissed")

    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="rulings", verbose_name=_("company"))
    job = models.ForeignKey(
        Job, on_delete=models.CASCADE, null=True, blank=True, related_name="rulings", verbose_name=_("posting")
    )
    step = models.CharField(_("decision"), max_length=9, choices=Step)
    comment = models.TextField(_("comment"), blank=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("actor"),
    )
    at = models.DateTimeField(_("at"))

    objects = RulingQuerySet.as_manager()

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")

    def __str__(self) -> str:
        return f"{self.job or self.company}: {self.step}"

"""Careers pages of companies, from which their postings are taken."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from jobs.models.company import Company


class CareersPageQuerySet(models.QuerySet["CareersPage"]):
    def due(self, *, at: datetime) -> Self:
        return self.filter(is_active=True, company__status=Company.Status.VERIFIED, due_at__lte=at)


class CareersPage(models.Model):
    """The one page that staff allow us to fetch for a company; no other host is asked."""

    company = models.OneToOneField(
        Company, on_delete=models.CASCADE, related_name="careers_page", verbose_name=_("company")
    )
    url = models.URLField(
        _("careers page"), max_length=500, help_text=_("With JobPosting data (schema.org). No other host is asked.")
    )
    is_active = models.BooleanField(_("fetched daily"), default=True)
    due_at = models.DateTimeField(_("next time"))
    fetched_at = models.DateTimeField(_("last fetched"), null=True, blank=True, editable=False)
    found = models.PositiveSmallIntegerField(_("postings found"), default=0, editable=False)
    problem = models.CharField(_("what went wrong"), max_length=200, blank=True, editable=False)
    misses = models.JSONField(_("postings that were not there"), default=dict, blank=True, editable=False)

    objects = CareersPageQuerySet.as_manager()

    class Meta:
        verbose_name = _("careers page")
        verbose_name_plural = _("careers pages")
        constraints = [models.CheckConstraint(condition=~Q(url=""), name="careers_page_has_an_address")]

    def __str__(self) -> str:
        return self.url

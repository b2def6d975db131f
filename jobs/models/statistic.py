"""What stays of applications once the people in them are forgotten: counts."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class OutcomeStatistic(models.Model):
    """How many applications of a month and programme ended how; programmes of few students are counted together."""

    month = models.DateField(_("month"))
    programme = models.CharField(_("degree programme"), max_length=200, blank=True)
    outcome = models.CharField(_("outcome"), max_length=12)
    applications = models.PositiveIntegerField(_("applications"), default=0)

    class Meta:
        verbose_name = _("statistic of outcomes")
        verbose_name_plural = _("statistics of outcomes")
        constraints = [
            models.UniqueConstraint(
                fields=["month", "programme", "outcome"], name="month_programme_and_outcome_are_counted_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.programme or '–'}, {self.outcome}: {self.applications}"

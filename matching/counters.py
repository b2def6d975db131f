"""Runs of the matching that failed."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from matching.models import MatchRun
from moirai.office.counters import Counter, register_counters

register_counters(
    Counter(
        _("Match runs that failed"),
        lambda now: MatchRun.objects.filter(status=MatchRun.Status.FAILED),
        "created_at",
        "status__exact=failed",
        is_alarm=True,
    )
)

"""Proposed names of skills that wait for a decision."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from moirai.office.counters import Counter, register_counters
from moirai.skills.models import AliasProposal

register_counters(
    Counter(
        _("Proposed aliases of skills"),
        lambda now: AliasProposal.objects.filter(status=AliasProposal.Status.PROPOSED),
        "proposed_at",
        "status__exact=proposed",
    )
)

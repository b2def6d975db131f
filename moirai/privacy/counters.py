"""Requests over personal data that staff must answer in time."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from moirai.office.counters import Counter, register_counters
from moirai.privacy.models import PrivacyRequest

register_counters(
    Counter(
        _("Privacy requests past their date"),
        lambda now: PrivacyRequest.objects.due(at=now),
        "due_at",
        "due=late",
        is_due=True,
        is_alarm=True,
    ),
    Counter(_("Open privacy requests"), lambda now: PrivacyRequest.objects.open(), "due_at", "due=open", is_due=True),
)

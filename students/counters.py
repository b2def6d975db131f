"""What of students waits for staff."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from moirai.office.counters import Counter, register_counters
from students.models import CV, Cohort, Evidence

register_counters(
    Counter(
        _("Evidence that students contest"),
        lambda now: Evidence.objects.filter(is_contested=True),
        "contested_at",
        "is_contested__exact=1",
    ),
    Counter(
        _("CVs held back by the virus scanner"),
        lambda now: CV.objects.filter(failure=CV.Failure.INFECTED),
        "uploaded_at",
        "failure__exact=infected",
        is_alarm=True,
    ),
    Counter(
        _("CVs that wait to be read"),
        lambda now: CV.objects.filter(needs_reading_since__isnull=False),
        "needs_reading_since",
        "needs_reading_since__isnull=False",
    ),
    Counter(
        _("Cohort imports that stopped"),
        lambda now: Cohort.objects.stuck(),
        "needs_work_since",
        f"needs_work_since__isnull=False&attempts__gte={Cohort.MAX_ATTEMPTS}",
        is_alarm=True,
    ),
)

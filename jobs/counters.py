"""What of companies and postings waits for staff."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from jobs.models import CareersPage, Company, Job, Report
from moirai.office.counters import Counter, register_counters

register_counters(
    Counter(_("Companies to verify"), lambda now: Company.objects.waiting(), "created_at", "status__exact=pending"),
    Counter(
        _("Postings to review"), lambda now: Job.objects.waiting_for_review(), "review_since", "status__exact=in_review"
    ),
    Counter(_("Reports of fraud"), lambda now: Report.objects.open(), "created_at", "closed_at__isempty=1"),
    Counter(
        _("Postings whose skills are still looked for"),
        lambda now: Job.objects.waiting_for_detection(),
        "needs_detection_since",
        "needs_detection_since__isnull=False",
    ),
    Counter(
        _("Careers pages that could not be read"),
        lambda now: CareersPage.objects.exclude(problem=""),
        "fetched_at",
        "problem__isempty=0",
        is_alarm=True,
    ),
)

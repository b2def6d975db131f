"""A posting is reported."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from jobs.models import Job, Report
from jobs.signals import posting_reported
from moirai.accounts.models import User


@transaction.atomic
def report_job(*, job: Job, reporter: User, reason: str, note: str, now: datetime) -> Report:
    """One open report per person and posting; reported again, the one there is returns.

    However many people report, nothing is hidden without a person: else a few accounts could silence a company.
    """
    fields = {"reason": reason, "note": note.strip(), "created_at": now}
    report, is_new = Report.objects.get_or_create(job=job, reporter=reporter, closed_at=None, defaults=fields)
    if is_new:
        posting_reported.send(sender=Report, report_id=report.pk)
    return report

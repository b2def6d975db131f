"""Applicants of a posting as a table: what the company may read on their pages, and a look at each of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jobs.looking import message_to_company, see
from jobs.models import Application, Job, Recruiter


def header() -> list[str]:
    return [
        _("Person"), _("Status"), _("Applied"), _("Degree programme"), _("Semester"), _("City"), _("E-mail"),
        _("Phone"), _("Message"),
    ]  # fmt: skip


@transaction.atomic
def take_applicants(*, job: Job, recruiter: Recruiter, now: datetime) -> list[Application]:
    """The applications that the company may read, each marked as seen and noted in the ledger as a look."""
    rows = list(Application.objects.of_job(job).active().for_list().order_by("created_at", "pk"))
    for row in rows:
        see(application=row, recruiter=recruiter, now=now)
    return rows


def lines(applications: list[Application]) -> Iterator[list[object]]:
    """In a blind review the alias in place of the name, and no contact."""
    for row in applications:
        student, shown = row.student, not row.is_blind
        yield [
            row.applicant,
            row.get_status_display(),
            timezone.localtime(row.created_at).strftime("%Y-%m-%d %H:%M"),
            student.degree_program,
            student.semester,
            student.location if shown else "",
            student.user.email if shown and student.user else "",
            student.phone if shown and row.shares_phone else "",
            message_to_company(row),
        ]

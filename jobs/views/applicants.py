"""Applicants leave the house as a file."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from jobs.access import for_recruiters
from jobs.applicants_file import header, lines, take_applicants
from jobs.models import Job, Recruiter
from moirai.csv_export import csv_response


@require_POST
@for_recruiters
def applicants_file(request: HttpRequest, recruiter: Recruiter, job: str) -> HttpResponseBase:
    """CSV of who applied; by POST, because each of them reads that the company looked."""
    if not recruiter.company.is_verified:
        raise Http404
    posting = get_object_or_404(Job.objects.of(recruiter.company), public_id=job)
    rows = take_applicants(job=posting, recruiter=recruiter, now=timezone.now())
    return csv_response(name=f"{_('candidates')}-{posting.slug}.csv", header=header(), rows=lines(rows))

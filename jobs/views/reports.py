"""Somebody who is signed in reports a posting."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from jobs.access import signed_in
from jobs.models import Job, Report
from jobs.moderation_forms import ReportForm
from jobs.report import report_job

MOST_A_DAY = 10


@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, job: str) -> HttpResponse:
    """A reason and what happened; whoever reported it already is told so and nothing is sent twice."""
    now, user = timezone.now(), signed_in(request)
    posting = get_object_or_404(Job.objects.select_related("company"), public_id=job)
    if not Job.objects.public(at=now).filter(pk=posting.pk).exists():
        raise Http404
    form = ReportForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        if Report.objects.filter(reporter=user, created_at__gt=now - timedelta(days=1)).count() >= MOST_A_DAY:
            messages.error(request, _("You have sent many reports today. Write to the careers office instead."))
        else:
            report_job(job=posting, reporter=user, now=now, **form.cleaned_data)
            messages.success(request, _("Thank you. The careers office looks into it and tells you what it decided."))
        return redirect(posting)
    context = {"job": posting, "form": form}
    return render(request, "jobs/report_job.html", context, status=422 if form.is_bound else 200)

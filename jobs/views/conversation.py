"""What both sides of an application do on it: write, pick a date, put it into a calendar."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jobs import interviews
from jobs.access import for_students, party_of, signed_in
from jobs.application_forms import MessageForm
from jobs.calendar_file import calendar_file
from jobs.messages import EndedError, TooManyError, send_message
from jobs.models import Application, Interview, Side
from students.models import Student


def page_of(application: Application, side: Side) -> str:
    """Where this side reads the application."""
    if side == Side.STUDENT:
        return application.get_absolute_url()
    return reverse("matching:candidate", args=[application.public_id])


@require_http_methods(["GET", "HEAD", "POST"])
def write(request: HttpRequest, application: str) -> HttpResponse:
    """Write to the other side of an application."""
    row, side = party_of(request, application)
    form = MessageForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        body = form.cleaned_data["body"]
        try:
            send_message(application=row, side=side, author=signed_in(request), body=body, now=timezone.now())
        except EndedError:
            messages.error(request, _("This application has ended; its messages can only be read."))
        except TooManyError:
            form.add_error(None, _("You have written 20 messages here within a day. Wait until tomorrow."))
        else:
            messages.success(request, _("Your message is sent."))
        if form.is_valid():
            return redirect(page_of(row, side))
    context = {"form": form, "application": row, "back": page_of(row, side)}
    return render(request, "jobs/message.html", context, status=422 if form.is_bound else 200)


@require_POST
@for_students
def pick(request: HttpRequest, student: Student, application: str) -> HttpResponse:
    """Take one of the proposed dates."""
    row = get_object_or_404(Application, student=student, public_id=application)
    standing = Interview.objects.live().filter(application=row).first()
    try:
        slot = parse_datetime(request.POST.get("slot", ""))
    except ValueError:
        slot = None
    try:
        if standing is None or slot is None or timezone.is_naive(slot):
            raise interviews.GoneError
        interviews.pick(interview=standing, slot=slot, now=timezone.now())
    except interviews.GoneError:
        messages.error(request, gone_words())
    else:
        messages.success(request, _("Agreed. Put the date into your calendar."))
    return redirect(row)


def gone_words() -> str:
    return _("That date is not offered any more. Look at the dates again.")


@require_safe
def interview_file(request: HttpRequest, application: str) -> HttpResponse:
    """The agreed interview, or that it was cancelled, as a calendar file."""
    return calendar_of(*party_of(request, application))


def calendar_of(row: Application, side: Side) -> HttpResponse:
    """The interview of an application as this side keeps it; not found while nothing was agreed."""
    standing = interviews.interview_of(row)
    if standing is None or standing.starts_at is None:
        raise Http404
    other = row.job.company.name if side == Side.STUDENT else row.applicant
    site = settings.SITE_URL.rstrip("/")
    content = calendar_file(
        standing,
        summary=_("Interview: %(job)s, %(who)s") % {"job": row.job.title, "who": other},
        url=site + page_of(row, side),
        host=urlsplit(site).hostname or "moirai",
    )
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{_("interview")}-{row.public_id}.ics"'
    response["Cache-Control"] = "private, no-store"
    return response

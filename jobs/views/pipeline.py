"""A recruiter's side of an application: move it, ask to an interview, read the CV, end the blind review."""

from __future__ import annotations

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jobs import closing, interviews, pipeline, posting
from jobs.access import for_recruiters, readable_application
from jobs.application_forms import REASONS, InterviewForm, MoveForm
from jobs.looking import see
from jobs.models import Application, Interview, Job, Recruiter, Side
from moirai.accounts.models import AuditEvent


@require_http_methods(["GET", "HEAD", "POST"])
@for_recruiters
def move_to(request: HttpRequest, recruiter: Recruiter, application: str) -> HttpResponse:
    """Move an application on; a page that is out of date says so and changes nothing."""
    row = readable_application(recruiter, application)
    to, expected = request.POST.get("to", ""), request.POST.get("was", "")
    is_sent = request.method == "POST"
    if is_sent and to == row.status:  # sent twice
        return redirect(_after_move(request, row))
    if is_sent and pipeline.is_stale(row.status, expected):
        messages.error(request, moved_meanwhile())
        return redirect(_after_move(request, row))
    form = _move_form(request, row)
    if is_sent and form.is_bound and form.is_valid():
        try:
            pipeline.move(
                application=row,
                to=to,
                note=form.cleaned_data["note"],
                actor=recruiter.user,
                side=Side.COMPANY,
                now=timezone.now(),
                expected=expected,
            )
            messages.success(request, _("Moved to “%(stage)s”.") % {"stage": row.get_status_display()})
        except pipeline.NotAllowedError:
            messages.error(request, moved_meanwhile())
        return redirect(_after_move(request, row))
    context = {"form": form, "application": row, "next": request.POST.get("next", request.GET.get("next", ""))}
    return render(request, "jobs/move_application.html", context, status=422 if form.is_bound else 200)


def _move_form(request: HttpRequest, application: Application) -> MoveForm:
    """The form as sent; after "Use this sentence" it is shown again with the sentence in the note."""
    choices = pipeline.next_statuses(application, side=Side.COMPANY)
    if request.method == "POST" and "use" not in request.POST:
        return MoveForm(request.POST, choices=choices)
    asked = {name: request.POST.get(name, request.GET.get(name, "")) for name in ("to", "reason", "note")}
    if asked["reason"] in REASONS:
        asked["note"] = f"{asked['note']} {REASONS[asked['reason']]}".strip()
    return MoveForm(initial=asked | {"was": application.status}, choices=choices)


def moved_meanwhile() -> str:
    return _("The application was moved meanwhile. Look at it again.")


def _after_move(request: HttpRequest, application: Application) -> str:
    """The page that the form came from, else the candidates of the posting."""
    back = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure()):
        return back
    return reverse("matching:candidates", args=[application.job.public_id])


@require_http_methods(["GET", "HEAD", "POST"])
@for_recruiters
def interview(request: HttpRequest, recruiter: Recruiter, application: str) -> HttpResponse:
    """Propose dates, change them, or take the interview back."""
    row = readable_application(recruiter, application)
    page = reverse("matching:candidate", args=[row.public_id])
    now = timezone.now()
    standing = Interview.objects.live().filter(application=row).first()
    if row.is_ended:
        messages.error(request, _("This application has ended and cannot be moved."))
        return redirect(page)
    if request.method == "POST" and "cancel" in request.POST:
        if standing is not None:
            interviews.cancel(interview=standing, side=Side.COMPANY, now=now)
            messages.success(request, _("The interview is cancelled; the student is told."))
        return redirect(page)
    form = InterviewForm(request.POST if request.method == "POST" else None, now=now, initial=_offered(standing))
    if request.method == "POST" and form.is_valid():
        try:
            interviews.propose(
                application=row,
                slots=form.slots,
                minutes=form.cleaned_data["minutes"],
                place=form.cleaned_data["place"],
                actor=recruiter.user,
                now=now,
            )
            messages.success(request, _("The dates are proposed; we tell you which one the student picks."))
        except pipeline.NotAllowedError:
            messages.error(request, moved_meanwhile())
        return redirect(page)
    context = {"form": form, "application": row, "interview": standing}
    return render(request, "jobs/interview.html", context, status=422 if form.is_bound else 200)


def _offered(standing: Interview | None) -> dict[str, object]:
    """What the form begins with when dates stand already."""
    if standing is None:
        return {}
    slots = {f"slot{number}": moment for number, moment in enumerate(standing.moments, start=1)}
    return slots | {"minutes": standing.minutes, "place": standing.place}


@require_http_methods(["GET", "HEAD", "POST"])
@for_recruiters
def reveal(request: HttpRequest, recruiter: Recruiter, application: str) -> HttpResponse:
    """GET asks, POST ends the blind review of one application; the student reads it in the ledger."""
    row = readable_application(recruiter, application)
    page = reverse("matching:candidate", args=[row.public_id])
    if not row.is_blind:
        return redirect(page)
    if request.method != "POST":
        return render(request, "jobs/reveal.html", {"application": row})
    pipeline.reveal(application=row, actor=recruiter.user, company=recruiter.company.name, now=timezone.now())
    return redirect(page)


@require_POST
@for_recruiters
def set_blind(request: HttpRequest, recruiter: Recruiter, job: str) -> HttpResponse:
    """Review without names, or with them; once somebody has applied to a blind posting it stays blind."""
    row = get_object_or_404(Job.objects.of(recruiter.company), public_id=job)
    is_blind = request.POST.get("blind") == "1"
    try:
        posting.set_blind(job=row, is_blind=is_blind)
        if is_blind:
            messages.success(request, _("Names, contact and files stay hidden until the interview."))
    except posting.NotPossibleError:
        messages.error(request, stays_blind())
    return redirect("matching:board", row.public_id)


def stays_blind() -> str:
    return _("People applied trusting that you review without names; it stays so.")


@require_http_methods(["GET", "HEAD", "POST"])
@for_recruiters
def confirm(request: HttpRequest, recruiter: Recruiter, job: str) -> HttpResponse:
    """A posting about to close: let it close, or keep it open for another while."""
    row = get_object_or_404(Job.objects.of(recruiter.company).select_related("company"), public_id=job)
    now = timezone.now()
    if not row.is_open(at=now):
        messages.error(request, not_open())
        return redirect("jobs:company_home")
    if request.method != "POST":
        return render(request, "jobs/confirm_job.html", {"job": row, "days": closing.EXTENSION.days, "now": now})
    try:
        shown = parse_datetime(request.POST.get("shown", ""))
    except ValueError:
        shown = None
    until = closing.extend(job=row, now=now, shown=shown)
    if until is not None:
        words = _("The posting takes applications until %(date)s.")
        messages.success(request, words % {"date": timezone.localdate(until)})
    return redirect("jobs:company_home")


def not_open() -> str:
    return _("This posting is not open, so there is nothing to extend.")


@require_safe
@for_recruiters
def cv_file(request: HttpRequest, recruiter: Recruiter, application: str) -> HttpResponseBase:
    """The CV that was shared, as a download; opening it counts as seeing the application."""
    return shared_cv(readable_application(recruiter, application), recruiter)


def shared_cv(row: Application, recruiter: Recruiter) -> HttpResponseBase:
    """The file, or the text that was read of it; not found while the review is blind."""
    cv = row.cv
    if row.is_blind or cv is None or not (cv.file or cv.text):
        raise Http404
    see(application=row, recruiter=recruiter, now=timezone.now(), opened=AuditEvent.Action.CV_OPENED)
    name = f"cv-{row.public_id}"
    if not cv.file:
        response: HttpResponseBase = HttpResponse(cv.text, content_type="text/plain; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="{name}.txt"'
    else:
        try:
            file = cv.file.open("rb")
        except FileNotFoundError:
            raise Http404 from None
        response = FileResponse(file, as_attachment=True, filename=name + _ending(cv.original_name))
        response["Content-Type"] = "application/octet-stream"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


def _ending(original_name: str) -> str:
    """The ending of a file name where it is one that CVs have."""
    ending = original_name[original_name.rfind(".") :].lower() if "." in original_name else ""
    return ending if ending in (".pdf", ".docx", ".odt", ".txt") else ""

"""Applications: a student sends, follows and withdraws them, a recruiter moves them and reads the CV."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from jobs import pipeline
from jobs.access import for_recruiters, for_students
from jobs.apply import JobClosedError, apply, can_apply, current_cv
from jobs.forms import ApplyForm, MoveForm
from jobs.models import Application, Job, Recruiter
from jobs.pipeline import Side
from jobs.response import usual_days
from jobs.timeline import timeline
from moirai.accounts.audit import record
from moirai.accounts.models import AuditEvent
from students.models import Student

APPLICATIONS_PER_PAGE = 20


@require_http_methods(["GET", "HEAD", "POST"])
@for_students
def apply_to(request: HttpRequest, student: Student, job: str) -> HttpResponse:
    """What is shared, spelled out; then send."""
    now = timezone.now()
    row = get_object_or_404(Job.objects.select_related("company"), public_id=job)
    known = Application.objects.filter(student=student, job=row).first()
    if known is not None:
        messages.info(request, _("You have applied to this posting already."))
        return redirect(known)
    if not row.is_open(at=now):
        if not Job.objects.closed_to_the_public(at=now).filter(pk=row.pk).exists():
            raise Http404
        messages.error(request, _("This posting has closed; it takes no applications any more."))
        return redirect(row)
    cv = current_cv(student)
    form = ApplyForm(request.POST if request.method == "POST" else None, cv_id=cv.public_id if cv else "")
    is_ready = can_apply(student, cv)
    if request.method == "POST" and is_ready and form.is_valid():
        try:
            application, is_new = apply(student=student, job=row, cv=cv, message=form.cleaned_data["message"], now=now)
        except JobClosedError:
            messages.error(request, _("This posting has closed; it takes no applications any more."))
            return redirect(row)
        if is_new:
            words = _("You applied to %(title)s. We keep a copy of what you shared.")
            messages.success(request, words % {"title": row.title})
        return redirect(application)
    context = {"form": form, "job": row, "student": student, "cv": cv, "is_ready": is_ready, "now": now}
    return render(request, "jobs/apply.html", context, status=422 if form.is_bound else 200)


@require_safe
@for_students
def own_list(request: HttpRequest, student: Student) -> HttpResponse:
    """The student's applications, ended ones too, newest first."""
    rows = Application.objects.filter(student=student).newest_first().for_list()
    page = Paginator(rows, APPLICATIONS_PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "jobs/applications.html", {"page": page, "now": timezone.now()})


@require_safe
@for_students
def own(request: HttpRequest, student: Student, application: str) -> HttpResponse:
    """One application and its steps."""
    row = get_object_or_404(Application.objects.for_list(), student=student, public_id=application)
    context = {
        "application": row,
        "steps": timeline(row),
        "usual_days": usual_days(row.job.company),
        "can_withdraw": bool(pipeline.next_statuses(row, side=Side.STUDENT)),
        "job_is_open": row.job.is_open(at=timezone.now()),
    }
    return render(request, "jobs/application.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_students
def withdraw(request: HttpRequest, student: Student, application: str) -> HttpResponse:
    """GET asks, POST withdraws."""
    row = get_object_or_404(Application.objects.for_list(), student=student, public_id=application)
    if request.method != "POST":
        return render(request, "jobs/withdraw.html", {"application": row})
    try:
        pipeline.move(
            application=row, to=pipeline.S.WITHDRAWN, actor=student.user, side=Side.STUDENT, now=timezone.now()
        )
        messages.success(request, _("You withdrew your application. The company cannot open it any more."))
    except pipeline.NotAllowedError:
        messages.error(request, _("This application has ended; there is nothing to withdraw."))
    return redirect(row)


def readable_application(recruiter: Recruiter, public_id: str) -> Application:
    """An application that this recruiter may read: to a posting of a verified company, and not withdrawn."""
    if not recruiter.company.is_verified:
        raise Http404
    readable = Application.objects.of_company(recruiter.company).active().for_list()
    return get_object_or_404(readable, public_id=public_id)


@require_http_methods(["GET", "HEAD", "POST"])
@for_recruiters
def move_to(request: HttpRequest, recruiter: Recruiter, application: str) -> HttpResponse:
    """Move an application on; a page that is out of date says so and changes nothing."""
    row = readable_application(recruiter, application)
    form = MoveForm(
        request.POST if request.method == "POST" else None, choices=pipeline.next_statuses(row, side=Side.COMPANY)
    )
    if request.method == "POST" and request.POST.get("to") == row.status:  # sent twice
        return redirect(_after_move(request, row))
    if request.method == "POST" and form.is_valid():
        try:
            pipeline.move(
                application=row,
                to=form.cleaned_data["to"],
                note=form.cleaned_data["note"],
                actor=recruiter.user,
                side=Side.COMPANY,
                now=timezone.now(),
            )
            messages.success(request, _("Moved to “%(stage)s”.") % {"stage": row.get_status_display()})
        except pipeline.NotAllowedError:
            messages.error(request, _("The application was moved meanwhile. Look at it again."))
        return redirect(_after_move(request, row))
    context = {"form": form, "application": row, "next": request.POST.get("next", request.GET.get("next", ""))}
    return render(request, "jobs/move_application.html", context, status=422 if form.is_bound else 200)


def _after_move(request: HttpRequest, application: Application) -> str:
    """The page that the form came from, else the candidates of the posting."""
    back = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure()):
        return back
    return reverse("matching:candidates", args=[application.job.public_id])


@require_safe
@for_recruiters
def cv_file(request: HttpRequest, recruiter: Recruiter, application: str) -> HttpResponseBase:
    """The CV that was shared, as a download; opening it counts as seeing the application."""
    row = readable_application(recruiter, application)
    now = timezone.now()
    pipeline.mark_seen(application=row, actor=recruiter.user, now=now)
    cv = row.cv
    if cv is None or not (cv.file or cv.text):
        raise Http404
    record(
        action=AuditEvent.Action.CV_OPENED,
        actor=recruiter.user,
        subject=row.student.public_id,
        thing=f"application:{row.public_id}",
        on_behalf_of=recruiter.company.name,
        at=now,
    )
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

"""Applications of a student: sent, followed and withdrawn, with the receipt of what was shared."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from jobs import pipeline
from jobs.access import for_students, unrestricted
from jobs.application_forms import ApplyForm, MessageForm
from jobs.apply import JobClosedError, apply, can_apply, current_cv
from jobs.interviews import interview_of
from jobs.messages import mark_read
from jobs.models import Application, Job, Side
from jobs.response import usual_days
from jobs.timeline import timeline, unpacked, with_timeline
from students.models import Student

APPLICATIONS_PER_PAGE = 20


@require_http_methods(["GET", "HEAD", "POST"])
@for_students
@unrestricted
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
        messages.error(request, closed_words())
        return redirect(row)
    cv = current_cv(student)
    form = apply_form(request, student)
    is_ready = can_apply(student, cv)
    if request.method == "POST" and is_ready and form.is_valid():
        try:
            application, is_new = apply(student=student, job=row, cv=cv, now=now, **form.shared)
        except JobClosedError:
            messages.error(request, closed_words())
            return redirect(row)
        if is_new:
            words = _("You applied to %(title)s. We keep a copy of what you shared.")
            messages.success(request, words % {"title": row.title})
        return redirect(application)
    context = {"form": form, "job": row, "student": student, "cv": cv, "is_ready": is_ready, "now": now}
    return render(request, "jobs/apply.html", context, status=422 if form.is_bound else 200)


def apply_form(request: HttpRequest, student: Student) -> ApplyForm:
    """The form of an application or an accepted invitation, bound to what was sent."""
    cv = current_cv(student)
    data = request.POST if request.method == "POST" else None
    return ApplyForm(data, cv_id=cv.public_id if cv else "", has_phone=bool(student.phone))


def closed_words() -> str:
    return _("This posting has closed; it takes no applications any more.")


@require_safe
@for_students
def own_list(request: HttpRequest, student: Student) -> HttpResponse:
    """The student's applications: those on their way, then the ended ones, newest first."""
    rows = Application.objects.filter(student=student).for_list().with_unread(Side.STUDENT).active_first()
    page = Paginator(rows, APPLICATIONS_PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "jobs/applications.html", {"page": page, "now": timezone.now()})


@require_safe
@for_students
def own(request: HttpRequest, student: Student, application: str) -> HttpResponse:
    """One application with its steps, messages and interview; opening it reads the messages."""
    rows = with_timeline(Application.objects.for_list())
    row = unpacked(get_object_or_404(rows, student=student, public_id=application))
    now = timezone.now()
    mark_read(application=row, side=Side.STUDENT, now=now)
    context = {
        "application": row,
        "steps": timeline(row, side=Side.STUDENT),
        "interview": interview_of(row),
        "message_form": None if row.is_ended else MessageForm(),
        "usual_days": usual_days(row.job.company),
        "can_withdraw": bool(pipeline.next_statuses(row, side=Side.STUDENT)),
        "job_is_open": row.job.is_open(at=now),
        "now": now,
    }
    return render(request, "jobs/application.html", context)


@require_safe
@for_students
def receipt(request: HttpRequest, student: Student, application: str) -> HttpResponse:
    """What the company received, to read or print."""
    row = get_object_or_404(Application.objects.for_list(), student=student, public_id=application)
    return render(request, "jobs/receipt.html", {"application": row})


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

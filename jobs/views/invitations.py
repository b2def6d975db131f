"""Invitations: a recruiter sends them to aliases, a student answers or stays silent."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from jobs import invitations
from jobs.access import for_recruiters, for_students, signed_in, unrestricted
from jobs.application_forms import InviteForm, Shared
from jobs.apply import JobClosedError, can_apply, current_cv
from jobs.grants import visible_to
from jobs.models import Application, Invitation, Job, Recruiter
from jobs.views.applications import apply_form, closed_words
from students.models import Student

INVITATIONS_PER_PAGE = 20


def gone(request: HttpRequest) -> HttpResponse:
    """The same words for a person who hid, who never agreed, and who never was."""
    return render(request, "jobs/gone.html", status=404)


@require_http_methods(["GET", "HEAD", "POST"])
@for_recruiters
def invite(request: HttpRequest, recruiter: Recruiter, job: str, student: str) -> HttpResponse:
    """Ask a person known by an alias to apply."""
    posting = get_object_or_404(Job.objects.of(recruiter.company).select_related("company"), public_id=job)
    person = visible_to(recruiter.company).filter(public_id=student).first()
    if person is None or not recruiter.company.is_verified:
        return gone(request)
    if Application.objects.of_job(posting).active().filter(student=person).exists():
        return redirect("matching:suggested", posting.public_id, person.public_id)
    form = InviteForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            invitations.invite(
                student=person,
                job=posting,
                sender=signed_in(request),
                note=form.cleaned_data["note"],
                now=timezone.now(),
            )
        except invitations.CapReachedError:
            form.add_error(None, _("20 invitations for a posting, 50 a week for a company: no more are left now."))
        except invitations.NotInvitableError:
            messages.error(request, _("This person cannot be invited to this posting now."))
        else:
            messages.success(request, _("The invitation is sent. The name shows once the person accepts."))
        if form.is_valid():
            return redirect("matching:suggested", posting.public_id, person.public_id)
    context = {"form": form, "job": posting, "alias": person.alias, "person": person.public_id}
    return render(request, "jobs/invite.html", context, status=422 if form.is_bound else 200)


@require_safe
@for_students
def own_list(request: HttpRequest, student: Student) -> HttpResponse:
    """The student's invitations, newest first."""
    rows = Invitation.objects.shown_to(student).select_related("job__company").newest_first()
    page = Paginator(rows, INVITATIONS_PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "jobs/invitations.html", {"page": page, "now": timezone.now()})


@require_http_methods(["GET", "HEAD", "POST"])
@for_students
@unrestricted
def own(request: HttpRequest, student: Student, invitation: str) -> HttpResponse:
    """Who asks and why, what would be shared; "share" applies, "not now" tells nobody."""
    rows = Invitation.objects.shown_to(student).select_related("job__company")
    row = get_object_or_404(rows, public_id=invitation)
    now = timezone.now()
    cv = current_cv(student)
    is_open = row.status == Invitation.Status.WAITING and row.expires_at > now and row.job.is_open(at=now)
    form = apply_form(request, student)
    if request.method == "POST" and "decline" in request.POST:
        return _declined(request, row)
    if request.method == "POST" and form.is_valid():
        return _accepted(request, row, student, form.shared)
    context = {
        "invitation": row,
        "job": row.job,
        "student": student,
        "cv": cv,
        "form": form,
        "is_open": is_open,
        "is_ready": can_apply(student, cv),
        "now": now,
    }
    return render(request, "jobs/invitation.html", context, status=422 if form.is_bound else 200)


def _declined(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    try:
        invitations.decline(invitation=invitation, now=timezone.now())
        messages.success(request, _("Done. We do not tell the company; it reads that it waits."))
    except invitations.NotOpenError:
        messages.error(request, over_words())
    return redirect("jobs:invitations")


def _accepted(request: HttpRequest, invitation: Invitation, student: Student, shared: Shared) -> HttpResponse:
    cv = current_cv(student)
    if not can_apply(student, cv):
        return redirect("jobs:invitation", invitation.public_id)
    try:
        application = invitations.accept(invitation=invitation, cv=cv, now=timezone.now(), **shared)
    except JobClosedError:
        messages.error(request, closed_words())
        return redirect("jobs:invitation", invitation.public_id)
    except invitations.NotOpenError:
        messages.error(request, over_words())
        return redirect("jobs:invitations")
    words = _("You shared your profile with %(company)s. We keep a copy of what you shared.")
    messages.success(request, words % {"company": invitation.company.name})
    return redirect(application)


def over_words() -> str:
    return _("This invitation was answered or has expired.")

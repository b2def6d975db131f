"""From an account to matches: upload, reading, review."""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from students.access import student_of
from students.change import decide
from students.forms import CVForm, explanation
from students.models import CV, StudentSkill
from students.progress import progress_of
from students.upload import upload_cv as take_in

logger = logging.getLogger(__name__)
DECISIONS = {
    "yes": StudentSkill.Status.CONFIRMED,
    "learning": StudentSkill.Status.LEARNING,
    "remove": StudentSkill.Status.REMOVED,
}


def _steps() -> list[str]:
    return [_("Account"), _("CV"), _("Skills"), _("Postings")]


@require_GET
@never_cache
def start(request: HttpRequest) -> HttpResponse:
    """Where a student goes on: to the upload, to the reading, or to the matches."""
    student = student_of(request)
    newest = student.cvs.newest_first().defer("text").first()
    if newest is not None and newest.status in {CV.Status.WAITING, CV.Status.READING}:
        return redirect("students:reading")
    has_nothing_to_show = newest is None or newest.status == CV.Status.FAILED
    if has_nothing_to_show and not student.skills.exists():
        return redirect("students:upload_cv")
    return redirect("matching:for_you")


@require_http_methods(["GET", "HEAD", "POST"])
def upload_cv(request: HttpRequest) -> HttpResponse:
    """The form for a CV; what is sent is stored and read in the background."""
    student = student_of(request)
    form = CVForm(request.POST, request.FILES) if request.method == "POST" else CVForm()
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    if form.is_valid():
        try:
            take_in(student=student, file=form.cleaned_data["cv"], now=timezone.now())
            return redirect("students:reading")
        except OSError:  # no room, or no disk
            logger.exception("A CV could not be stored")
            form.add_error("cv", _("We could not store your file: a fault of ours. Try again in a few minutes."))
            status = HTTPStatus.SERVICE_UNAVAILABLE
    current = student.cvs.filter(is_current=True).defer("text").first()
    context = {"form": form, "current": current, "steps": _steps()}
    return render(request, "students/upload_cv.html", context, status=status)


@require_GET
@never_cache
def reading(request: HttpRequest) -> HttpResponse:
    """What is happening to the newest CV; asked for again every two seconds by htmx, or by the link."""
    student = student_of(request)
    cv = student.cvs.newest_first().defer("text").first()
    if cv is None:
        return redirect("students:upload_cv")
    context: dict[str, Any] = {
        "student": student,
        "progress": progress_of(cv, now=timezone.now()),
        "reason": explanation(cv.failure) if cv.status == CV.Status.FAILED else "",
        "form": CVForm(),
        "steps": _steps(),
    }
    name = "students/_reading.html" if getattr(request, "htmx", False) else "students/reading.html"
    response = render(request, name, context)
    patch_vary_headers(response, ["HX-Request"])
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def review_skills(request: HttpRequest) -> HttpResponse:
    """The skills found, each with the sentence that proves it, and the student's word on each."""
    student = student_of(request)
    if request.method == "POST":
        decide(student=student, decisions=_decisions(request), now=timezone.now())
        messages.success(request, _("Saved. Your matches are being updated."))
        return redirect("matching:for_you")
    rows = student.skills.exclude(status=StudentSkill.Status.REMOVED).with_evidence().by_name()
    kept = list(rows)
    cv = student.cvs.filter(is_current=True).defer("text").first()
    count = ngettext("%(count)d skill", "%(count)d skills", len(kept)) % {"count": len(kept)}
    return render(request, "students/review_skills.html", {"rows": kept, "cv": cv, "count": count, "steps": _steps()})


def _decisions(request: HttpRequest) -> dict[int, str]:
    """What was chosen for each skill, by id of its row; anything else that was sent is left out."""
    chosen = {}
    for name, value in request.POST.items():
        number = name.removeprefix("skill-")
        if name.startswith("skill-") and number.isdecimal() and len(number) < 19 and value in DECISIONS:
            chosen[int(number)] = str(DECISIONS[value])
    return chosen

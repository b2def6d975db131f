"""Staff ask a cohort what became of it; graduates answer, signed in or by their link."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from moirai.accounts.models import User
from moirai.accounts.staff import for_staff
from moirai.csv_export import csv_response
from moirai.office.protect import least
from moirai.queueing import queue
from students.access import student_of
from students.models import OutcomeAnswer, OutcomeSurvey
from students.survey import SurveyNotPossibleError, answer, decline, open_survey, row_of, token_of
from students.survey_forms import OutcomeForm, SurveyForm
from students.tasks import ask_graduates

ASK = "students.add_outcomesurvey"
RECENT = 50


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff(ASK)
def surveys(request: HttpRequest, staff: User) -> HttpResponse:
    """The surveys so far, and the form for another."""
    now = timezone.now()
    form = SurveyForm(request.POST if request.method == "POST" else None, today=timezone.localdate(now))
    if form.is_valid():
        try:
            survey = open_survey(**form.cleaned_data, by=staff, now=now)
        except SurveyNotPossibleError as error:
            is_open = str(error) == "open"
            words = _("This cohort is being asked already.") if is_open else _("Nobody of this cohort has an account.")
            form.add_error("degree_program", words)
        else:
            queue(ask_graduates)
            return redirect("students:survey", survey.public_id)
    context = {"form": form, "surveys": OutcomeSurvey.objects.newest_first().with_counts()[:RECENT]}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    return render(request, "office/surveys.html", context, status=status)


@require_safe
@never_cache
@for_staff(ASK)
def survey(request: HttpRequest, staff: User, survey: str) -> HttpResponse:
    """How many were asked and have answered; never who."""
    row = get_object_or_404(OutcomeSurvey.objects.with_counts(), public_id=survey)
    context = {"survey": row, "is_open": row.closes_on >= timezone.localdate(), "is_enough": row.answered >= least()}
    return render(request, "office/survey.html", context)


@require_safe
@never_cache
@for_staff(ASK)
def survey_file(request: HttpRequest, staff: User, survey: str) -> HttpResponseBase:
    """The answers for an accreditation: pseudonyms, no words that a person wrote, and no file about few people."""
    row = get_object_or_404(OutcomeSurvey, public_id=survey)
    answers = row.answers.countable()
    if answers.count() < least():
        raise Http404
    names = ["public_id", "is_working", "is_studying", "through_moirai", "months_to_job"]
    header = [_("Pseudonym"), _("Works"), _("Studies"), _("Found through Moirai"), _("Months until the first job")]
    rows = answers.order_by("public_id").values_list(*names).iterator()
    said = {True: _("Yes"), False: _("No"), None: ""}
    coded = ([first, *(said[value] for value in flags), months] for first, *flags, months in rows)
    return csv_response(name=f"{row.public_id}.csv", header=header, rows=coded)


@require_safe
@never_cache
def my_survey(request: HttpRequest) -> HttpResponse:
    """From the notice to the page of the newest survey that asks this person."""
    rows = OutcomeAnswer.objects.filter(student=student_of(request), survey__closes_on__gte=timezone.localdate())
    row = rows.order_by("-survey__closes_on", "-pk").first()
    if row is None:
        raise Http404
    return redirect("students:outcome", token_of(row))


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def outcome(request: HttpRequest, token: str) -> HttpResponse:
    """The questions, for whoever holds the link; earlier answers are shown to their signed-in author alone."""
    row, now = row_of(token), timezone.now()
    if row is None:
        raise Http404
    if not row.is_open(on=timezone.localdate(now)):
        return render(request, "students/outcome_closed.html", status=HTTPStatus.GONE)
    is_own = row.is_of(request.user)
    form = OutcomeForm.of(row) if is_own else OutcomeForm()
    if request.method == "POST":
        form = OutcomeForm(request.POST)
        if "decline" in request.POST or form.is_valid():
            return _answered(request, row, token, form, now)
    context = {"form": form, "survey": row.survey, "status": row.status, "is_own": is_own}
    return render(request, "students/outcome.html", context, status=422 if form.is_bound else 200)


def _answered(request: HttpRequest, row: OutcomeAnswer, token: str, form: OutcomeForm, now: Any) -> HttpResponse:
    try:
        if "decline" in request.POST:
            decline(row=row, now=now)
            messages.success(request, _("You take no part. We ask you nothing more in this survey."))
        else:
            answer(row=row, answers=form.cleaned_data, now=now)
            messages.success(request, _("Thank you. You can change your answer until the survey closes."))
    except SurveyNotPossibleError:  # it closed meanwhile: the page says so
        pass
    return redirect("students:outcome", token)

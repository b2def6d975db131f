"""Staff import a cohort: file, columns, dry run, stored, undone. The page of an import shows where it stands."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from moirai.accounts.models import User
from moirai.accounts.staff import for_staff
from moirai.csv_export import csv_response
from moirai.csv_import import FileRefusedError
from students.cohort import CohortNotPossibleError, check_cohort, retry_cohort, store_cohort, undo_cohort, upload_cohort
from students.cohort_fields import LABELS
from students.cohort_forms import CohortForm, MappingForm, describe
from students.cohort_report import SHOWN, groups, refused_rows
from students.models import Cohort
from students.tasks import queue_cohort

IMPORTS = "students.add_cohort"
STEPS = {"store": store_cohort, "undo": undo_cohort, "retry": retry_cohort}
RECENT = 20


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff(IMPORTS)
def cohorts(request: HttpRequest, staff: User) -> HttpResponse:
    """The imports so far, and the form for another."""
    form = CohortForm(request.POST, request.FILES) if request.method == "POST" else CohortForm()
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            cohort = upload_cohort(file=file, name=file.name or "", by=staff, now=timezone.now())
        except FileRefusedError as error:
            form.add_error("file", describe(error.problem, error.line))
        else:
            return redirect("students:cohort", cohort.public_id)
    context = {"form": form, "imports": Cohort.objects.newest_first()[:RECENT], "fields": LABELS.values()}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    return render(request, "cohort/cohorts.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@for_staff(IMPORTS)
def cohort(request: HttpRequest, staff: User, cohort: str) -> HttpResponse:
    """Where one import stands, with the next step."""
    row = get_object_or_404(Cohort, public_id=cohort)
    form = MappingForm(cohort=row)
    if request.method == "POST":
        step = request.POST.get("step", "")
        if step == "check":
            form = MappingForm(request.POST, cohort=row)
            if form.is_valid():
                return _step(request, row, lambda **words: check_cohort(mapping=form.mapping, **words))
        elif step in STEPS:
            return _step(request, row, STEPS[step])
        else:
            raise Http404
    context = _context(row) | {"form": form}
    return render(request, "cohort/cohort.html", context, status=422 if form.is_bound else 200)


def _step(request: HttpRequest, row: Cohort, step: Any) -> HttpResponse:
    try:
        step(cohort=row, now=timezone.now())
        queue_cohort(row)
    except CohortNotPossibleError:
        messages.error(request, _("The import was somewhere else already. This is where it stands now."))
    return redirect("students:cohort", row.public_id)


def _context(row: Cohort) -> dict[str, Any]:
    is_done = row.status in (Cohort.Status.CHECKED, Cohort.Status.STORED, Cohort.Status.UNDONE)
    total = sum(row.counts.values()) if row.status == Cohort.Status.STORING else 0
    return {
        "cohort": row,
        "is_working": row.needs_work_since is not None and not row.is_stuck,
        "percent": min(99, 100 * row.done // total) if total else None,
        "groups": groups(row) if is_done else [],
        "will_store": row.counts.get("new", 0) + row.counts.get("changed", 0),
        "problem": describe(row.problem, row.problem_line),
        "shown": SHOWN,
    }


@require_safe
@never_cache
@for_staff(IMPORTS)
def cohort_errors(request: HttpRequest, staff: User, cohort: str) -> HttpResponseBase:
    """The refused rows as CSV, to be put right and imported again."""
    return error_file(get_object_or_404(Cohort, public_id=cohort))


def error_file(row: Cohort) -> HttpResponseBase:
    header = [_("Line"), _("Reason"), *row.header]
    return csv_response(name=f"{row.public_id}-{_('errors')}.csv", header=header, rows=refused_rows(row))

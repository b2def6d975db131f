"""Recruiters bring their postings in a file: first what would happen, then, once they confirm, all of it or nothing."""

from __future__ import annotations

from http import HTTPStatus

from django.contrib import messages
from django.core.signing import BadSignature
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from jobs import importing
from jobs.access import for_recruiters
from jobs.forms import JobForm
from jobs.import_fields import label_of
from jobs.import_forms import ImportForm
from jobs.models import Recruiter
from moirai.csv_import import FileRefusedError
from students.cohort_forms import describe

SHOWN = 50


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@for_recruiters
def import_jobs(request: HttpRequest, recruiter: Recruiter) -> HttpResponse:
    """The form, the dry run, and what the confirmation stores."""
    if "rows" in request.POST:
        return _store(request, recruiter)
    columns = [label_of(name) for name in JobForm.base_fields]
    context: dict[str, object] = {"company": recruiter.company, "shown": SHOWN, "columns": columns}
    form = ImportForm(request.POST, request.FILES) if request.method == "POST" else ImportForm()
    if form.is_valid():
        try:
            context |= _dry_run(form, recruiter)
        except FileRefusedError as error:
            form.add_error("file", describe(error.problem, error.line))
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "jobs/import_jobs.html", context | {"form": form}, status=status)


def _dry_run(form: ImportForm, recruiter: Recruiter) -> dict[str, object]:
    source = importing.read_file(form.cleaned_data["file"].file)
    judged = importing.judge(company=recruiter.company, rows=source.rows, now=timezone.now())
    rows = sorted([*judged, *source.problems], key=lambda row: row.line)
    count = sum(row.outcome in ("new", "changed") for row in rows)
    return {
        "errors": [row for row in rows if row.outcome == "error"],
        "others": [row for row in rows if row.outcome != "error"],
        "shown_slice": f":{SHOWN}",
        "unused": source.unused,
        "packed": importing.pack(company=recruiter.company, judged=rows),
        "will_store": count,
        "is_checked": True,
    }


def _store(request: HttpRequest, recruiter: Recruiter) -> HttpResponse:
    company, sends = recruiter.company, request.POST.get("send") == "yes"
    try:
        rows = importing.unpack(company=company, packed=request.POST["rows"])
        counts = importing.store_rows(company=company, rows=rows, sends=sends, now=timezone.now())
    except BadSignature:
        messages.error(request, _("The page was out of date. Upload the file again."))
    except FileRefusedError as error:
        messages.error(request, describe(error.problem, error.line))
    else:
        words = _("%(new)d new, %(changed)d changed, %(same)d as they were. Sent to review: %(sent)d.")
        messages.success(request, words % counts)
        if counts["blocked"]:
            words = _("%(blocked)d stayed drafts: the review would not take them. Open each to see why.")
            messages.warning(request, words % counts)
        return redirect("jobs:company_home")
    return redirect("jobs:import_jobs")

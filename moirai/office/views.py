"""The reports: a list, and one page and one file for each."""

from __future__ import annotations

from http import HTTPStatus

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from moirai.accounts.models import User
from moirai.accounts.staff import for_staff
from moirai.csv_export import csv_response
from moirai.office.forms import ReportForm
from moirai.office.reports import Report, all_reports, find

VIEW = "moirai.view_reports"


@require_safe
@for_staff(VIEW)
def reports(request: HttpRequest, staff: User) -> HttpResponse:
    return render(request, "office/reports.html", {"reports": all_reports()})


@require_safe
@never_cache
@for_staff(VIEW)
def report(request: HttpRequest, staff: User, slug: str) -> HttpResponse:
    """One report with its filters, chart and table; filters that make no sense are said, and nothing is computed."""
    found, form = _asked(request, slug)
    is_valid = form.is_valid()
    table = found.make(form.asked, timezone.now()) if is_valid else None
    context = {"report": found, "form": form, "table": table, "query": request.GET.urlencode()}
    return render(request, "office/report.html", context, status=200 if is_valid else HTTPStatus.UNPROCESSABLE_ENTITY)


@require_safe
@never_cache
@for_staff(VIEW)
def report_file(request: HttpRequest, staff: User, slug: str) -> HttpResponseBase:
    """The same table as CSV; a cell that is not shown stays empty."""
    found, form = _asked(request, slug)
    if not form.is_valid():
        raise Http404
    table = found.make(form.asked, timezone.now())
    return csv_response(name=f"{found.slug}.csv", header=map(str, table.columns), rows=table.rows)


def _asked(request: HttpRequest, slug: str) -> tuple[Report, ReportForm]:
    found = find(slug)
    if found is None:
        raise Http404
    return found, ReportForm(request.GET, report=found, today=timezone.localdate())

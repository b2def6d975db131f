"""The desk of the careers office: what waits, and a page for each posting, company and case of reports."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django.contrib import messages
from django.db.models import Count, Model, OuterRef, Q, QuerySet, Subquery, Window
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from jobs.comparing import baseline_of, changes
from jobs.models import Application, Company, CompanyDocument, Job, Report, Ruling
from jobs.moderation import JOB_STEPS, REPORT_STEPS, Step, judge_company, judge_job, judge_reports, steps_of
from jobs.moderation_forms import RulingForm
from jobs.posting import NotPossibleError
from jobs.proofread import marked, proofread_with_twins, remarks
from jobs.tax_id import has_right_digit
from moirai.accounts.models import User
from moirai.accounts.staff import for_staff

SHOWN = 20  # of each queue: the oldest
SEVERAL = 3  # reports of one posting that put it first
JOBS, COMPANIES = "jobs.change_job", "jobs.change_company"
M = TypeVar("M", bound=Model)


@require_safe
@for_staff(JOBS, COMPANIES)
def desk(request: HttpRequest, staff: User) -> HttpResponse:
    """Companies, postings and reports that wait, oldest first; postings that several people reported before others."""
    companies, companies_total = _queue(Company.objects.waiting())
    postings, postings_total = _queue(Job.objects.waiting_for_review().for_desk())
    cases = Job.objects.reported(several=SEVERAL)
    context = {
        "companies": companies,
        "companies_total": companies_total,
        "postings": postings,
        "postings_total": postings_total,
        "cases": cases.for_desk()[:SHOWN],
        "cases_total": Report.objects.open().values("job").distinct().count(),
        "several": SEVERAL,
        "now": timezone.now(),
    }
    return render(request, "jobs/desk.html", context)


def _queue(rows: QuerySet[M]) -> tuple[list[M], int]:
    """The oldest that wait and how many wait in all, in one query."""
    found = list(rows.annotate(in_all=Window(Count("pk")))[:SHOWN])
    return found, getattr(found[0], "in_all", 0) if found else 0


def _newest(model: type[Job | Company]) -> Subquery:
    """The revision that a page shows, so that a decision about an older one is noticed."""
    return Subquery(model.revisions.filter(id=OuterRef("pk")).order_by("-history_id").values("history_id")[:1])


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff(JOBS)
def desk_job(request: HttpRequest, staff: User, job: str) -> HttpResponse:
    """A posting to judge: what the linter blames marked in the text, and what changed since it was approved."""
    reported = Count("reports", filter=Q(reports__closed_at__isnull=True))
    rows = Job.objects.select_related("company").annotate(newest=_newest(Job), reported=reported)
    row = get_object_or_404(rows, public_id=job)
    newest = str(row.newest or "")  # type: ignore[attr-defined]
    form = RulingForm(request.POST or None, steps=JOB_STEPS[row.status], now_at=newest)
    if request.method == "POST" and form.is_valid():
        return _judge(request, form, lambda **words: judge_job(job=row, actor=staff, now=timezone.now(), **words))
    findings, revision = proofread_with_twins(row), baseline_of(row)
    said = remarks(row.text, findings)
    context = {
        "job": row,
        "form": form,
        "remarks": said,
        "stretches": marked(row.text, findings, said),
        "revision": revision,
        "changes": changes(row, revision) if revision else [],
        "rulings": row.rulings.newest_first().select_related("actor")[:SHOWN],
        "reported": row.reported,  # type: ignore[attr-defined]
        "now": timezone.now(),
    }
    return render(request, "jobs/desk_job.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff(COMPANIES)
def desk_company(request: HttpRequest, staff: User, company: str) -> HttpResponse:
    """A company to judge: what it says, what it showed, what speaks against it."""
    published = Count("jobs", filter=Q(jobs__status=Job.Status.PUBLISHED))
    row = get_object_or_404(Company.objects.annotate(newest=_newest(Company), published=published), slug=company)
    newest = str(row.newest or "")  # type: ignore[attr-defined]
    form = RulingForm(request.POST or None, steps=steps_of(row), now_at=newest)
    if request.method == "POST" and form.is_valid():
        step = judge_company
        return _judge(request, form, lambda **words: step(company=row, actor=staff, now=timezone.now(), **words))
    context = {
        "company": row,
        "form": form,
        "documents": row.documents.order_by("-uploaded_at"),
        "recruiters": row.recruiters.select_related("user").order_by("-is_owner", "pk")[:SHOWN],
        "rulings": row.rulings.filter(job__isnull=True).newest_first().select_related("actor")[:SHOWN],
        "reported": Report.objects.open().filter(job__company=row).count(),
        "published": row.published,  # type: ignore[attr-defined]
        "has_right_digit": has_right_digit(row.tax_id),
    }
    return render(request, "jobs/desk_company.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff(JOBS)
def desk_reports(request: HttpRequest, staff: User, job: str) -> HttpResponse:
    """The reports of one posting as a case: hide it, tell applicants, close it, ban its company, or dismiss them."""
    row = get_object_or_404(Job.objects.select_related("company"), public_id=job)
    may_ban = staff.has_perm(COMPANIES) and row.company.is_verified
    possible = {
        Step.HIDDEN: row.status == Job.Status.PUBLISHED,
        Step.CLOSED: row.status != Job.Status.CLOSED,
        Step.SUSPENDED: may_ban,
    }
    steps = [step for step in REPORT_STEPS if possible.get(step, True)]
    reports = row.reports.select_related("reporter").order_by("closed_at", "-created_at")[: SHOWN * 5]
    form = RulingForm(request.POST or None, steps=steps, now_at=row.status)
    if request.method == "POST" and form.is_valid():
        return _judge(request, form, lambda **words: judge_reports(job=row, actor=staff, now=timezone.now(), **words))
    context = {
        "job": row,
        "form": form,
        "reports": reports,
        "applicants": Application.objects.filter(job=row).count(),
        "rulings": row.rulings.newest_first().select_related("actor")[:SHOWN],
    }
    return render(request, "jobs/desk_reports.html", context, status=422 if form.is_bound else 200)


@require_safe
@for_staff(COMPANIES)
def document(request: HttpRequest, staff: User, document: int) -> HttpResponseBase:
    """One paper of a company, never shown in the page: it comes from strangers."""
    row = get_object_or_404(CompanyDocument.objects.select_related("company"), pk=document)
    try:
        file = row.file.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    response = FileResponse(file, as_attachment=True, filename=row.original_name)
    response["Content-Type"] = "application/octet-stream"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


def _judge(request: HttpRequest, form: RulingForm, judge: Callable[..., Ruling]) -> HttpResponse:
    """Take the decision, say what was done, and go back to what waits."""
    try:
        ruling = judge(step=Step(form.cleaned_data["step"]), comment=form.cleaned_data["comment"])
    except NotPossibleError:
        messages.error(request, _("Not possible now: the status has changed, or the company is not verified."))
        return redirect(request.path)
    what, step = ruling.job or ruling.company, ruling.get_step_display()
    messages.success(request, _("%(what)s: %(step)s") % {"what": what, "step": step})
    return redirect("jobs:desk")

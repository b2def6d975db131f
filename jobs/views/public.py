"""Pages that anybody may read: the list of postings, one posting, one company."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from jobs import structured
from jobs.access import recruiter_of, student_of
from jobs.models import Application, Company, Job
from jobs.response import usual_days
from jobs.saved import with_saved
from jobs.search import Filters, chips, look, loosened, similar

JOBS_PER_PAGE = 20


def is_fragment(request: HttpRequest) -> bool:
    """Whether htmx asks for the part that changes and not for the page."""
    return request.headers.get("HX-Request") == "true" and "HX-History-Restore-Request" not in request.headers


@login_not_required
@require_safe
def job_list(request: HttpRequest) -> HttpResponse:
    """Open postings, searched and filtered; one URL serves the page and its results."""
    now = timezone.now()
    student = student_of(request)
    jobs = Job.objects.open(at=now)
    filters, counts, spelling = look(jobs, Filters.read(request.GET))
    paginator = Paginator(with_saved(filters.sort(filters.apply(jobs)).for_list(), student), JOBS_PER_PAGE)
    total = paginator.count = counts.of(filters)
    page = paginator.get_page(request.GET.get("page"))
    page.object_list = list(page.object_list)
    context = {
        "filters": filters,
        "spelling": spelling,
        "page": page,
        "total": total,
        "chips": chips(filters),
        "loosened": [] if total else loosened(jobs, filters, counts),
        "facets": counts.facets(filters),
        "may_save": student is not None or not request.user.is_authenticated,
        "is_student": student is not None,
        "now": now,
    }
    template = "jobs/_results.html" if is_fragment(request) else "jobs/job_list.html"
    response = render(request, template, context)
    patch_vary_headers(response, ["HX-Request"])
    return response


@login_not_required
@require_safe
def job_page(request: HttpRequest, job: str, slug: str) -> HttpResponse:
    """One posting: open to all, closed with three like it, anything else only to its company and staff."""
    now = timezone.now()
    student, recruiter = student_of(request), recruiter_of(request)
    posting = get_object_or_404(with_saved(Job.objects.select_related("company"), student), public_id=job)
    is_open = posting.is_open(at=now)
    is_closed = not is_open and Job.objects.closed_to_the_public(at=now).filter(pk=posting.pk).exists()
    is_own = recruiter is not None and recruiter.company_id == posting.company_id
    if not (is_open or is_closed or is_own or getattr(request.user, "is_staff", False)):
        raise Http404
    if slug != posting.slug:
        return redirect(posting, permanent=is_open)
    if is_closed and not is_own:
        others = similar(posting, with_saved(Job.objects.open(at=now), student))
        return render(request, "jobs/job_closed.html", {"job": posting, "similar": others, "now": now})
    context = {
        "job": posting,
        "rows": posting.skills.asked().select_related("skill").order_by("-level", "start", "id"),
        "usual_days": usual_days(posting.company),
        "student": student,
        "application": Application.objects.filter(student=student, job=posting).first() if student else None,
        "structured": structured.script(posting) if is_open else "",
        "may_report": is_open and not is_own and request.user.is_authenticated,
        "is_open": is_open,
        "is_own": is_own,
        "now": now,
    }
    return render(request, "jobs/job.html", context)


@login_not_required
@require_safe
def company_page(request: HttpRequest, company: str) -> HttpResponse:
    """A verified company and its open postings; others only their own recruiters see."""
    now = timezone.now()
    employer = get_object_or_404(Company, slug=company)
    recruiter = recruiter_of(request)
    if not employer.is_verified and (recruiter is None or recruiter.company_id != employer.pk):
        raise Http404
    jobs = Job.objects.open(at=now).of(employer).newest_first().for_list()
    page = Paginator(with_saved(jobs, student_of(request)), JOBS_PER_PAGE).get_page(request.GET.get("page"))
    context = {"company": employer, "page": page, "usual_days": usual_days(employer), "now": now}
    return render(request, "jobs/company.html", context)

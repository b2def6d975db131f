"""A recruiter's own company: registration and the page that begins with what is to do."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from jobs.access import for_recruiters, recruiter_of, signed_in
from jobs.forms import CompanyForm
from jobs.models import Job, Recruiter
from jobs.register import register_company
from moirai.accounts.models import User

EXPIRING = timedelta(days=7)
JOBS_PER_PAGE = 20
SHOWN = ("public_id", "title", "slug", "status", "status_reason", "published_at", "closes_at")


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """Where a recruiter begins."""
    return redirect("jobs:company_home" if recruiter_of(request) else "jobs:register_company")


@require_http_methods(["GET", "HEAD", "POST"])
def register(request: HttpRequest) -> HttpResponse:
    """Register the company that this recruiter acts for."""
    user = signed_in(request)
    if user.role != User.Role.RECRUITER:
        raise PermissionDenied
    if recruiter_of(request) is not None:
        return redirect("jobs:company_home")
    form = CompanyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        fields = {name: form.cleaned_data[name] for name in CompanyForm.Meta.fields}
        register_company(user=user, fields=fields, position=form.cleaned_data["position"])
        messages.success(
            request, _("Your company is registered. The careers office will verify it; you can draft already.")
        )
        return redirect("jobs:company_home")
    status = 422 if form.is_bound else 200
    return render(request, "jobs/register_company.html", {"form": form}, status=status)


@require_safe
@for_recruiters
def home(request: HttpRequest, recruiter: Recruiter) -> HttpResponse:
    """What is to do first, then all postings with their counts."""
    now = timezone.now()
    company = recruiter.company
    own = Job.objects.of(company).only(*SHOWN)
    page = Paginator(own.with_counts().order_by("-created_at", "-id"), JOBS_PER_PAGE).get_page(request.GET.get("page"))
    expiring = own.filter(status=Job.Status.PUBLISHED, closes_at__range=(now, now + EXPIRING))
    waiting = own.with_unanswered()
    context = {
        "company": company,
        "recruiter": recruiter,
        "page": page,
        "waiting": waiting[:10],
        "returned": own.filter(status=Job.Status.RETURNED).order_by("-updated_at")[:10],
        "in_review": own.filter(status=Job.Status.IN_REVIEW).order_by("updated_at")[:10],
        "expiring": expiring.closing_first()[:10],
        "now": now,
    }
    return render(request, "jobs/company_home.html", context)

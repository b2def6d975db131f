"""Which companies may look at a student, and taking that back from one of them."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from jobs.access import for_students, signed_in
from jobs.grants import revoke
from jobs.models import Company, CompanyGrant
from students.models import Student


@require_safe
@never_cache
@for_students
def companies(request: HttpRequest, student: Student) -> HttpResponse:
    """Every company that was let in, those that were shut out again too."""
    grants = CompanyGrant.objects.of(student).select_related("company").order_by("revoked_at", "-given_at", "pk")
    return render(request, "privacy/companies.html", {"grants": grants})


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@for_students
def close_to(request: HttpRequest, student: Student, company: str) -> HttpResponse:
    """GET asks, POST closes: the company opens nothing of this student from its next request on."""
    row = get_object_or_404(Company.objects.filter(grants__student=student), slug=company)
    if request.method != "POST":
        return render(request, "privacy/close_to.html", {"company": row})
    revoke(student=student, company=row, actor=signed_in(request), now=timezone.now())
    messages.success(request, _("%(company)s cannot open your data any more.") % {"company": row.name})
    return redirect("jobs:companies_that_see")

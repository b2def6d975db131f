"""How a company comes to be verified: its facts, its papers, its answers."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from jobs import moderation
from jobs.access import for_recruiters
from jobs.company_forms import AnswerForm, DocumentForm
from jobs.documents import MOST, TooManyError, add_document
from jobs.forms import CompanyForm
from jobs.models import Company, Recruiter
from jobs.register import change_company

JUDGED = ("name", "legal_name", "tax_id")  # what verification was about


@require_http_methods(["GET", "HEAD", "POST"])
@for_recruiters
def verification(request: HttpRequest, recruiter: Recruiter) -> HttpResponse:
    """Where the verification stands, the papers sent, and one more to send."""
    company, now = recruiter.company, timezone.now()
    is_answer = "comment" in request.POST
    form = DocumentForm(request.POST, request.FILES) if request.method == "POST" and not is_answer else DocumentForm()
    answer = AnswerForm(request.POST if is_answer else None)
    if form.is_bound and form.is_valid():
        try:
            add_document(company=company, uploaded_by=recruiter.user, now=now, **form.cleaned_data)
            messages.success(request, _("The document was sent."))
        except TooManyError:
            messages.error(request, _("There are %(most)d documents already. Remove one first.") % {"most": MOST})
        return redirect("jobs:verification")
    if answer.is_bound and answer.is_valid():
        moderation.answer(company=company, comment=answer.cleaned_data["comment"], actor=recruiter.user, now=now)
        messages.success(request, _("Sent. The careers office looks again."))
        return redirect("jobs:verification")
    is_wrong = form.is_bound or answer.is_bound
    context = {
        "company": company,
        "form": answer if is_answer else form,
        "document_form": form,
        "answer_form": answer if company.status == Company.Status.NEEDS_INFO else None,
        "documents": company.documents.order_by("-uploaded_at"),
    }
    return render(request, "jobs/verification.html", context, status=422 if is_wrong else 200)


@require_POST
@for_recruiters
def remove_document(request: HttpRequest, recruiter: Recruiter, document: int) -> HttpResponse:
    """Take a paper back, as long as nobody has verified the company with it."""
    if recruiter.company.is_verified:
        raise Http404
    get_object_or_404(recruiter.company.documents, pk=document).delete()
    messages.success(request, _("The document was removed."))
    return redirect("jobs:verification")


@require_http_methods(["GET", "HEAD", "POST"])
@for_recruiters
def edit(request: HttpRequest, recruiter: Recruiter) -> HttpResponse:
    """The facts of the company; what it was verified by sends it back to verification."""
    company = Company.objects.get(pk=recruiter.company_id)  # a refused form must not change what the page says
    form = CompanyForm(request.POST if request.method == "POST" else None, instance=company)
    form.fields["position"].initial = recruiter.position
    if request.method == "POST" and form.is_valid():
        fields = {name: form.cleaned_data[name] for name in CompanyForm.Meta.fields}
        position, now = form.cleaned_data["position"], timezone.now()
        again = change_company(recruiter=recruiter, fields=fields, position=position, judged=JUDGED, now=now)
        messages.success(request, _("Saved."))
        if again:
            messages.info(request, _("You changed the name or the tax id, so the careers office verifies it again."))
        return redirect("jobs:company_home")
    context = {"form": form, "company": recruiter.company}
    return render(request, "jobs/edit_company.html", context, status=422 if form.is_bound else 200)

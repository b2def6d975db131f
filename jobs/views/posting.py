"""The posting wizard: text, skills, review; and closing."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from jobs import moderation, posting
from jobs.access import for_recruiters
from jobs.detect import detect
from jobs.forms import AddSkillForm, CloseForm, JobForm, LevelsForm
from jobs.models import Company, Job, Recruiter, Ruling
from jobs.preview import FACTS, asked_with_quotes, preview
from jobs.proofread import proofread_with_twins, remarks
from jobs.views.public import is_fragment


def own_job(recruiter: Recruiter, public_id: str) -> Job:
    """A posting of the recruiter's company; any other is not found."""
    return get_object_or_404(Job.objects.of(recruiter.company).select_related("company"), public_id=public_id)


@require_http_methods(["GET", "HEAD", "POST"])
@for_recruiters
def new_job(request: HttpRequest, recruiter: Recruiter) -> HttpResponse:
    """The first step for a posting that is not there yet."""
    return _text_step(request, recruiter, Job(company=recruiter.company))


@require_http_methods(["GET", "HEAD", "POST"])
@for_recruiters
def edit(request: HttpRequest, recruiter: Recruiter, job: str) -> HttpResponse:
    """The first step for a posting that is there; a closed one cannot be changed."""
    row = own_job(recruiter, job)
    if row.status in posting.ENDED:
        messages.error(request, _("This posting is closed and cannot be changed any more."))
        return redirect("jobs:company_home")
    return _text_step(request, recruiter, row)


def _text_step(request: HttpRequest, recruiter: Recruiter, job: Job) -> HttpResponse:
    """Text and facts. A POST by htmx or by "Detect" only previews; the form's own button stores."""
    now = timezone.now()
    was_published = job.status == Job.Status.PUBLISHED
    form = JobForm(request.POST if request.method == "POST" else None, instance=job, now=now)
    if request.method == "POST" and is_fragment(request):
        response = render(request, "jobs/_detected.html", {"detected": preview(request.POST)})
        patch_vary_headers(response, ["HX-Request"])
        return response
    if "detect" in request.POST:
        form = JobForm(initial=request.POST.dict(), instance=job, now=now)
    elif request.method == "POST" and form.is_valid():
        stored = store_text(form, job.pk, recruiter.company)
        if was_published and stored.status == Job.Status.IN_REVIEW:
            messages.info(request, judge_again(stored))
        return redirect("jobs:job_skills", stored.public_id)
    detected = preview(request.POST) if request.method == "POST" else preview(_texts(job))
    context = {
        "form": form,
        "job": job,
        "company": recruiter.company,
        "detected": detected,
        "was_published": was_published,
    }
    return render(request, "jobs/job_text.html", context, status=422 if form.is_bound else 200)


def judge_again(job: Job) -> str:
    """The rules judge a rewritten posting at once; those that they do not publish again wait for staff."""
    ruling = moderation.decide(job=job, findings=proofread_with_twins(job), now=timezone.now())
    if ruling.step == moderation.Step.AUTOMATIC:
        return _("You changed the text of a published posting. Nothing was found in it, so it stays published.")
    return _("You changed the text of a published posting, so it goes back to review.")


def _texts(job: Job) -> dict[str, str]:
    names = (*posting.TEXTS, *FACTS)
    return {name: "" if getattr(job, name) is None else str(getattr(job, name)) for name in names}


def store_text(form: JobForm, job_id: int | None, company: Company) -> Job:
    """Store, then read the skills at once so that the next step has them; the task does it should this be cut off."""
    now = timezone.now()
    if job_id is None:
        job = posting.write_job(company=company, fields=form.job_fields, now=now)
    else:
        job = posting.edit_job(job=Job(pk=job_id), fields=form.job_fields, now=now)
    if job.needs_detection_since is not None:
        detect(job=job, now=now)
    return job


@require_http_methods(["GET", "HEAD", "POST"])
@for_recruiters
def skills(request: HttpRequest, recruiter: Recruiter, job: str) -> HttpResponse:
    """The second step: each skill required, preferred or ignored, and more by hand."""
    row = own_job(recruiter, job)
    now = timezone.now()
    rows = list(row.skills.select_related("skill").order_by("start", "id"))
    form = LevelsForm(request.POST if request.method == "POST" else None, rows=rows)
    adding = "add" in request.POST or bool(request.POST.get("name", "").strip())
    add_form = AddSkillForm(request.POST if adding else None)
    if request.method == "POST" and form.is_valid():
        posting.set_levels(job=row, levels=form.levels, now=now)
        if not adding:
            return redirect("jobs:review_job", row.public_id)
        if add_form.is_valid():  # also what was typed and not added before "Save and review"
            posting.add_skill(job=row, skill=add_form.skill, level=add_form.cleaned_data["level"], now=now)
            messages.success(request, _("Added: %(skill)s") % {"skill": add_form.skill.name})
            return redirect("jobs:job_skills" if "add" in request.POST else "jobs:review_job", row.public_id)
    is_wrong = bool(form.errors or add_form.errors)
    context = {
        "job": row,
        "asked": asked_with_quotes(row, rows),
        "form": add_form if adding else form,
        "add_form": add_form,
    }
    return render(request, "jobs/job_skills.html", context, status=422 if is_wrong else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@for_recruiters
def review(request: HttpRequest, recruiter: Recruiter, job: str) -> HttpResponse:
    """The last step: the posting as students will read it, and the button that hands it to staff."""
    row = own_job(recruiter, job)
    is_blocked = False
    if request.method == "POST":
        try:
            return _sent(request, moderation.submit(job=row, now=timezone.now()))
        except posting.NotPossibleError:
            words = _("This posting cannot be sent for review now.")
            messages.error(request, words if row.company.is_verified else _("Your company must be verified first."))
            return redirect("jobs:review_job", row.public_id)
        except moderation.BlockedError:
            is_blocked = True
    said = remarks(row.text, proofread_with_twins(row))
    context = {
        "job": row,
        "rows": row.skills.asked().select_related("skill").order_by("-level", "start", "id"),
        "can_send": row.company.is_verified and row.status in (Job.Status.DRAFT, Job.Status.RETURNED),
        "remarks": said,
        "blocking": [remark for remark in said if remark.blocks],
        "is_blocked": is_blocked,
        "now": timezone.now(),
    }
    return render(request, "jobs/review_job.html", context, status=422 if is_blocked else 200)


def _sent(request: HttpRequest, ruling: Ruling | None) -> HttpResponse:
    if ruling is not None and ruling.step == moderation.Step.AUTOMATIC:
        messages.success(request, _("Published. Nothing was found in it, and your company is trusted."))
    else:
        messages.success(request, _("Sent for review. We tell you when it is published."))
    return redirect("jobs:company_home")


@require_http_methods(["GET", "HEAD", "POST"])
@for_recruiters
def close(request: HttpRequest, recruiter: Recruiter, job: str) -> HttpResponse:
    """Ask for the reason, then close."""
    row = own_job(recruiter, job)
    form = CloseForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        posting.close_job(job=row, reason=form.cleaned_data["reason"], now=timezone.now())
        messages.success(request, _("The posting is closed: %(title)s") % {"title": row.title})
        return redirect("jobs:company_home")
    return render(request, "jobs/close_job.html", {"form": form, "job": row}, status=422 if form.is_bound else 200)

"""What students save: postings, and searches whose new postings are mailed."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.core.signing import BadSignature
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jobs.access import for_students
from jobs.models import Job, SavedJob, SavedSearch
from jobs.saved import (
    MOST_SEARCHES,
    NoRoomError,
    TooLongError,
    change_frequency,
    filters_of,
    forget_job,
    preview,
    save_job,
    save_search,
    searches_of,
)
from jobs.saved_forms import FREQUENCIES, FrequencyForm
from jobs.search import Filters
from jobs.views.public import JOBS_PER_PAGE, is_fragment
from students.models import Student


@require_http_methods(["GET", "HEAD", "POST"])
@for_students
def save(request: HttpRequest, student: Student, job: str) -> HttpResponse:
    """POST keeps a posting or lets it go, as ``saved`` says; GET, after signing in on the way, shows the posting."""
    now = timezone.now()
    row = get_object_or_404(Job.objects.select_related("company"), public_id=job)
    is_public = row.is_open(at=now) or Job.objects.closed_to_the_public(at=now).filter(pk=row.pk).exists()
    is_kept = SavedJob.objects.filter(student=student, job=row).exists()
    if not (is_public or is_kept):
        raise Http404
    if request.method != "POST":
        return redirect(row)
    words = _("Saved.")
    if request.POST.get("saved") == "0":
        forget_job(student=student, job=row)
        is_kept, words = False, _("Not saved any more.")
    else:
        try:
            save_job(student=student, job=row, now=now)
            is_kept = True
        except NoRoomError:
            words = _("You have saved as many postings as there may be. Remove some first.")
    row.is_saved = is_kept
    if is_fragment(request):
        return render(request, "jobs/_save_swap.html", {"job": row, "words": words})
    messages.info(request, words)
    return redirect(_back(request, row.get_absolute_url()))


def _back(request: HttpRequest, otherwise: str) -> str:
    """The page of this site that the button stood on."""
    page = request.headers.get("Referer", "")
    is_ours = url_has_allowed_host_and_scheme(page, {request.get_host()}, require_https=request.is_secure())
    return page if page and is_ours else otherwise


@require_safe
@for_students
def saved_jobs(request: HttpRequest, student: Student) -> HttpResponse:
    """The postings that the student saved, last saved first; closed ones stay and say so."""
    rows = SavedJob.objects.filter(student=student).still_public().newest_first()
    page = Paginator(rows, JOBS_PER_PAGE).get_page(request.GET.get("page"))
    found = Job.objects.for_list().in_bulk([row.job_id for row in page])
    jobs = [found[row.job_id] for row in page if row.job_id in found]
    now = timezone.now()
    for job in jobs:
        job.is_saved = True
    context = {"page": page, "jobs": [(job, job.is_open(at=now)) for job in jobs], "now": now}
    return render(request, "jobs/saved.html", context)


@require_safe
@for_students
def alerts(request: HttpRequest, student: Student) -> HttpResponse:
    """The student's saved searches, each with how often it is looked at."""
    rows = SavedSearch.objects.filter(student=student).order_by("-created_at", "-pk")
    searches = [(row, filters_of(row).label) for row in rows]
    context = {"searches": searches, "most": MOST_SEARCHES, "frequencies": FREQUENCIES}
    return render(request, "jobs/alerts.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_students
def new_alert(request: HttpRequest, student: Student) -> HttpResponse:
    """GET shows what mails would have held; POST saves the search that stands in the address."""
    now = timezone.now()
    filters = Filters.read(request.GET)
    form = FrequencyForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            frequency = form.cleaned_data["frequency"]
            _search, is_new = save_search(student=student, filters=filters, frequency=frequency, now=now)
            done = _("We will tell you of new postings.") if is_new else _("You had saved this search already.")
            messages.success(request, done)
            return redirect("jobs:alerts")
        except NoRoomError:
            form.add_error(None, _("You have 20 alerts, as many as there may be. Delete one first."))
        except TooLongError:
            form.add_error(None, _("This search is too long to be saved. Use fewer words or cities."))
    context = {
        "form": form,
        "filters": filters,
        "previews": [
            (label, preview(student=student, filters=filters, frequency=choice, now=now))
            for choice, label in FREQUENCIES
        ],
    }
    return render(request, "jobs/alert_new.html", context, status=422 if form.errors else 200)


@require_POST
@for_students
def change_alert(request: HttpRequest, student: Student, search: str) -> HttpResponse:
    """Another frequency."""
    row = get_object_or_404(SavedSearch, student=student, public_id=search)
    form = FrequencyForm(request.POST)
    if form.is_valid():
        change_frequency(search=row, frequency=form.cleaned_data["frequency"], now=timezone.now())
        messages.success(request, _("Your alert was changed."))
    else:
        messages.error(request, _("Choose daily or weekly."))
    return redirect("jobs:alerts")


@require_POST
@for_students
def delete_alert(request: HttpRequest, student: Student, search: str) -> HttpResponse:
    """End an alert; deleted twice it is deleted once."""
    SavedSearch.objects.filter(student=student, public_id=search).delete()
    messages.success(request, _("Your alert was deleted."))
    return redirect("jobs:alerts")


@csrf_exempt  # mail programs send this form without having read a page (RFC 8058); the token is what proves the right
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """The address in an alert's mail: GET asks, POST ends the alert, with no session needed."""
    try:
        searches = searches_of(token)
    except BadSignature:
        return render(request, "jobs/alert_end.html", {"is_forged": True}, status=404)
    if request.method == "POST":
        searches.delete()
        return render(request, "jobs/alert_end.html", {"is_over": True})
    search = searches.first()
    context = {"is_over": search is None, "label": filters_of(search).label if search else ""}
    return render(request, "jobs/alert_end.html", context)

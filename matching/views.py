"""Pages of matches: what fits a student and why, and the same evidence for recruiters."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.db.models import OuterRef, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from jobs.access import for_recruiters, for_students, readable_application, unrestricted
from jobs.application_forms import MessageForm
from jobs.grants import visible_to
from jobs.interviews import interview_of
from jobs.looking import look_at, look_at_profile, message_to_company
from jobs.models import Application, Invitation, Job, Recruiter, Side
from jobs.pipeline import next_statuses
from jobs.saved import with_saved
from jobs.search import Counts, Filters, chips
from jobs.timeline import timeline, unpacked, with_timeline
from jobs.views.invitations import gone
from jobs.views.public import is_fragment
from matching import cards, market, modelstore, pair
from matching.candidates import candidates_of
from matching.filters import LEVEL, Band, bands
from matching.models import Match
from matching.redaction import redacted
from moirai.children import forget
from students.models import Student

MATCHES_PER_PAGE = 10


@require_safe
@for_students
@unrestricted
def for_you(request: HttpRequest, student: Student) -> HttpResponse:
    """The student's matches with open postings, best first; one URL serves the page and its results."""
    now = timezone.now()
    band = Band.read(request.GET)
    filters = Filters.read(request.GET)
    jobs = Job.objects.open(at=now).filter(matches__student=student)
    counts = Counts(jobs, filters, level=LEVEL, least=band.least)
    matches = Match.objects.filter(student=student, score__gte=band.hundredths).of_open_jobs(at=now)
    if filters.is_active:
        matches = matches.filter(job__in=filters.apply(Job.objects.all()).values("pk"))
    rows = with_saved(matches.sorted_by(request.GET.get("order", "")).for_list(), student, job="job")
    paginator = Paginator(rows, MATCHES_PER_PAGE)
    paginator.count = counts.of(filters)
    page = paginator.get_page(request.GET.get("page"))
    fragment = is_fragment(request)
    profile = None if fragment else cards.profile_of(student)
    shown = cards.of_student(student, list(page), now=now, profile=profile)
    context = {
        "student": student,
        "cards": shown,
        "page": page,
        "total": page.paginator.count,
        "filters": filters,
        "order": request.GET.get("order", ""),
        "band": band,
        "bands": bands(Counts(jobs, Filters(), level=LEVEL) if filters.query else counts, band),
        "chips": chips(filters),
        "facets": counts.facets(filters),
        "profile": profile,
        "lift": None if fragment or not page.paginator.count else market.hint(student, now=now),
        "now": now,
    }
    template = "matching/_results.html" if fragment else "matching/for_you.html"
    response = render(request, template, context)
    patch_vary_headers(response, ["HX-Request"])
    return response


@require_safe
@for_students
@unrestricted
def why(request: HttpRequest, student: Student, job: str) -> HttpResponse:
    """Why this posting has this score for the signed-in student, with the sentences that prove it."""
    now = timezone.now()
    posting = get_object_or_404(Job.objects.open(at=now).select_related("company"), public_id=job)
    try:
        explanation = pair.explain_pair(student, posting, now=now)
    except modelstore.NoModelError:
        return render(request, "matching/not_yet.html", {"job": posting}, status=503)
    context = {
        "explanation": explanation,
        "job": posting,
        "now": now,
        "application": Application.objects.filter(student=student, job=posting).first(),
        "is_stale": student.needs_matching_since is not None or posting.needs_matching_since is not None,
    }
    return render(request, "matching/why.html", context)


@require_safe
@for_recruiters
def candidates(request: HttpRequest, recruiter: Recruiter, job: str) -> HttpResponse:
    """Who applied, by name, and who consented to be suggested, anonymously; both ranked on the same evidence."""
    rows = Job.objects.of(recruiter.company).select_related("company").with_counts()
    posting = get_object_or_404(rows, public_id=job)
    found = candidates_of(posting, page=request.GET.get("page"), now=timezone.now())
    return render(request, "matching/candidates.html", {"job": posting, "found": found})


@require_safe
@for_recruiters
def candidate(request: HttpRequest, recruiter: Recruiter, application: str) -> HttpResponse:
    """One applicant with the evidence that the student sees; the first look marks the application as seen."""
    rows = pair.with_person(with_timeline(Application.objects.for_list()), student="student")
    row = unpacked(readable_application(recruiter, application, rows))
    if look_at(application=row, recruiter=recruiter, now=timezone.now()):
        forget(row, "events")  # the look was one more
    pair.unpack_person(row, row.student)
    is_blind = row.is_blind
    context = {
        "application": row,
        "job": row.job,
        "is_blind": is_blind,
        "message": message_to_company(row),
        "moves": next_statuses(row, side=Side.COMPANY),
        "steps": timeline(row, side=Side.COMPANY),
        "interview": interview_of(row),
        "message_form": None if row.is_ended else MessageForm(),
    }
    return explained(request, "matching/candidate.html", row.student, row.job, context, anonymous=is_blind)


@require_safe
@for_recruiters
def suggested(request: HttpRequest, recruiter: Recruiter, job: str, student: str) -> HttpResponse:
    """A consenting student's anonymous profile: evidence without name, contact or file."""
    posting = get_object_or_404(Job.objects.of(recruiter.company).select_related("company"), public_id=job)
    own = {
        "applied_as": Application.objects.of_job(posting).active().values("public_id"),
        "has_applied": Application.objects.of_job(posting).values("pk"),
    }
    people = pair.with_person(visible_to(recruiter.company).select_related("user")).annotate(
        **{name: Subquery(rows.filter(student=OuterRef("pk"))[:1]) for name, rows in own.items()}
    )
    person: Any = people.filter(public_id=student).first()  # with what is annotated above
    if person is None or not recruiter.company.is_verified:
        return gone(request)
    if person.applied_as is not None:
        return redirect("matching:candidate", person.applied_as)
    pair.unpack_person(person, person)
    now = timezone.now()
    look_at_profile(student=person, job=posting, recruiter=recruiter, now=now)
    context: dict[str, object] = {
        "job": posting,
        "invitation": Invitation.objects.filter(job=posting, student=person).first(),
        "can_invite": bool(
            person.user and person.user.is_active and not person.has_applied and posting.is_open(at=now)
        ),
    }
    return explained(request, "matching/suggested.html", person, posting, context, anonymous=True)


def explained(
    request: HttpRequest,
    template: str,
    student: Student,
    job: Job,
    context: dict[str, object],
    *,
    anonymous: bool = False,
) -> HttpResponse:
    """The page of one pair as a recruiter sees it."""
    try:
        explanation = pair.explain_pair(student, job, now=timezone.now(), anonymous=anonymous)
    except modelstore.NoModelError:
        return render(request, "matching/not_yet.html", context, status=503)
    context["explanation"] = redacted(explanation) if anonymous else explanation
    return render(request, template, context | {"student": student, "now": timezone.now()})

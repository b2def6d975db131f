"""Pages of matches: what fits a student and why, and the same evidence for recruiters."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from jobs import invitations
from jobs.access import for_recruiters, for_students, readable_application, signed_in, unrestricted
from jobs.application_forms import MessageForm
from jobs.grants import visible_to
from jobs.interviews import interview_of
from jobs.looking import look_at, message_to_company
from jobs.models import Application, Invitation, Job, Recruiter, Side
from jobs.pipeline import next_statuses
from jobs.saved import mark_saved
from jobs.search import Filters, chips, facets
from jobs.timeline import timeline
from jobs.views.invitations import gone
from jobs.views.public import is_fragment
from matching import cards, market, modelstore, pair
from matching.filters import Band, bands
from matching.models import Match
from matching.redaction import redacted
from moirai.accounts.audit import record
from moirai.accounts.models import AuditEvent
from students.models import Student

MATCHES_PER_PAGE = 10
CANDIDATES_PER_PAGE = 20
WORTH_A_HINT = 2  # postings that one more skill must lift before the page speaks of it


@require_safe
@for_students
@unrestricted
def for_you(request: HttpRequest, student: Student) -> HttpResponse:
    """The student's matches with open postings, best first; one URL serves the page and its results."""
    now = timezone.now()
    band = Band.read(request.GET)
    filters = Filters.read(request.GET)
    jobs = Job.objects.open(at=now).filter(matches__student=student, matches__score__gte=band.hundredths)
    wanted = filters.apply(jobs).order_by().values("pk")
    matches = Match.objects.filter(student=student, job__in=wanted).sorted_by(request.GET.get("order", ""))
    page = Paginator(matches.for_list(), MATCHES_PER_PAGE).get_page(request.GET.get("page"))
    fragment = is_fragment(request)
    profile = None if fragment else cards.profile_of(student)
    shown = cards.of_student(student, list(page), now=now, profile=profile)
    mark_saved([card.match.job for card in shown], student)
    context = {
        "student": student,
        "cards": shown,
        "page": page,
        "total": page.paginator.count,
        "filters": filters,
        "order": request.GET.get("order", ""),
        "band": band,
        "bands": bands(Match.objects.filter(student=student).of_open_jobs(at=now), band),
        "chips": chips(filters),
        "facets": facets(jobs, filters),
        "profile": profile,
        "lift": None if fragment or not page.paginator.count else lift_of(student),
        "now": now,
    }
    template = "matching/_results.html" if fragment else "matching/for_you.html"
    response = render(request, template, context)
    patch_vary_headers(response, ["HX-Request"])
    return response


def lift_of(student: Student) -> market.Lift | None:
    """The skill that lifts most, or None while no model serves."""
    try:
        return market.best_lift(student, now=timezone.now(), least=WORTH_A_HINT)
    except modelstore.NoModelError:
        return None


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


@dataclass(frozen=True, slots=True)
class Candidate:
    """One line of a posting's candidates: an application, or a suggested student without a name."""

    card: cards.Card
    application: Application | None
    is_invited: bool = False


@require_safe
@for_recruiters
def candidates(request: HttpRequest, recruiter: Recruiter, job: str) -> HttpResponse:
    """Who applied, by name, and who consented to be suggested, anonymously; both ranked on the same evidence."""
    posting = get_object_or_404(Job.objects.of(recruiter.company).select_related("company"), public_id=job)
    now = timezone.now()
    ranked = Match.objects.of_job(posting).filter(student=OuterRef("student"))
    readable = Application.objects.of_job(posting).active().for_list().annotate(is_ranked=Exists(ranked))
    applications = {row.student_id: row for row in readable} if recruiter.company.is_verified else {}
    matches = Match.objects.of_job(posting).shown_to_companies(list(applications)).best_first()
    if not recruiter.company.is_verified:
        matches = matches.filter(student__in=list(applications))
    page = Paginator(matches.select_related("student__user"), CANDIDATES_PER_PAGE).get_page(request.GET.get("page"))
    asked = set(posting.invitations.in_force().filter(expires_at__gt=now).values_list("student_id", flat=True))
    rows = [
        Candidate(card, applications.get(card.match.student_id), card.match.student_id in asked)
        for card in cards.of_job(posting, list(page))
    ]
    context = {
        "job": posting,
        "page": page,
        "candidates": rows,
        "unranked": [row for row in applications.values() if not row.is_ranked],
        "applied": len(applications),
    }
    return render(request, "matching/candidates.html", context)


@require_safe
@for_recruiters
def candidate(request: HttpRequest, recruiter: Recruiter, application: str) -> HttpResponse:
    """One applicant with the evidence that the student sees; the first look marks the application as seen."""
    row = readable_application(recruiter, application)
    look_at(application=row, recruiter=recruiter, now=timezone.now())
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
    person = visible_to(recruiter.company).select_related("user").filter(public_id=student).first()
    if person is None or not recruiter.company.is_verified:
        return gone(request)
    application = Application.objects.of_job(posting).active().filter(student=person).first()
    if application is not None:
        return redirect("matching:candidate", application.public_id)
    record(
        action=AuditEvent.Action.PROFILE_OPENED,
        actor=signed_in(request),
        subject=person.public_id,
        thing=f"posting:{posting.public_id}",
        on_behalf_of=recruiter.company.name,
        at=timezone.now(),
    )
    now = timezone.now()
    context: dict[str, object] = {
        "job": posting,
        "invitation": Invitation.objects.filter(job=posting, student=person).first(),
        "can_invite": invitations.is_invitable(student=person, job=posting, now=now),
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

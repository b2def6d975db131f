"""One page of a posting's candidates: who applied, by name, and who agreed to be suggested, without one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import Page, Paginator
from django.db.models import Count, Exists, OuterRef, Q

from jobs.grants import visible_to
from jobs.models import Application, Job
from matching import cards
from matching.models import Match, MatchQuerySet

PER_PAGE = 20
#: What a line shows of a match; of a suggested student the alias alone.
SHOWN = (
    "job",
    "score",
    "occupation_points",
    "requirement_points",
    "word_points",
    "model_version",
    "student__public_id",
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """One line: an application, or a suggested student."""

    card: cards.Card
    application: Application | None
    is_invited: bool = False


@dataclass(frozen=True, slots=True)
class Candidates:
    page: Page[Match]
    candidates: list[Candidate]
    unranked: Sequence[Application]
    applied: int


def ranked_for(job: Job, *, now: datetime) -> MatchQuerySet:
    """The matches of everybody whom the company may be shown, best first, with ``is_invited``; it is verified."""
    applicants = Application.objects.of_job(job).active().values("student")
    matches = Match.objects.of_job(job).shown_to_companies(visible_to(job.company), applicants)
    invited = job.invitations.in_force().filter(expires_at__gt=now, student=OuterRef("student"))
    return matches.best_first().select_related("student").only(*SHOWN).annotate(is_invited=Exists(invited))  # type: ignore[no-redef]


def candidates_of(job: Job, *, page: str | None, now: datetime) -> Candidates:
    """Both ranked on the same evidence; ``unranked`` are applications without a match. Reads the company."""
    if not job.company.is_verified:
        return Candidates(Paginator(Match.objects.none(), PER_PAGE).get_page(page), [], [], 0)
    readable = Application.objects.of_job(job).active()
    applicants = readable.values("student")
    rows = ranked_for(job, now=now)
    counts = rows.aggregate(shown=Count("pk"), applied=Count("pk", filter=Q(student__in=applicants)))
    paginator = Paginator(rows, PER_PAGE)
    paginator.count = counts["shown"]
    shown = paginator.get_page(page)
    found = list(shown)
    ranked = Match.objects.of_job(job).filter(student=OuterRef("student"))
    wanted = Q(student__in=[match.student_id for match in found]) | Q(is_ranked=False)
    applications = list(readable.annotate(is_ranked=Exists(ranked)).filter(wanted).for_list())
    own = {row.student_id: row for row in applications}
    lines = [
        Candidate(card, own.get(card.match.student_id), card.match.is_invited) for card in cards.of_job(job, found)
    ]
    unranked = [row for row in applications if not row.is_ranked]
    return Candidates(shown, lines, unranked, counts["applied"] + len(unranked))

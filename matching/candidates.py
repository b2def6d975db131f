"""One page of a posting's candidates: who applied, by name, and who agreed to be suggested, without one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Exists, OuterRef, Q, QuerySet

from jobs.grants import visible_to
from jobs.models import Application, Job
from matching import cards
from matching.models import SHOWN, Match, MatchQuerySet

PER_PAGE = 20
SUGGESTED = 500  # more than anybody reads; to count and sort all who may be suggested takes as long as they are many


@dataclass(frozen=True, slots=True)
class Candidate:
    """One line: an application, or a suggested student."""

    card: cards.Card
    application: Application | None
    is_invited: bool = False


@dataclass(frozen=True, slots=True)
class Candidates:
    page: Page[int]
    candidates: list[Candidate]
    unranked: Sequence[Application]
    applied: int

    @property
    def most(self) -> int | None:
        """How many suggested students were read, where there may be more."""
        return SUGGESTED if self.page.paginator.count >= SUGGESTED else None


def ranked_for(job: Job, *, suggested: int | None = None) -> MatchQuerySet:
    """The matches of everybody whom the company may be shown, best first; it is verified.

    suggested : all who applied, and so many of the best among those who agreed to be suggested
    """
    applicants = Application.objects.of_job(job).active().values("student")
    ranked: MatchQuerySet = Match.objects.of_job(job)
    visible: QuerySet[Any, Any] = visible_to(job.company).values("pk")
    if suggested is not None:
        best = ranked.filter(student__in=visible).best_first().values("pk")[:suggested]
        visible = Match.objects.filter(pk__in=best).values("student")
    return ranked.shown_to_companies(visible, applicants).best_first()


def candidates_of(job: Job, *, page: str | None, now: datetime) -> Candidates:
    """Both ranked on the same evidence; ``unranked`` are applications without a match.

    job : with its company and counts
    """
    if not job.company.is_verified:
        return Candidates(Paginator([], PER_PAGE).get_page(page), [], [], 0)
    # Who is on the page stands in the index; the rest is read of them alone.
    shown = Paginator(ranked_for(job, suggested=SUGGESTED).values_list("student", flat=True), PER_PAGE).get_page(page)
    people = list(shown)
    ranked = Match.objects.of_job(job)
    invited = job.invitations.in_force().filter(expires_at__gt=now, student=OuterRef("student"))
    found = ranked.filter(student__in=people).best_first().select_related("student").only(*SHOWN, "student__public_id")
    found = found.annotate(is_invited=Exists(invited))  # type: ignore[no-redef]
    rows = (
        Application.objects.of_job(job).active().annotate(is_ranked=Exists(ranked.filter(student=OuterRef("student"))))
    )
    applications = list(rows.filter(Q(student__in=people) | Q(is_ranked=False)).named())
    own = {row.student_id: row for row in applications}
    lines = [
        Candidate(card, own.get(card.match.student_id), card.match.is_invited)
        for card in cards.of_job(job, list(found))
    ]
    return Candidates(shown, lines, [row for row in applications if not row.is_ranked], job.applicants)

"""What other pages show of matches."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter

from django import template
from django.template import Context
from django.utils import timezone

from jobs.access import student_of
from jobs.asked import WEIGHTS
from jobs.models import Job, JobSkill
from jobs.preview import Preview
from matching import cards, market, modelstore
from matching.models import Match, MatchRun
from students.models import Student

by_skill = attrgetter("skill_id")
register = template.Library()


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a student's matches are: the postings compared with, or since when the work waits."""

    done: bool
    postings: int
    waiting_since: datetime | None


@register.simple_tag
def matching_progress(student: Student) -> Progress:
    """Read from rows: the student's mark and the last run of the student's own."""
    run = MatchRun.objects.filter(student=student, status=MatchRun.Status.DONE).order_by("-created_at").first()
    done = student.needs_matching_since is None and run is not None
    postings = run.pairs if done and run else Job.objects.open(at=timezone.now()).count()
    return Progress(done, int(postings), student.needs_matching_since)


@register.inclusion_tag("matching/_panel.html", takes_context=True)
def match_panel(context: Context, job: Job, rows: Iterable[JobSkill]) -> dict[str, object]:
    """The signed-in student's score for a posting, where one is stored; ``rows`` are the skills it asks for."""
    student = student_of(context["request"])
    if student is None:
        return {}
    match = Match.objects.filter(student=student, job=job).select_related("job__company").first()
    asked = {job.pk: {row.skill_id: row for row in sorted(rows, key=by_skill)}}
    shown = cards.of_student(student, [match], now=timezone.now(), asked=asked) if match else []
    return {"card": shown[0] if shown else None, "student": student, "job": job}


@register.inclusion_tag("matching/_best.html", takes_context=True)
def best_matches(context: Context, number: int) -> dict[str, object]:
    """The signed-in student's best matches with open postings, for pages that have nothing else to show."""
    student, now = student_of(context["request"]), timezone.now()
    if student is None:
        return {}
    matches = Match.objects.filter(student=student).of_open_jobs(at=now).best_first().for_list()[:number]
    return {"cards": cards.of_student(student, list(matches), now=now), "now": now}


@register.inclusion_tag("matching/_reach.html")
def posting_reach(job: Job, rows: Iterable[JobSkill]) -> dict[str, object]:
    """Before publishing: how many consenting students would qualify, and which requirement costs how many."""
    asked = sorted(rows, key=by_skill)
    wanted = {row.skill_id: WEIGHTS[row.level] for row in asked}
    skills = {row.skill_id: row.skill for row in asked}
    try:
        return {"reach": market.reach(job, wanted, now=timezone.now(), skills=skills)}
    except modelstore.NoModelError:
        return {}


@register.inclusion_tag("matching/_text_reach.html")
def text_reach(detected: Preview) -> dict[str, object]:
    """While a posting is written: how many consenting students have a high match with it so far."""
    wanted = {quote.skill.pk: WEIGHTS[quote.level] for quote in detected.quotes}
    if detected.job is None or not wanted:
        return {}
    try:
        return {"is_known": True, "students": market.high_matches(detected.job, wanted)}
    except modelstore.NoModelError:
        return {}

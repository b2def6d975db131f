"""Postings on pages of other apps, and what the pages of postings need from Python."""

from __future__ import annotations

from dataclasses import dataclass

from django import template
from django.utils import timezone

from jobs.models import Job, JobSkill

register = template.Library()

CHIPS = 6


@dataclass(frozen=True)
class SkillChips:
    """What ``components/job_card.html`` shows of the skills a posting asks for, and how many it leaves out."""

    shown: list[dict[str, str]]
    more: int


@register.simple_tag
def latest_jobs(number: int) -> list[Job]:
    """The newest open postings, with company and skills: ``{% latest_jobs 3 as jobs %}``."""
    return list(Job.objects.open(at=timezone.now()).newest_first().for_list()[:number])


@register.filter
def skill_chips(job: Job) -> SkillChips:
    """Chips of a posting that was read by ``for_list``; asks the database nothing."""
    rows: list[JobSkill] = getattr(job, "asked_rows", [])
    return SkillChips([{"label": row.skill.name, "kind": "plain"} for row in rows[:CHIPS]], max(0, len(rows) - CHIPS))

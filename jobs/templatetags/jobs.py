"""Postings on pages of other apps, and what the pages of postings need from Python."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django import template
from django.conf import settings
from django.template import Context
from django.urls import translate_url
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from jobs.models import Job, JobSkill, Ruling
from jobs.moderation import Why

register = template.Library()

CHIPS = 6


@dataclass(frozen=True)
class SkillChips:
    """What ``components/job_card.html`` shows of the skills a posting asks for, and how many it leaves out."""

    shown: list[dict[str, str]]
    more: int


@register.simple_tag(takes_context=True)
def alternates(context: Context) -> SafeString:
    """The canonical address of a public page, and the page in each language."""
    site, path = settings.SITE_URL.rstrip("/"), context["request"].path
    links = [(code, site + translate_url(path, code)) for code, _name in settings.LANGUAGES]
    every = format_html_join("", '<link rel="alternate" hreflang="{}" href="{}">', [*links, ("x-default", links[0][1])])
    return format_html('<link rel="canonical" href="{}">{}', site + path, every)


@register.simple_tag
def latest_jobs(number: int) -> list[Job]:
    """The newest open postings, with company and skills: ``{% latest_jobs 3 as jobs %}``."""
    return list(Job.objects.open(at=timezone.now()).newest_first().for_list()[:number])


@register.filter
def comment_in_words(ruling: Ruling) -> str:
    """What was said of a decision; the rules say it in codes."""
    if ruling.step != Ruling.Step.QUEUED:
        return ruling.comment
    return "; ".join(str(Why(code).label) for code in ruling.comment.split(",") if code in Why.values)


@register.filter
def skill_chips(job: Job) -> SkillChips:
    """Chips of a posting that was read by ``for_list``; asks the database nothing."""
    rows: list[JobSkill] = getattr(job, "asked_rows", [])
    return SkillChips([{"label": row.skill.name, "kind": "plain"} for row in rows[:CHIPS]], max(0, len(rows) - CHIPS))


@register.filter
def moment(text: str) -> datetime | None:
    """The moment that a receipt keeps as text; None where it keeps none."""
    return parse_datetime(text) if text else None

"""Postings on pages of other apps, and what the pages of postings need from Python."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django import template
from django.conf import settings
from django.template import Context
from django.urls import translate_url
from django.utils import formats, timezone
from django.utils.dateparse import parse_datetime
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst
from django.utils.translation import npgettext

from jobs.models import Job, JobSkill, Ruling
from jobs.moderation import Why
from jobs.search import Choice

register = template.Library()

CHIPS = 6
GROUP = "<fieldset><legend>{}</legend>{}</fieldset>"
CHOICE = (
    '<label class="check" for="f-{0}-{1}"><input type="checkbox" id="f-{0}-{1}" name="{0}" value="{2}"{3}>'
    "<span>{4}</span>{5}</label>"
)
COUNT = (
    '<span class="n" data-choice="{2}" id="n-{0}-{1}"{3}><span class="vh">, </span>{4}'
    '<span class="vh"> {5}</span></span>'
)


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


@register.simple_tag
def filter_group(legend: str, choices: Sequence[Choice]) -> SafeString:
    """One group of check boxes, each with how many postings it would show; nothing where there is no choice.

    Drawn here and not by a template: a page of postings has two dozen of them.
    """
    lines = format_html_join(
        "", CHOICE,
        (
            (one.name, number, one.value, " checked" if one.is_chosen else "", capfirst(one.label), _count(one, number))
            for number, one in enumerate(choices, 1)
        ),
    )  # fmt: skip
    return format_html(GROUP, legend, lines) if lines else lines


@register.simple_tag
def new_counts(*groups: Sequence[Choice]) -> SafeString:
    """The counts of these groups alone, sent beside a fragment to replace those of the page."""
    places = [(one, number) for choices in groups for number, one in enumerate(choices, 1)]
    return format_html_join("", "{}", ((_count(*place, swap=mark_safe(' hx-swap-oob="true"')),) for place in places))


def _count(one: Choice, number: int, *, swap: str = "") -> SafeString:
    words = npgettext("beside a number", "posting", "postings", one.count)
    return format_html(COUNT, one.name, number, one.value, swap, formats.localize(one.count), words)


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

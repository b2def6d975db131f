"""Postings on pages of other apps."""

from __future__ import annotations

from django import template
from django.utils import timezone

from jobs.models import Job

register = template.Library()


@register.simple_tag
def latest_jobs(number: int) -> list[Job]:
    """The newest open postings, with company and skills: ``{% latest_jobs 3 as jobs %}``."""
    return list(Job.objects.open(at=timezone.now()).newest_first().for_list()[:number])

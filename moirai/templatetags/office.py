"""The start page of the admin."""

from __future__ import annotations

from django import template
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from moirai.accounts.models import User
from moirai.office import counters

register = template.Library()


@register.simple_tag
def waiting_for(user: User | AnonymousUser) -> list[counters.Shown]:
    """What waits in the lists that this person may open."""
    return counters.shown_to(user, now=timezone.now())

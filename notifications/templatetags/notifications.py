"""The bell of the header and the words of the list."""

from __future__ import annotations

from django import template
from django.http import HttpRequest
from django.template import Context

from notifications.models import Notification
from notifications.words import Words
from notifications.words import words as words_of

register = template.Library()

MOST_COUNTED = 100


@register.inclusion_tag("components/bell.html", takes_context=True)
def bell(context: Context) -> dict[str, object]:
    """How many notifications wait; one query, and none for visitors."""
    request: HttpRequest = context["request"]
    if not request.user.is_authenticated:
        return {"shown": False}
    count = Notification.objects.of(request.user).unread()[:MOST_COUNTED].count()
    return {"shown": True, "count": count, "is_more": count == MOST_COUNTED}


@register.filter
def words(notification: Notification) -> Words:
    """The words in the reader's language."""
    return words_of(notification.kind, notification.data)

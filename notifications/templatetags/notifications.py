"""The bell of the header, the banner for whom no mail reaches, and the words of the list."""

from __future__ import annotations

from django import template
from django.http import HttpRequest
from django.template import Context

from notifications.models import Kind, Notification
from notifications.wordings.parts import Words
from notifications.words import words as words_of

register = template.Library()

MOST_COUNTED = 100


def unread_kinds(request: HttpRequest) -> list[str]:
    """The kinds of what waits, newest first; one query a page, and none for visitors."""
    user = getattr(request, "user", None)  # an error page may come before anybody asked who is there
    if user is None or not user.is_authenticated:
        return []
    kinds: list[str] | None = getattr(request, "unread_kinds", None)
    if kinds is None:
        rows = Notification.objects.of(user).unread().newest_first()
        kinds = list(rows.values_list("kind", flat=True)[:MOST_COUNTED])
        request.unread_kinds = kinds  # type: ignore[attr-defined]
    return kinds


@register.inclusion_tag("components/bell.html", takes_context=True)
def bell(context: Context) -> dict[str, object]:
    """How many notifications wait."""
    request: HttpRequest = context["request"]
    count = len(unread_kinds(request))
    return {"shown": request.user.is_authenticated, "count": count, "is_more": count == MOST_COUNTED}


@register.inclusion_tag("notifications/banner.html", takes_context=True)
def mail_banner(context: Context) -> dict[str, object]:
    """Said on every page while mails do not reach the person."""
    request = context.get("request")  # the page of a server error is drawn without one
    return {"shown": request is not None and Kind.MAIL_BOUNCED in unread_kinds(request)}


@register.filter
def words(notification: Notification) -> Words:
    """The words in the reader's language."""
    return words_of(notification.kind, notification.data)

"""The bell of the header, the banner for whom no mail reaches, and the words of the list."""

from __future__ import annotations

from django import template
from django.http import HttpRequest
from django.template import Context

from notifications.models import Notification
from notifications.unread import MOST_COUNTED, waiting
from notifications.words import Words
from notifications.words import words as words_of

register = template.Library()


@register.inclusion_tag("components/bell.html", takes_context=True)
def bell(context: Context) -> dict[str, object]:
    """How many notifications wait."""
    request: HttpRequest = context["request"]
    count = waiting(getattr(request, "user", None)).number
    return {"shown": request.user.is_authenticated, "count": count, "is_more": count == MOST_COUNTED}


@register.inclusion_tag("notifications/banner.html", takes_context=True)
def mail_banner(context: Context) -> dict[str, object]:
    """Said on every page while mails do not reach the person."""
    request = context.get("request")  # the page of a server error is drawn without one
    user = getattr(request, "user", None)  # an error page may come before anybody asked who is there
    return {"shown": waiting(user).has_bounced}


@register.filter
def words(notification: Notification) -> Words:
    """The words in the reader's language."""
    return words_of(notification.kind, notification.data)

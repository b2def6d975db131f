"""Writing a mail into the outbox: words, links and the address that ends such mails, in the reader's language."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.core import signing
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from moirai.accounts.models import User
from moirai.mail import address_mark, text_of
from notifications.models import DeadAddress, Notification, OutboxMail
from notifications.preferences import APP_ALONE, NECESSARY
from notifications.words import words

UNSUBSCRIBE_SALT = "notifications.unsubscribe"
LONGEST_SUBJECT = 200


def absolute(path: str) -> str:
    """The address of a page as a mail needs it."""
    return f"{settings.SITE_URL.rstrip('/')}{path}"


def unsubscribe_path(user: User, what: str) -> str:
    """Where one click ends mails of ``what``, a kind, ``daily`` or ``weekly``; no sign-in, no end of validity."""
    token = signing.Signer(salt=UNSUBSCRIBE_SALT).sign_object([user.pk, what])
    return reverse("notifications:unsubscribe", args=[token])


def write_mail(*, notification: Notification, now: datetime) -> None:
    """One mail that tells of one thing."""
    user = notification.user
    with translation.override(user.language):
        said = words(notification.kind, notification.data)
        unsubscribe = ""
        if notification.kind not in NECESSARY | APP_ALONE:
            unsubscribe = str(notification.data.get("unsubscribe") or unsubscribe_path(user, notification.kind))
        context = {
            "words": said,
            "items": [{"text": item.text, "link": absolute(item.url) if item.url else ""} for item in said.items],
            "link": absolute(str(notification.data.get("link") or notification.url or reverse("notifications:list"))),
        }
        put(
            user=user,
            key=notification.key,
            kind=notification.kind,
            subject=said.title,
            template="notifications/mail.html",
            context=context,
            unsubscribe=unsubscribe,
            now=now,
        )


def put(
    *,
    user: User,
    key: str,
    kind: str,
    subject: str,
    template: str,
    context: dict[str, Any],
    unsubscribe: str,
    now: datetime,
) -> bool:
    """Put one mail into the outbox unless it is there or the address refuses mail; the language is active already."""
    if OutboxMail.objects.filter(user=user, key=key).exists() or DeadAddress.objects.refuses(user):
        return False
    unsubscribe_url = absolute(unsubscribe) if unsubscribe else ""
    html = render_to_string(
        template,
        {
            **context,
            "name": user.get_short_name(),
            "site_name": settings.SITE_NAME,
            "unsubscribe_url": unsubscribe_url,
            "settings_url": absolute(reverse("notifications:preferences")),
        },
    )
    defaults = {
        "kind": kind,
        "subject": " ".join(subject.split())[:LONGEST_SUBJECT],
        "text": text_of(html),
        "html": html,
        "unsubscribe_url": unsubscribe_url,
        "address_mark": address_mark(user.email),
        "created_at": now,
        "next_attempt_at": now,
    }
    return OutboxMail.objects.get_or_create(user=user, key=key, defaults=defaults)[1]

"""Telling a person something, once: in the app and, where asked, by mail."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation

from moirai.accounts.models import User
from notifications.models import Kind, Notification, OutboxMail
from notifications.words import words


@transaction.atomic
def tell(
    *, user: User, kind: Kind, data: dict[str, Any], url: str, key: str, now: datetime, mail: bool = False
) -> Notification:
    """One row per person and ``key``, however often this is called; with ``mail`` one mail waits in the outbox."""
    notification, _is_new = Notification.objects.get_or_create(
        user=user, key=key, defaults={"kind": kind, "data": data, "url": url, "created_at": now}
    )
    if mail:
        subject, text, html = mail_of(notification)
        OutboxMail.objects.get_or_create(
            user=user,
            key=key,
            defaults={"subject": subject, "text": text, "html": html, "created_at": now, "next_attempt_at": now},
        )
    return notification


def mail_of(notification: Notification) -> tuple[str, str, str]:
    """Subject, text and HTML, in the language that the person chose for mails."""
    user = notification.user
    with translation.override(user.language):
        said = words(notification.kind, notification.data)
        context = {
            "words": said,
            "name": user.get_short_name(),
            "link": f"{settings.SITE_URL.rstrip('/')}{notification.url}",
            "site_name": settings.SITE_NAME,
        }
        text = render_to_string("notifications/mail.txt", context)
        html = render_to_string("notifications/mail.html", context)
    return " ".join(said.title.split())[:200], text.strip() + "\n", html

"""Telling a person something, once: in the app and, as the person prefers, by mail at once or in a digest."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import translation

from moirai.accounts.models import User
from notifications import writing
from notifications.models import Channel, Kind, Notification
from notifications.preferences import DIGESTS, channel

Page = tuple[str, ...]  # the name of a route and its arguments


def address(user: User, page: str, *args: str) -> str:
    """The address of a page in the reader's language."""
    with translation.override(user.language):
        return reverse(page, args=args)


@transaction.atomic
def tell(
    *, user: User, kind: Kind, data: dict[str, Any], url: str | Page, key: str, now: datetime, mail: bool | None = None
) -> Notification | None:
    """One row per person and ``key``, however often this is called; None where the person wants none of this kind.

    ``mail``: see `preferences.channel`; leave it out unless the mail was promised, or the step is too small for one.
    """
    way = channel(user=user, kind=kind, mail=mail)
    if way == Channel.NEVER:
        return None
    digest = way if way in DIGESTS else ""
    url = url if isinstance(url, str) else address(user, *url)
    notification, is_new = Notification.objects.get_or_create(
        user=user, key=key, defaults={"kind": kind, "data": data, "url": url, "created_at": now, "digest": digest}
    )
    if way == Channel.NOW and is_new:
        writing.write_mail(notification=notification, now=now)
    return notification

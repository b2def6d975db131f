"""Telling a person something, once: in the app and, as the person prefers, by mail at once or in a digest."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from moirai.accounts.models import User
from notifications import writing
from notifications.models import Channel, Kind, Notification
from notifications.preferences import DIGESTS, channel


@transaction.atomic
def tell(
    *, user: User, kind: Kind, data: dict[str, Any], url: str, key: str, now: datetime, mail: bool | None = None
) -> Notification | None:
    """One row per person and ``key``, however often this is called; None where the person wants none of this kind.

    ``mail``: see `preferences.channel`; leave it out unless the mail was promised, or the step is too small for one.
    """
    way = channel(user=user, kind=kind, mail=mail)
    if way == Channel.NEVER:
        return None
    digest = way if way in DIGESTS else ""
    notification, is_new = Notification.objects.get_or_create(
        user=user, key=key, defaults={"kind": kind, "data": data, "url": url, "created_at": now, "digest": digest}
    )
    if way == Channel.NOW and is_new:
        writing.write_mail(notification=notification, now=now)
    return notification

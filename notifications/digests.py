"""Daily and weekly mails: at eight in the morning of the site's time zone, once a period, never empty.

A period is known by the local date on which it falls due, and its mail by that date and the person: run twice or by
two workers, one mail leaves. A worker that comes late sends one, not as many as it missed, and none at night.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import translation
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from moirai.accounts.models import User
from notifications.models import Channel, Kind, Notification
from notifications.preferences import DIGESTS
from notifications.words import words
from notifications.writing import absolute, put, unsubscribe_path

FROM_HOUR, TO_HOUR = 8, 20  # local; people in other zones than the site's get it at the site's hour
WEEKLY_ON = 0  # Monday
QUIET_AFTER = timedelta(days=60)  # without a sign-in; one more mail says so, then none until the person is back
MOST_OF_A_KIND, MOST_LINES = 8, 40  # and each cut: Gmail hides what comes after 102 kB
LONGEST_LINE = 160
MOST_READ = 200  # rows of one person


@dataclass(frozen=True)
class Period:
    """One daily or weekly mail: what is told in it was created before ``due``."""

    digest: Channel
    day: date
    due: datetime


def periods(*, now: datetime) -> list[Period]:
    """The newest period of each kind that is due now; none outside the hours of mail."""
    zone = ZoneInfo(settings.TIME_ZONE)
    local = now.astimezone(zone)
    if not FROM_HOUR <= local.hour < TO_HOUR:
        return []
    days = {Channel.DAILY: local.date(), Channel.WEEKLY: local.date() - timedelta((local.weekday() - WEEKLY_ON) % 7)}
    # Built from the local date, not by adding 24 hours, so that it stays eight o'clock when clocks change.
    return [Period(d, days[d], datetime.combine(days[d], time(FROM_HOUR), tzinfo=zone)) for d in DIGESTS]


def send_due(*, now: datetime) -> int:
    """Write every mail that is due into the outbox; returns how many are new."""
    return sum(
        write(user=user, period=period, now=now) for period in periods(now=now) for user in _people(period).iterator()
    )


def _people(period: Period) -> QuerySet[User]:
    rows = Notification.objects.awaiting_digest(period.digest, before=period.due)
    return User.objects.filter(pk__in=rows.values("user"), is_active=True).order_by("pk")


@transaction.atomic
def write(*, user: User, period: Period, now: datetime) -> bool:
    """One person's mail of one period; what it tells waits no longer."""
    # The lock makes a second worker wait here and then find nothing left to tell.
    user = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    rows = list(
        Notification.objects.of(user)
        .awaiting_digest(period.digest, before=period.due)
        .order_by("kind", "-created_at", "-pk")[:MOST_READ]
    )
    if not rows:
        return False
    seen = user.last_login or user.date_joined
    is_last = now - seen > QUIET_AFTER
    key = f"digest:last:{seen:%Y-%m-%d}" if is_last else f"digest:{period.digest}:{period.day}"
    with translation.override(user.language):
        is_new = put(
            user=user,
            key=key,
            kind="",
            subject=_subject(len(rows)),
            template="notifications/digest.html",
            context={
                "groups": _groups(rows),
                "is_last": is_last,
                "days": QUIET_AFTER.days,
                "link": absolute(reverse("notifications:list")),
            },
            unsubscribe=unsubscribe_path(user, period.digest),
            now=now,
        )
    # Without a mail (quiet, or an address that is dead) they are in the app and wait for no mail either.
    Notification.objects.of(user).awaiting_digest(period.digest, before=period.due).update(digest="")
    return is_new


def _subject(count: int) -> str:
    return ngettext("%(count)d notification for you", "%(count)d notifications for you", count) % {"count": count}


def _groups(rows: list[Notification]) -> list[dict[str, object]]:
    """By kind; the newest of each, and how many more there are."""
    groups = []
    most = max(1, min(MOST_OF_A_KIND, MOST_LINES // len({row.kind for row in rows})))
    for kind, members in groupby(rows, key=lambda row: row.kind):
        of_kind = list(members)
        label = str(Kind(kind).label) if kind in Kind.values else _("More")
        groups.append({"label": label, "lines": list(map(_line, of_kind[:most])), "more": max(0, len(of_kind) - most)})
    return groups


def _line(row: Notification) -> dict[str, str]:
    said = words(row.kind, row.data)
    title, text = (Truncator(sentence).chars(LONGEST_LINE) for sentence in (said.title, said.text))
    return {"title": title, "text": text, "link": absolute(row.url or reverse("notifications:list"))}

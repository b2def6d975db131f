"""What waits for staff: each app says what it counts, the start page of the admin shows it with a link to the list.

All of it is one query, however many there are. It imports no app.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Min, QuerySet, Value
from django.urls import reverse
from django.utils.functional import Promise

from moirai.accounts.models import User

Rows = Callable[[datetime], QuerySet[Any]]


@dataclass(frozen=True)
class Counter:
    """``rows`` are those that wait, ``since`` is their column with the moment, ``query`` filters the list to them."""

    label: str | Promise
    rows: Rows
    since: str
    query: str
    is_due: bool = False  # the moment is one to come, at which it must be done
    is_alarm: bool = False  # something went wrong by itself


@dataclass(frozen=True)
class Shown:
    """A counter as one member of staff sees it."""

    label: str | Promise
    url: str
    count: int
    since: datetime | None
    is_due: bool
    is_alarm: bool


_counters: list[Counter] = []


def register_counters(*counters: Counter) -> None:
    """Say what to count, in the order of the page."""
    _counters.extend(counters)


def shown_to(user: User | AnonymousUser, *, now: datetime) -> list[Shown]:
    """What waits in the lists that this person may open: what went wrong first, and last where nothing waits."""
    asked = [(counter, counter.rows(now).order_by()) for counter in _counters]
    asked = [(counter, rows) for counter, rows in asked if user.has_perm(_permission(rows))]
    parts = [
        rows.values(counter_at=Value(at)).annotate(counter_count=Count("pk"), counter_since=Min(counter.since))
        for at, (counter, rows) in enumerate(asked)
    ]
    found = {row["counter_at"]: row for row in parts[0].union(*parts[1:], all=True)} if parts else {}
    shown = [
        Shown(
            label=counter.label,
            url=f"{_address(rows)}?{counter.query}",
            count=found[at]["counter_count"],
            since=found[at]["counter_since"],
            is_due=counter.is_due,
            is_alarm=counter.is_alarm,
        )
        for at, (counter, rows) in enumerate(asked)
    ]
    return sorted(shown, key=lambda row: (not row.count, not row.is_alarm))


def _permission(rows: QuerySet[Any]) -> str:
    meta = rows.model._meta
    return f"{meta.app_label}.view_{meta.model_name}"


def _address(rows: QuerySet[Any]) -> str:
    meta = rows.model._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_changelist")

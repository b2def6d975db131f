"""`/healthz`: is the site alive, and does anything wait longer than it should?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.db.models import Min, QuerySet
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from moirai.celery import app
from moirai.heartbeat import seconds_since_worker

WORKER_LATE = 30  # seconds without a heartbeat after which no worker is assumed to live

OldestWaiting = Callable[[], datetime | None]
_waiting: dict[str, OldestWaiting] = {}


State = Callable[[], str]
_parts: dict[str, State] = {}


def register_part(name: str, state: State) -> None:
    """Let an app say how something outside is that it asks: ``ok``, ``down`` or ``off``."""
    _parts[name] = state


def register_waiting(name: str, oldest: OldestWaiting) -> None:
    """Let an app say since when its oldest piece of work waits; ``oldest`` returns None when nothing does."""
    _waiting[name] = oldest


def oldest_of(rows: Callable[[], QuerySet[Any]], mark: str) -> OldestWaiting:
    """The earliest ``mark`` of the rows that wait."""
    return lambda: rows().aggregate(at=Min(mark))["at"]


def waiting_seconds(*, now: datetime) -> dict[str, float]:
    """For each kind of work, how long the oldest piece has waited."""
    return {
        name: round(max(0.0, (now - since).total_seconds()), 1) if (since := oldest()) else 0.0
        for name, oldest in sorted(_waiting.items())
    }


@login_not_required
@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """Database, broker, worker and oldest waiting work; 503 when database or broker do not answer."""
    waiting: dict[str, float] = {}
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        waiting = waiting_seconds(now=timezone.now())
        database = "ok"
    except DatabaseError:
        database = "down"
    broker = "ok" if broker_answers() else "down"
    seen = seconds_since_worker()
    healthy = database == broker == "ok"
    return JsonResponse(
        {
            "status": "ok" if healthy else "down",
            "database": database,
            "broker": broker,
            "worker": "ok" if seen is not None and seen < WORKER_LATE else "down",
            "worker_seen_seconds_ago": None if seen is None else round(seen, 1),
            "oldest_waiting_seconds": max(waiting.values(), default=0.0),
            "waiting_seconds": waiting,
            **{name: state() for name, state in sorted(_parts.items())},
        },
        status=200 if healthy else 503,
    )


def broker_answers() -> bool:
    """Whether a connection to the broker can be opened within a second or two."""
    try:
        with app.connection_for_write(connect_timeout=2) as broker:
            broker.ensure_connection(max_retries=1, timeout=2)
    except Exception:  # every transport raises its own
        return False
    return True

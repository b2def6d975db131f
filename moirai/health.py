"""`/healthz`: does this process answer? `/readyz`: does everything around it do its work, and which part does not?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import cache
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Min, QuerySet
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

import moirai
from moirai.celery import app
from moirai.heartbeat import seconds_since_worker

WORKER_LATE = 30  # seconds without a heartbeat after which no worker is assumed to live
WAITS_LONG = 900  # seconds that work may wait: sweeps queue it anew every 30 s, so something is wrong

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
    """Alive, whatever the database does: what a proxy asks before it sends people here."""
    return JsonResponse({"status": "ok", "version": moirai.__version__})


@login_not_required
@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """Everything the site needs to do its work, for whoever watches it; 503 names in ``failing`` what does not."""
    state = readiness(now=timezone.now())
    return JsonResponse(state, status=503 if state["failing"] else 200)


def readiness(*, now: datetime) -> dict[str, Any]:
    """How each part is, what waits since when, and the names of the parts that fail."""
    seen = seconds_since_worker_or_none()
    waiting: dict[str, float] = {}
    parts = {"database": "ok", "migrations": "unknown"}
    try:
        parts["migrations"] = "missing" if missing_migrations() else "ok"
        if parts["migrations"] == "ok":
            waiting = waiting_seconds(now=now)
    except DatabaseError:
        parts["database"] = "down"
    parts["broker"] = "ok" if broker_answers() else "down"
    parts["worker"] = "ok" if seen is not None and seen < WORKER_LATE else "down"
    parts["waiting"] = "long" if max(waiting.values(), default=0.0) > WAITS_LONG else "ok"
    failing = [name for name, state in parts.items() if state not in ("ok", "unknown")]
    return {
        "status": "down" if failing else "ok",
        "failing": failing,
        **parts,
        "worker_seen_seconds_ago": None if seen is None else round(seen, 1),
        "oldest_waiting_seconds": max(waiting.values(), default=0.0),
        "waiting_seconds": waiting,
        **{name: state() for name, state in sorted(_parts.items())},
    }


def seconds_since_worker_or_none() -> float | None:
    """The same with the cache away: then no worker is known to live."""
    try:
        return seconds_since_worker()
    except Exception:  # every cache raises its own
        return None


def missing_migrations() -> set[tuple[str, str]]:
    """What this code needs and the database has not got."""
    return set(migrations_of_code()) - set(MigrationRecorder(connection).applied_migrations())


def newer_migrations() -> set[tuple[str, str]]:
    """What the database has got from a release after this one, in the apps of this one."""
    ours = migrations_of_code()
    apps = {app_label for app_label, _ in ours}
    return {key for key in MigrationRecorder(connection).applied_migrations() if key[0] in apps and key not in ours}


@cache
def migrations_of_code() -> frozenset[tuple[str, str]]:
    """They change with the code alone, so a process reads them once."""
    loader = MigrationLoader(None, load=False)
    loader.load_disk()
    return frozenset(loader.disk_migrations)


def broker_answers() -> bool:
    """Whether a connection to the broker can be opened within a second or two."""
    try:
        with app.connection_for_write(connect_timeout=2) as broker:
            broker.ensure_connection(max_retries=1, timeout=2)
    except Exception:  # every transport raises its own
        return False
    return True

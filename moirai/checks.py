"""System checks of what only a running machine can tell."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core import checks
from django.db import DatabaseError, connection

SPARE = 5  # connections for migrations, psql and monitoring


@checks.register(checks.Tags.database)
def check_connections(
    app_configs: Any = None, databases: Sequence[str] | None = None, **_: Any
) -> list[checks.CheckMessage]:
    """Compare the connections that web and workers keep open with PostgreSQL's ``max_connections``."""
    if not databases or connection.vendor != "postgresql":
        return []
    try:
        with connection.cursor() as cursor:
            cursor.execute("SHOW max_connections")
            allowed = int(cursor.fetchone()[0])
    except DatabaseError:
        return []  # an unreachable database is reported by whatever needs it
    needed = settings.WEB_THREADS + settings.WORKER_PROCESSES + 1 + SPARE
    if needed <= allowed:
        return []
    return [
        checks.Warning(
            f"{settings.WEB_THREADS} web threads (WEB_THREADS) and {settings.WORKER_PROCESSES} worker processes "
            f"(WORKER_PROCESSES), with beat and {SPARE} to spare, keep up to {needed} connections open for "
            f"{settings.DATABASES['default']['CONN_MAX_AGE']} s; PostgreSQL allows {allowed} (max_connections).",
            hint="Lower WEB_THREADS or WORKER_PROCESSES, raise max_connections, or put PgBouncer between.",
            id="moirai.W001",
        )
    ]

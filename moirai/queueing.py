"""Queue a task for when the transaction stands."""

from __future__ import annotations

from typing import Any

from django.db import transaction


def queue(task: Any, **ids: int) -> None:
    """Send ``task`` on commit; with the broker down the row's mark waits for the sweep, and nobody sees an error.

    Celery's ``delay_on_commit`` would raise after the commit: the change stands, yet the person would read a 500.
    """
    transaction.on_commit(lambda: task.delay(**ids), robust=True)

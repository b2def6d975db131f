"""Rows past their time: counted where a count is worth keeping, then erased, app by app."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from moirai.privacy.registry import holdings


def expire(*, now: datetime) -> dict[str, int]:
    """How many rows of each app went; ended half way, the next run goes on."""
    gone = {}
    for holding in holdings():
        with transaction.atomic():
            gone[holding.name] = holding.expire(now)
    return gone

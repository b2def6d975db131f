"""Median and 90th percentile per group, computed by the database: SQLite has no such aggregate, both have windows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Window
from django.db.models.functions import RowNumber


@dataclass(frozen=True)
class Spread:
    """``size`` values; the median is the mean of the middle ones, the 90th percentile the nearest rank."""

    size: int
    median: float
    ninetieth: float


def spreads(rows: QuerySet[Any], *, group: str, value: str) -> dict[Hashable, Spread]:
    """The spread of ``value`` (a number, or a duration in days) in each group; three rows of a group are read."""
    by = [F(group)]
    numbered = rows.order_by().annotate(
        rank=Window(RowNumber(), partition_by=by, order_by=[F(value), F("pk")]),
        size=Window(Count("pk"), partition_by=by),
    )
    middle = Q(rank=(F("size") + 1) / 2) | Q(rank=(F("size") + 2) / 2)
    picked = numbered.filter(middle | Q(rank=(F("size") * 9 + 9) / 10)).values_list(group, "rank", "size", value)
    found: dict[Hashable, dict[int, float]] = defaultdict(dict)
    sizes: dict[Hashable, int] = {}
    for name, rank, size, raw in picked:
        found[name][rank] = raw / timedelta(days=1) if isinstance(raw, timedelta) else float(raw)
        sizes[name] = size
    return {
        name: Spread(
            size, (found[name][(size + 1) // 2] + found[name][(size + 2) // 2]) / 2, found[name][(size * 9 + 9) // 10]
        )
        for name, size in sizes.items()
    }

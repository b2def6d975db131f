"""Reports of the careers office: each app registers its own in its `reports.py`, pages show table and chart.

It imports no app. Counts of people pass through `office.protect` before they get here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import TypeAlias

from django.utils import timezone
from django.utils.functional import Promise

from moirai.office.charts import Chart

Text: TypeAlias = str | Promise
Cell: TypeAlias = str | int | float | None  # None: not shown, because it would tell of few people
USUAL_DAYS = 90


@dataclass(frozen=True)
class Column:
    """``unit`` stands behind the name: "%", "days"; the first column of a table names the row."""

    name: str
    unit: str = ""

    def __str__(self) -> str:
        return f"{self.name} ({self.unit})" if self.unit else self.name


@dataclass(frozen=True)
class Table:
    """What a report found; without rows its page says that there is nothing yet."""

    columns: list[Column]
    rows: list[tuple[Cell, ...]]
    chart: Chart | None = None
    notes: list[str] = field(default_factory=list)

    @property
    def hides(self) -> bool:
        return any(cell is None for row in self.rows for cell in row)


@dataclass(frozen=True)
class Asked:
    """What the reader chose: days from ``start`` to ``end``, both included, and one value of each choice."""

    start: date
    end: date
    choices: dict[str, str] = field(default_factory=dict)

    @property
    def since(self) -> datetime:
        return _midnight(self.start)

    @property
    def until(self) -> datetime:
        """The end as the first moment that is not included."""
        return _midnight(self.end + timedelta(days=1))

    @property
    def before(self) -> datetime:
        """Where the period before begins, which is as long."""
        return _midnight(self.start - (self.end - self.start) - timedelta(days=1))


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


@dataclass(frozen=True)
class Choice:
    """A filter with a few values; the first one is taken where the reader says nothing."""

    name: str
    label: Text
    options: Callable[[], Sequence[tuple[str, Text]]]


@dataclass(frozen=True)
class Report:
    """``make`` computes the table at a moment, in few queries whatever the number of rows."""

    slug: str
    title: Text
    description: Text
    make: Callable[[Asked, datetime], Table]
    has_dates: bool = False
    choices: tuple[Choice, ...] = ()


_reports: dict[str, Report] = {}


def register(*reports: Report) -> None:
    _reports.update({report.slug: report for report in reports})


def all_reports() -> list[Report]:
    return list(_reports.values())


def find(slug: str) -> Report | None:
    return _reports.get(slug)

"""What an import did or would do, for people: the first rows of each outcome, and the refused ones as a file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from students.cohort_fields import LABELS, explain
from students.models import Cohort, CohortRow

SHOWN = 50
SHOWN_OPENLY = {"degree_program", "semester", "graduation_year", "location", "language"}
FIELD_OF = {"enrolled_name": "name", "enrolled_email": "email"}
EMPTY = "—"


@dataclass(frozen=True)
class Change:
    """One thing of one person; what says who it is, is named, not shown."""

    label: str
    before: str = ""
    after: str = ""


@dataclass(frozen=True)
class Shown:
    line: int
    number: str
    reason: str
    changes: list[Change]


@dataclass(frozen=True)
class Group:
    outcome: str
    label: str
    count: int
    rows: list[Shown]


def groups(cohort: Cohort) -> list[Group]:
    """Each outcome that occurs, those to look at first, with its first fifty rows."""
    order = [CohortRow.Outcome.ERROR, CohortRow.Outcome.CHANGED, CohortRow.Outcome.NEW, CohortRow.Outcome.SAME]
    found = []
    for outcome in order:
        if count := cohort.counts.get(outcome.value, 0):
            rows = cohort.rows.filter(outcome=outcome).order_by("line")[:SHOWN]
            found.append(Group(outcome.value, str(outcome.label), count, [_shown(row) for row in rows]))
    return found


def _shown(row: CohortRow) -> Shown:
    before, after = row.data.get("before", {}), row.data.get("after", {})
    changes = [_change(name, before.get(name), value) for name, value in after.items()]
    number = row.data.get("values", {}).get("student_number", "")
    return Shown(row.line, number, explain(row.reason, row.detail), changes)


def _change(name: str, before: object, after: object) -> Change:
    label = str(LABELS[FIELD_OF.get(name, name)])
    if name not in SHOWN_OPENLY:
        return Change(label)
    return Change(label, EMPTY if before in ("", None) else str(before), str(after))


def refused_rows(cohort: Cohort) -> Iterator[list[object]]:
    """The rows that were not taken, as they stand in the file, with line and reason before them."""
    width = len(cohort.header)
    rows = cohort.rows.filter(outcome=CohortRow.Outcome.ERROR).order_by("line")
    for row in rows.iterator(chunk_size=500):
        raw = row.data.get("raw", [])
        yield [row.line, explain(row.reason, row.detail), *raw, *[""] * (width - len(raw))]

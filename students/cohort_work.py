"""The work on a cohort's file, some hundred rows at a time: each piece is one transaction and moves the cursor.

A worker that is killed loses no more than its piece, and the next one goes on from the cursor. Two workers on the same
import wait for each other at its row.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

from django.db import transaction
from django.db.models import Count, F
from django.utils.dateparse import parse_datetime

from moirai.crypto.fields import bulk_update
from moirai.crypto.keys import destroy, keys_at_hand
from moirai.crypto.ring import keyed_hash, normalised
from moirai.csv_import import FileRefusedError, Record, Table
from students.cohort import Status, refuse
from students.cohort_fields import RowError, values_of
from students.cohort_judge import CHANGEABLE, People, Plan, hash_of
from students.models import Cohort, CohortRow, Student

PIECE = 500
Outcome = CohortRow.Outcome


def work(*, cohort_id: int, now: datetime) -> bool:
    """Do what the import waits for, to its end; False where it waits for nothing (any more)."""
    cohort = Cohort.objects.waiting().filter(pk=cohort_id).first()
    if cohort is None:
        return False
    Cohort.objects.filter(pk=cohort_id).update(attempts=F("attempts") + 1)
    if cohort.status == Status.CHECKING:
        try:
            _check(cohort)
        except FileRefusedError as error:
            refuse(cohort, error)
    elif cohort.status == Status.STORING:
        while _store_piece(cohort.pk, now):
            pass
    elif cohort.status == Status.UNDOING:
        while _undo_piece(cohort.pk, now):
            pass
    return True


def _claim(cohort_id: int, status: str, cursor: int | None = None) -> Cohort | None:
    """The import under lock, while it is still where this work is."""
    cohort = Cohort.objects.select_for_update().get(pk=cohort_id)
    is_here = cohort.status == status and cohort.needs_work_since is not None
    return cohort if is_here and cursor in (None, cohort.cursor) else None


def _advance(cohort: Cohort, *, line: int, rows: int) -> None:
    Cohort.objects.filter(pk=cohort.pk).update(cursor=line, done=cohort.done + rows, attempts=0)


def _end(cohort: Cohort, status: str) -> None:
    tally = dict(cohort.rows.values_list("outcome").annotate(count=Count("pk")).order_by("outcome"))
    counts = cohort.counts if status == Status.UNDONE else {name: tally.get(name, 0) for name in Outcome.values}
    Cohort.objects.filter(pk=cohort.pk).update(status=status, needs_work_since=None, attempts=0, counts=counts)


# --- The dry run ------------------------------------------------------------------------------------------------------


class Seen:
    """On which line a number and an address were first; hashes, so that a long file takes little room."""

    def __init__(self) -> None:
        self.numbers: dict[bytes, int] = {}
        self.emails: dict[bytes, int] = {}

    def check(self, line: int, values: dict[str, Any]) -> None:
        for kind, name, lines in (("number", "student_number", self.numbers), ("email", "email", self.emails)):
            if name in values:
                key = keyed_hash(normalised(values[name]), about=kind).encode()[:12]
                if lines.setdefault(key, line) != line:
                    raise RowError(f"{kind}_twice", lines[key])


def _check(cohort: Cohort) -> None:
    with cohort.file.open("rb") as file:
        table = Table(file.file.file)
        seen, cursor = Seen(), cohort.cursor
        rows = ((record, *_judged(record, cohort.mapping, seen)) for record in table.records())
        fresh = (row for row in rows if row[0].line > cohort.cursor)
        while piece := list(islice(fresh, PIECE)):
            if not _check_piece(cohort.pk, cursor, piece):
                return
            cursor = piece[-1][0].line
    if cursor == 0:
        raise FileRefusedError("rows")
    with transaction.atomic():
        if (locked := _claim(cohort.pk, Status.CHECKING, cursor)) is not None:
            _end(locked, Status.CHECKED)


def _judged(record: Record, mapping: dict[str, int], seen: Seen) -> tuple[dict[str, Any], Plan | None]:
    """The values of a row, or why it has none."""
    try:
        if record.problem:
            raise RowError(record.problem)
        values = values_of(record.cells, mapping)
        seen.check(record.line, values)
    except RowError as error:
        return {}, Plan(Outcome.ERROR.value, reason=error.reason, detail=error.detail)
    return values, None


@transaction.atomic
def _check_piece(cohort_id: int, cursor: int, piece: list[tuple[Record, dict[str, Any], Plan | None]]) -> bool:
    cohort = _claim(cohort_id, Status.CHECKING, cursor)
    if cohort is None:
        return False
    people = People([values for _, values, _ in piece if values])
    rows = []
    for record, values, bad in piece:
        plan = bad or people.plan(values)
        row = CohortRow(cohort=cohort, line=record.line)
        raw = [cell[:500] for cell in record.cells]
        _note(row, plan, {"raw": raw} if bad else {"raw": raw, "values": values})
        rows.append(row)
    with keys_at_hand([cohort.key_id]):
        CohortRow.objects.bulk_create(rows)
    _advance(cohort, line=piece[-1][0].line, rows=len(piece))
    return True


def _note(row: CohortRow, plan: Plan, data: dict[str, Any]) -> None:
    """Write into the row what it does, with what stands there now where it changes something."""
    row.outcome, row.reason, row.detail = plan.outcome, plan.reason, plan.detail[:60]
    row.student = plan.student if plan.student is not None and plan.student.pk else None
    if plan.outcome == Outcome.CHANGED and plan.student is not None:
        before = {name: getattr(plan.student, name) for name in plan.changes}
        data |= {"before": before, "updated_at": plan.student.updated_at.isoformat(), "after": plan.changes}
    row.data = data


# --- Storing ----------------------------------------------------------------------------------------------------------


def _next_rows(cohort: Cohort) -> list[CohortRow]:
    rows = CohortRow.objects.filter(cohort=cohort, line__gt=cohort.cursor).order_by("line")[:PIECE]
    for row in (found := list(rows)):
        row.cohort = cohort
    return found


@transaction.atomic
def _store_piece(cohort_id: int, now: datetime) -> bool:
    """Judge some rows again, under lock, for people may have changed since the dry run; store what still holds."""
    cohort = _claim(cohort_id, Status.STORING)
    if cohort is None:
        return False
    rows = _next_rows(cohort)
    if not rows:
        _end(cohort, Status.STORED)
        return False
    mine = [row for row in rows if row.outcome in (Outcome.NEW, Outcome.CHANGED)]
    people = People([row.data["values"] for row in mine], lock=True)
    plans = [people.plan(row.data["values"]) for row in mine]
    with keys_at_hand([cohort.key_id, *(plan.student.key_id for plan in plans if plan.student)]):
        for row, plan in zip(mine, plans, strict=True):
            _note(row, plan, {"raw": row.data["raw"], "values": row.data["values"]})
        _save(plans, now)
        _prove(mine, plans)
    _advance(cohort, line=rows[-1].line, rows=len(rows))
    return True


def _save(plans: Sequence[Plan], now: datetime) -> None:
    changed: list[Student] = []
    new: list[Student] = []
    for plan in plans:
        student = plan.student
        if student is None or plan.outcome not in (Outcome.NEW, Outcome.CHANGED):
            continue
        for name, value in plan.changes.items():
            setattr(student, name, value)
        student.updated_at = now
        if student.user_id is not None:  # without an account nobody reads matches; the sweep takes the others
            student.needs_matching_since = now
        (changed if student.pk else new).append(student)
    bulk_update(changed, [*CHANGEABLE, "updated_at", "needs_matching_since"])
    Student.objects.bulk_create(new)


def _prove(rows: Sequence[CohortRow], plans: Sequence[Plan]) -> None:
    """Note for each row whom it was stored to, and the hash of what is there now, as the database tells it."""
    stored = [plan.student.pk for plan in plans if plan.student and plan.outcome in (Outcome.NEW, Outcome.CHANGED)]
    hashes = {student.pk: hash_of(student) for student in Student.objects.filter(pk__in=stored)}
    for row, plan in zip(rows, plans, strict=True):
        row.is_stored = plan.student is not None and plan.outcome in (Outcome.NEW, Outcome.CHANGED)
        row.student_id = plan.student.pk if plan.student else None
        row.after_hash = hashes[row.student_id] if row.is_stored and row.student_id else ""
    CohortRow.objects.filter(pk__in=[row.pk for row in rows]).delete()
    CohortRow.objects.bulk_create(rows)  # as they are now: a third of the time that updating so many columns takes


# --- Undoing ----------------------------------------------------------------------------------------------------------


@transaction.atomic
def _undo_piece(cohort_id: int, now: datetime) -> bool:
    """Put some people back to what they were; whoever was changed since by somebody else stays as they are."""
    cohort = _claim(cohort_id, Status.UNDOING)
    if cohort is None:
        return False
    rows = _next_rows(cohort)
    if not rows:
        _end(cohort, Status.UNDONE)
        return False
    stored = {row.student_id: row for row in rows if row.is_stored and row.student_id is not None}
    students = Student.objects.filter(pk__in=stored).select_for_update().order_by("pk")
    untouched = [row for row in students if hash_of(row) == stored[row.pk].after_hash]
    made = [row for row in untouched if stored[row.pk].outcome == Outcome.NEW]
    used = _used([row.pk for row in made])
    gone = [row for row in made if row.pk not in used]
    back = [row for row in untouched if stored[row.pk].outcome == Outcome.CHANGED]
    with keys_at_hand(row.key_id for row in back):
        _restore(back, stored, now)
    _take_away(gone, now)
    undone = [row.pk for row in [*gone, *back]]
    CohortRow.objects.filter(pk__in=[stored[pk].pk for pk in undone]).update(is_stored=False)
    tally = Counter(cohort.counts) + Counter(undone=len(undone), left=len(stored) - len(undone))
    Cohort.objects.filter(pk=cohort.pk).update(counts=dict(tally))
    _advance(cohort, line=rows[-1].line, rows=len(rows))
    return True


def _restore(students: list[Student], stored: dict[int, CohortRow], now: datetime) -> None:
    for student in students:
        data = stored[student.pk].data
        for name, value in data["before"].items():
            setattr(student, name, value)
        student.updated_at = parse_datetime(data["updated_at"]) or now
        if student.user_id is not None:
            student.needs_matching_since = now
    bulk_update(students, [*CHANGEABLE, "updated_at", "needs_matching_since"])


def _used(ids: list[int]) -> set[int]:
    """Of these students, those to whom something else belongs by now: a CV, an application, whatever it is."""
    used: set[int] = set()
    for relation in _relations():
        rows = relation.related_model._base_manager.filter(**{f"{relation.field.name}__in": ids})
        used |= set(rows.values_list(relation.field.name, flat=True))
    return used


def _relations() -> Iterator[Any]:
    """What points to students, without what we compute of them and what this import knows."""
    relations: tuple[Any, ...] = tuple(Student._meta.get_fields(include_hidden=True))
    for relation in relations:
        is_ours = relation.auto_created and not relation.concrete and relation.related_model is not CohortRow
        if is_ours and relation.related_model._meta.label != "matching.Match":
            yield relation


def _take_away(students: list[Student], now: datetime) -> None:
    ids = [student.pk for student in students]
    CohortRow.objects.filter(student__in=ids).update(student=None)
    Student.objects.filter(pk__in=ids).delete()
    destroy([student.key_id for student in students], now=now)

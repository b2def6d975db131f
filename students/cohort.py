"""The steps of a cohort import: file in, columns matched, checked, stored, undone. Work is left to `cohort_work`.

No step sends mail or opens an account. Each asks the row under lock where it stands, so a form that is sent twice, or
from a page that is out of date, does nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import BinaryIO, cast

from django.core.files.base import File
from django.db import transaction

from moirai.accounts.models import User
from moirai.crypto.keys import destroy
from moirai.csv_import import FileRefusedError, Table
from students.cohort_fields import guess, signature_of
from students.models import Cohort, CohortRow

KEEP_DAYS = 30
Status = Cohort.Status


class CohortNotPossibleError(Exception):
    """The import is not where this step begins."""


@transaction.atomic
def upload_cohort(*, file: File, name: str, by: User | None, now: datetime) -> Cohort:
    """Keep a file and match its columns: as the last time for the same columns, else by their names.

    A file that cannot be read raises FileRefusedError, and nothing is kept.
    """
    table = Table(cast("BinaryIO", file.file))
    signature = signature_of(table.header)
    last = Cohort.objects.filter(signature=signature).exclude(mapping={}).newest_first().first()
    cohort = Cohort(
        created_by=by,
        created_at=now,
        file_name=name.replace("\x00", "")[-200:],
        header=table.header,
        signature=signature,
        mapping=last.mapping if last else guess(table.header),
    )
    cohort.file.save("cohort", file, save=False)
    cohort.save()
    return cohort


@transaction.atomic
def check_cohort(*, cohort: Cohort, mapping: Mapping[str, int], now: datetime) -> None:
    """Start the dry run with these columns; also again with others, as long as nothing is stored."""
    locked = _at(cohort, Status.MAPPING, Status.CHECKED)
    locked.rows.all().delete()
    locked.mapping = dict(mapping)
    locked.counts = {}
    _work(locked, Status.CHECKING, now)


@transaction.atomic
def store_cohort(*, cohort: Cohort, now: datetime) -> None:
    _work(_at(cohort, Status.CHECKED), Status.STORING, now)


@transaction.atomic
def undo_cohort(*, cohort: Cohort, now: datetime) -> None:
    _work(_at(cohort, Status.STORED), Status.UNDOING, now)


@transaction.atomic
def retry_cohort(*, cohort: Cohort, now: datetime) -> None:
    """Go on where a work stopped that failed too often."""
    locked = _at(cohort, Status.CHECKING, Status.STORING, Status.UNDOING)
    Cohort.objects.filter(pk=locked.pk).update(attempts=0, needs_work_since=now)


def _at(cohort: Cohort, *statuses: str) -> Cohort:
    locked = Cohort.objects.select_for_update().get(pk=cohort.pk)
    if locked.status not in statuses or (locked.needs_work_since is not None and not locked.is_stuck):
        raise CohortNotPossibleError(locked.status)
    if not locked.header:  # past its time
        raise CohortNotPossibleError("expired")
    return locked


def _work(cohort: Cohort, status: str, now: datetime) -> None:
    values = {"status": status, "cursor": 0, "done": 0, "attempts": 0, "needs_work_since": now}
    Cohort.objects.filter(pk=cohort.pk).update(**values, mapping=cohort.mapping, counts=cohort.counts)


def refuse(cohort: Cohort, error: FileRefusedError) -> None:
    """The file turned out unreadable on the way; nothing of it was stored."""
    cohort.rows.all().delete()
    Cohort.objects.filter(pk=cohort.pk).update(
        status=Status.REFUSED, problem=error.problem, problem_line=error.line, needs_work_since=None, counts={}
    )


def forget_old_cohorts(now: datetime) -> int:
    """Take away files and rows past their time, and the key of each; that it took place, and how many, stays."""
    before = now - timedelta(days=KEEP_DAYS)
    old = Cohort.objects.filter(created_at__lte=before).exclude(file="", file_name="")
    count = 0
    for pk in list(old.values_list("pk", flat=True)):
        with transaction.atomic():
            cohort = Cohort.objects.select_for_update().get(pk=pk)
            if cohort.file:
                cohort.file.storage.delete(str(cohort.file.name))
            CohortRow.objects.filter(cohort=cohort).delete()
            destroy([cohort.key_id], now=now)
            Cohort.objects.filter(pk=pk).update(file="", file_name="", header="", needs_work_since=None)
            count += 1
    return count

"""``manage.py import_students --cohort``: the import of the careers office's pages, from the command line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.files.base import File
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from moirai.csv_import import FileRefusedError
from students.cohort import CohortNotPossibleError, check_cohort, store_cohort, undo_cohort, upload_cohort
from students.cohort_fields import LABELS, explain
from students.cohort_forms import describe
from students.cohort_work import work
from students.models import Cohort, CohortRow

SHOWN = 50


def add_cohort_arguments(parser: CommandParser) -> None:
    parser.add_argument("--cohort", action="store_true", help="the file is a list of the office, by student number")
    parser.add_argument("--dry-run", action="store_true", help="with --cohort: say what would change, store nothing")
    parser.add_argument("--undo", action="store_true", help="FILE is the id of an import: put everybody back")


def import_cohort(command: BaseCommand, options: dict[str, Any]) -> None:
    """Check a file and, unless rows are refused or this is a dry run, store it; or undo an import."""
    if options["undo"]:
        _undo(command, str(options["file"]))
        return
    cohort = _upload(options["file"])
    check_cohort(cohort=cohort, mapping=cohort.mapping, now=timezone.now())
    counts = _work(cohort)
    command.stdout.write(", ".join(f"{counts.get(name, 0)} {name}" for name in CohortRow.Outcome.values))
    refused = counts.get("error", 0)
    _report(command, cohort, refused)
    if options["dry_run"]:
        command.stdout.write("Nothing was stored.")
    elif refused and not options["skip_bad"]:
        raise CommandError(f"{refused} rows refused, nothing was stored.")
    else:
        store_cohort(cohort=cohort, now=timezone.now())
        counts = _work(cohort)
        command.stdout.write(f"Stored as import {cohort.public_id}: {counts['new']} new, {counts['changed']} changed.")
    if refused and options["skip_bad"]:
        raise CommandError(f"{refused} rows refused, the others were stored.")


def _upload(path: Path) -> Cohort:
    try:
        with path.open("rb") as file:
            cohort = upload_cohort(file=File(file), name=path.name, by=None, now=timezone.now())
    except OSError as error:
        raise CommandError(f"The file cannot be read: {error}") from None
    except FileRefusedError as error:
        raise CommandError(f"{path.name}, line {error.line}: {describe(error.problem, error.line)}") from None
    if "student_number" not in cohort.mapping:
        cohort.file.storage.delete(str(cohort.file.name))
        cohort.delete()
        raise CommandError(f"{path.name}, line 1: no column is the {LABELS['student_number']}.")
    return cohort


def _work(cohort: Cohort) -> dict[str, int]:
    """Do the work here and now; a worker that takes it up meanwhile shares it."""
    while work(cohort_id=cohort.pk, now=timezone.now()):
        pass
    cohort.refresh_from_db()
    if cohort.status == Cohort.Status.REFUSED:
        raise CommandError(describe(cohort.problem, cohort.problem_line))
    counts: dict[str, int] = cohort.counts
    return counts


def _report(command: BaseCommand, cohort: Cohort, refused: int) -> None:
    for row in cohort.rows.filter(outcome=CohortRow.Outcome.ERROR).order_by("line")[:SHOWN]:
        command.stderr.write(f"line {row.line}: {explain(row.reason, row.detail)}")
    if refused > SHOWN:
        command.stderr.write(f"… and {refused - SHOWN} more.")


def _undo(command: BaseCommand, public_id: str) -> None:
    cohort = Cohort.objects.filter(public_id=public_id).first()
    if cohort is None:
        raise CommandError(f"There is no import {public_id}.")
    try:
        undo_cohort(cohort=cohort, now=timezone.now())
    except CohortNotPossibleError as error:
        raise CommandError(f"The import is {error}; only a stored one can be undone.") from None
    counts = _work(cohort)
    command.stdout.write(f"{counts.get('undone', 0)} as before, {counts.get('left', 0)} changed since and left.")

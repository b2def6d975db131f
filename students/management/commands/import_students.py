"""``manage.py import_students FILE``: students of a file of the office, with the text of their CVs."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.management.base import CommandParser

from moirai.import_command import ImportCommand, Stored
from moirai.importing import BadValueError, Row
from moirai.skills.models import Language
from moirai.skills.vocabulary import extractor
from students.cohort_command import add_cohort_arguments, import_cohort
from students.enrol import Enrolment, enrol
from students.reading.formats import MAX_CHARACTERS, clean

HIGHEST_YEARS = 80


class Command(ImportCommand):
    help = (
        "Add students, or update those imported before under the same id. Every row is checked before anything is "
        "stored; a refused row is named with its line and reason. Lists in CSV are parted by semicolons. With "
        "--cohort, the file is a list of the office by student number, as on the pages of the careers office."
    )
    columns = ("id", "language", "degree_program", "skills", "cv_text", "location", "experience_years")
    noun = "Students"

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        add_cohort_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        if options["cohort"] or options["undo"]:
            import_cohort(self, options)
        else:
            super().handle(*args, **options)

    def record_of(self, row: Row) -> Enrolment:
        text = clean(row.text("cv_text"))
        if len(text) > MAX_CHARACTERS:
            raise BadValueError(f"cv_text has {len(text)} characters, at most {MAX_CHARACTERS} are allowed")
        return Enrolment(
            external_id=row.text("id", required=True),
            language=row.choice("language", Language.values, default=Language.SPANISH.value),
            degree_program=row.text("degree_program", limit=200),
            skills=row.names("skills"),
            cv_text=text,
            location=row.text("location", limit=120),
            experience_years=row.number("experience_years", highest=HIGHEST_YEARS),
        )

    def store(self, records: list[Any], *, now: datetime) -> Stored:
        return enrol(enrolments=records, extractor=extractor(), now=now)

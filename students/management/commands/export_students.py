"""``manage.py export_students OUT``: the students of the office's files, as `import_students` takes them again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Prefetch

from moirai.exporting import ExportCommand
from students.management.commands.import_students import Command as Import
from students.models import CV, Student


class Command(ExportCommand):
    help = (
        "Write the students that were imported by id, with the text of their current CV. Whoever restricted what is "
        "done with their data is left out. The file holds personal data in the clear: keep it as such."
    )
    columns, noun = Import.columns, "Students"

    def rows(self, options: dict[str, Any]) -> Iterator[list[Any]]:
        current = Prefetch("cvs", CV.objects.current(), to_attr="current")
        found = Student.objects.filter(external_id__isnull=False, restricted_since=None)
        for student in found.prefetch_related(current).order_by("pk").iterator(chunk_size=500):
            (cv,) = getattr(student, "current", []) or [None]
            yield [
                student.external_id,
                student.language,
                student.degree_program,
                student.declared_skills.split("\n") if student.declared_skills else [],
                cv.text if cv else "",
                student.location,
                student.experience_years,
            ]

"""``manage.py export_jobs OUT``: open postings, as `import_jobs` takes them again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from jobs.management.commands.import_jobs import Command as Import
from jobs.models import Job
from moirai.exporting import ExportCommand


class Command(ExportCommand):
    help = "Write the postings that take applications now, all of them or those of a company."
    columns, noun = Import.columns, "Postings"

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--company", metavar="SLUG", help="those of one company")

    def rows(self, options: dict[str, Any]) -> Iterator[list[Any]]:
        jobs = Job.objects.open(at=timezone.now()).order_by("pk")
        if options["company"]:
            jobs = jobs.filter(company__slug=options["company"])
        for job in jobs.iterator(chunk_size=500):
            yield [
                job.external_id or job.public_id,
                job.language,
                job.title,
                job.description,
                job.requirements.split("\n") if job.requirements else [],
                job.preferences.split("\n") if job.preferences else [],
                job.city,
                job.seniority,
                job.modality,
            ]

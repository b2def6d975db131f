"""Import postings from a file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils import timezone

from jobs.detect import Detected, detect_in, store_found
from jobs.import_fields import choice_of
from jobs.models import Company, Job
from jobs.posting import slug_of
from jobs.searchable import describe
from jobs.titles import titles
from moirai.import_command import ImportCommand, Stored
from moirai.importing import BadValueError, Row
from moirai.skills.models import Language, Skill
from moirai.skills.vocabulary import extractor

DEFAULT_COMPANY = "vacantes-importadas"
KIND = {
    "student": Job.Kind.INTERNSHIP,
    "junior": Job.Kind.FIRST_JOB,
    "mid": Job.Kind.FULL_TIME,
    "senior": Job.Kind.FULL_TIME,
}
TEXT_LIMIT, LIST_LIMIT = 20_000, 5_000


@dataclass(frozen=True)
class Posting:
    """One good row."""

    external_id: str
    fields: dict[str, Any]


class Command(ImportCommand):
    help = "Import postings; a posting that was imported before is updated. They are public at once."
    columns = (
        "id", "language", "title", "description", "required_skills", "preferred_skills", "location", "seniority",
        "modality",
    )  # fmt: skip
    noun = "Postings"

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--company", metavar="SLUG", help="a verified company; default: one made for imports")
        parser.add_argument("--open-days", type=int, default=90, help="days from now that they are open (default 90)")

    def record_of(self, row: Row) -> Posting:
        fields: dict[str, Any] = {
            "title": row.text("title", limit=200, required=True),
            "description": row.text("description", limit=TEXT_LIMIT, required=True).replace("\r\n", "\n"),
            "requirements": self._lines(row, "required_skills"),
            "preferences": self._lines(row, "preferred_skills"),
            "language": row.choice("language", Language.values, default=Language.SPANISH),
            "city": row.text("location", limit=200),
            "seniority": self._known(row, "seniority", Job.Seniority.values),
            "modality": self._known(row, "modality", Job.Modality.values),
        }
        fields["kind"] = KIND[fields["seniority"]]
        fields["slug"] = slug_of(fields["title"])
        return Posting(row.text("id"), fields)

    def _lines(self, row: Row, name: str) -> str:
        lines = "\n".join(row.names(name))
        if len(lines) > LIST_LIMIT:
            raise BadValueError(f"{name} has {len(lines)} characters, at most {LIST_LIMIT} are allowed")
        return lines

    def _known(self, row: Row, name: str, choices: list[str]) -> str:
        value = choice_of(name, row.text(name))
        if value not in choices:
            raise BadValueError(f"{name} is {value[:40]!r}, not one of {', '.join(choices)}")
        return value

    def prepare(self, options: dict[str, Any]) -> None:
        if not 1 <= options["open_days"] <= 730:
            raise CommandError("--open-days must be between 1 and 730.")
        self.open_for = timedelta(days=options["open_days"])
        self.company = self._company(options["company"])
        self.vocabulary = extractor()
        self.occupations = titles()
        self.names = {skill.pk: (skill.name_es, skill.name_en) for skill in Skill.objects.only("name_es", "name_en")}

    def _company(self, slug: str | None) -> Company:
        if slug is None:
            fields = {"name": "Vacantes importadas", "status": Company.Status.VERIFIED, "verified_at": timezone.now()}
            return Company.objects.get_or_create(slug=DEFAULT_COMPANY, defaults=fields)[0]
        company = Company.objects.filter(slug=slug).first()
        if company is None:
            raise CommandError(f"There is no company {slug!r}; nothing was stored.")
        if not company.is_verified:
            raise CommandError(f"The company {slug!r} is not verified; nothing was stored.")
        return company

    def store(self, records: list[Posting], *, now: datetime) -> Stored:
        known = Job.objects.in_bulk([record.external_id for record in records], field_name="external_id")
        added: list[Job] = []
        updated: list[Job] = []
        readings: list[tuple[Job, list[Detected]]] = []
        for record in records:
            job = self._job(record, known.get(record.external_id), now)
            found = detect_in(job.text, preferences_start=job.preferences_start, vocabulary=self.vocabulary)
            names = [name for one in found for name in self.names.get(one.skill_id, ())]
            describe(job, skill_names=names, occupations=self.occupations)
            (updated if job.pk else added).append(job)
            readings.append((job, found))
        Job.objects.bulk_create(added)
        for job in updated:  # one UPDATE each is faster than a CASE over long texts
            job.save(update_fields=UPDATED)
        store_found(readings, now=now)
        return Stored(added=len(added), updated=len(updated))

    def _job(self, record: Posting, job: Job | None, now: datetime) -> Job:
        """The posting as it will be stored. The mark stands for the announcement: the sweep of matching takes it up."""
        if job is None:
            job = Job(
                external_id=record.external_id, company=self.company, status=Job.Status.PUBLISHED, published_at=now
            )
        elif job.company_id != self.company.pk:
            raise CommandError(f"Posting {record.external_id!r} belongs to another company; nothing was stored.")
        else:
            job.company = self.company
        for name, value in record.fields.items():
            setattr(job, name, value)
        if job.status == Job.Status.PUBLISHED:  # one that a person closed stays closed
            job.closes_at = now + self.open_for
        job.needs_detection_since, job.needs_matching_since, job.updated_at = None, now, now
        return job


UPDATED = [
    "title", "slug", "description", "requirements", "preferences", "language", "city", "seniority", "modality", "kind",
    "closes_at", "search_text", "lexemes", "needs_detection_since", "needs_matching_since", "updated_at",
]  # fmt: skip

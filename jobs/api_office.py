"""The API of the careers office's programs: companies and postings whatever their state, and postings imported."""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

from django.core.files.uploadedfile import UploadedFile
from django.core.management.base import CommandError
from django.db import transaction
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from jobs.api_fields import JobDetailSerializer
from jobs.management.commands.import_jobs import Command, Posting
from jobs.models import Company, Job
from moirai.api.endpoint import Endpoint
from moirai.api.forms import checked
from moirai.api.models import Scope
from moirai.importing import Refused

MOST_ROWS = 500  # judged and stored while the client waits
ENDINGS = (".csv", ".jsonl")  # a zipped one may hold far more than was sent


class OfficeCompanySerializer(serializers.ModelSerializer):
    class Meta:
        model = Company
        fields = [
            "slug", "name", "legal_name", "tax_id", "website", "city", "description", "status", "status_reason",
            "is_trusted", "created_at", "verified_at",
        ]  # fmt: skip


class OfficeJobSerializer(JobDetailSerializer):
    class Meta(JobDetailSerializer.Meta):
        fields = [*JobDetailSerializer.Meta.fields, "external_id", "status", "status_reason", "closed_reason"]


class JobImportSerializer(serializers.Serializer):
    file = serializers.FileField(help_text=f"JSON lines or CSV, up to {MOST_ROWS} rows.")
    company = serializers.SlugField(max_length=160, required=False, help_text="A verified one; else one for imports.")
    open_days = serializers.IntegerField(min_value=1, max_value=730, default=90)
    dry_run = serializers.BooleanField(default=False, help_text="Judge every row, store nothing.")


class RefusedSerializer(serializers.Serializer):
    line = serializers.IntegerField()
    reason = serializers.CharField()


class JobImportedSerializer(serializers.Serializer):
    added = serializers.IntegerField()
    updated = serializers.IntegerField()
    refused = RefusedSerializer(many=True)


class OfficeCompanies(Endpoint):
    scopes = {"GET": Scope.OFFICE_READ}
    permissions = {"GET": "jobs.view_company"}

    @extend_schema(
        operation_id="office_companies",
        parameters=[OpenApiParameter("status", str, enum=Company.Status.values)],
        responses=OfficeCompanySerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        """All companies, in the order they were registered."""
        rows = Company.objects.order_by("id")
        if wanted := request.query_params.get("status"):
            rows = rows.filter(status=wanted)
        return self.page(rows, OfficeCompanySerializer)


class OfficeJobs(Endpoint):
    scopes = {"GET": Scope.OFFICE_READ, "POST": Scope.OFFICE_IMPORT}
    permissions = {"GET": "jobs.view_job", "POST": "jobs.add_job"}
    parser_classes = [MultiPartParser]

    @extend_schema(
        operation_id="office_jobs",
        parameters=[OpenApiParameter("status", str, enum=Job.Status.values)],
        responses=OfficeJobSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        """All postings, in the order they were written."""
        rows = Job.objects.for_list().defer(None).order_by("id")
        if wanted := request.query_params.get("status"):
            rows = rows.filter(status=wanted)
        return self.page(rows, OfficeJobSerializer)

    @extend_schema(
        operation_id="import_jobs",
        request={"multipart/form-data": JobImportSerializer},
        responses=JobImportedSerializer,
    )
    def post(self, request: Request) -> Response:
        """Postings from a file, as `import_jobs` takes them: all of it, or with a refused row nothing. They are public
        at once; one that was imported before is updated.
        """
        asked = checked(JobImportSerializer(data=request.data))
        command = Command()
        with TemporaryDirectory() as folder, transaction.atomic():
            try:
                command.prepare({"company": asked.get("company"), "open_days": asked["open_days"]})
                records, refused = _judged(command, asked["file"], Path(folder))
                is_stored = bool(records) and not refused and not asked["dry_run"]
                stored = command.store(records, now=timezone.now()) if is_stored else None
                transaction.set_rollback(stored is None)
            except CommandError as error:
                raise ValidationError({"non_field_errors": [str(error)]}) from None
        said = {"added": stored.added, "updated": stored.updated} if stored else {"added": 0, "updated": 0}
        return Response(JobImportedSerializer(said | {"refused": refused}).data)


def _judged(command: Command, file: UploadedFile, folder: Path) -> tuple[list[Posting], list[Refused]]:
    """The good rows of a file, and why the others are not."""
    ending = next((one for one in ENDINGS if str(file.name).lower().endswith(one)), "")
    place = folder / f"file{ending}"
    with place.open("wb") as copy:
        copy.writelines(file.chunks())
    refused: list[Refused] = []
    records = list(islice(command.records(place, refused=refused), MOST_ROWS + 1))
    if len(records) + len(refused) > MOST_ROWS:
        raise ValidationError({"file": [_("A file may have %(most)d rows.") % {"most": MOST_ROWS}]})
    return records, sorted(refused)


urlpatterns = [
    path("office/companies/", OfficeCompanies.as_view(), name="api_office_companies"),
    path("office/jobs/", OfficeJobs.as_view(), name="api_office_jobs"),
]

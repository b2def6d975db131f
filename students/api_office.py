"""The API of the careers office's programs: a cohort imported as on its page, step by step."""

from __future__ import annotations

from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.exceptions import ValidationError
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from moirai.api.endpoint import AnyAccept, Endpoint, person_of
from moirai.api.forms import FormSerializer, checked, filled
from moirai.api.models import Scope
from moirai.api.problems import Conflict
from moirai.csv_import import FileRefusedError
from students.cohort import CohortNotPossibleError, check_cohort, upload_cohort
from students.cohort_fields import LABELS
from students.cohort_forms import CohortForm, MappingForm, describe
from students.models import Cohort
from students.tasks import queue_cohort
from students.views.cohorts import IMPORTS, STEPS, error_file


class StudentImportSerializer(serializers.ModelSerializer):
    id = serializers.CharField(source="public_id")
    columns = serializers.ListField(source="header", child=serializers.CharField())
    mapping = serializers.DictField(child=serializers.IntegerField(), help_text="Field: number of its column, from 0.")
    counts = serializers.DictField(child=serializers.IntegerField(), help_text="Rows: new, changed, same, error.")
    problem = serializers.SerializerMethodField()
    is_working = serializers.SerializerMethodField(help_text="Ask again in a while.")

    class Meta:
        model = Cohort
        fields = ["id", "status", "is_working", "columns", "mapping", "counts", "problem", "created_at"]

    def get_problem(self, row: Cohort) -> str:
        return describe(row.problem, row.problem_line)

    def get_is_working(self, row: Cohort) -> bool:
        return row.needs_work_since is not None and not row.is_stuck


class NewStudentImportSerializer(FormSerializer):
    form_class = CohortForm


class ImportStepSerializer(serializers.Serializer):
    step = serializers.ChoiceField(["check", *STEPS], help_text="check is the dry run; store confirms it.")
    mapping = serializers.DictField(
        child=serializers.IntegerField(min_value=0), required=False, help_text="For check; without it, as it stands."
    )


class StudentImports(Endpoint):
    scopes = {"GET": Scope.OFFICE_READ, "POST": Scope.OFFICE_IMPORT}
    permissions = {"GET": IMPORTS, "POST": IMPORTS}
    parser_classes = [MultiPartParser]

    @extend_schema(operation_id="student_imports", responses=StudentImportSerializer(many=True))
    def get(self, request: Request) -> Response:
        """Imports of students, newest first."""
        return self.page(Cohort.objects.order_by("-created_at", "-id"), StudentImportSerializer)

    @extend_schema(
        operation_id="import_students",
        request={"multipart/form-data": NewStudentImportSerializer},
        responses={201: StudentImportSerializer},
    )
    def post(self, request: Request) -> Response:
        """Upload a CSV file; its columns are matched by their names, and nothing is stored of it yet."""
        file = filled(request, NewStudentImportSerializer, CohortForm).cleaned_data["file"]
        try:
            row = upload_cohort(file=file, name=file.name or "", by=person_of(request), now=timezone.now())
        except FileRefusedError as error:
            raise ValidationError({"file": [describe(error.problem, error.line)]}) from None
        return Response(StudentImportSerializer(row).data, status.HTTP_201_CREATED)


class OneStudentImport(Endpoint):
    scopes = {"GET": Scope.OFFICE_READ, "POST": Scope.OFFICE_IMPORT}
    permissions = {"GET": IMPORTS, "POST": IMPORTS}

    @extend_schema(operation_id="student_import", responses=StudentImportSerializer)
    def get(self, request: Request, cohort: str) -> Response:
        """Where an import stands."""
        return Response(StudentImportSerializer(get_object_or_404(Cohort, public_id=cohort)).data)

    @extend_schema(
        operation_id="step_student_import", request=ImportStepSerializer, responses={202: StudentImportSerializer}
    )
    def post(self, request: Request, cohort: str) -> Response:
        """Take the next step: dry run, store, undo, or go on where the work stopped. It is done in the background."""
        row = get_object_or_404(Cohort, public_id=cohort)
        asked = checked(ImportStepSerializer(data=request.data))
        try:
            if asked["step"] == "check":
                mapping = _mapping(row, asked.get("mapping", row.mapping))
                check_cohort(cohort=row, mapping=mapping, now=timezone.now())
            else:
                STEPS[asked["step"]](cohort=row, now=timezone.now())
        except CohortNotPossibleError:
            words = _("The import was somewhere else already. This is where it stands now.")
            raise Conflict(words, code="not_possible") from None
        queue_cohort(row)
        row.refresh_from_db()
        return Response(StudentImportSerializer(row).data, status.HTTP_202_ACCEPTED)


def _mapping(row: Cohort, said: dict[str, int]) -> dict[str, int]:
    form = MappingForm({name: str(column) for name, column in said.items()}, cohort=row)
    unknown = sorted(set(said) - set(LABELS))
    if unknown or not form.is_valid():
        raise ValidationError(
            {"mapping": unknown or [f"{name}: {error}" for name, e in form.errors.items() for error in e]}
        )
    return form.mapping


class StudentImportErrors(Endpoint):
    scopes = {"GET": Scope.OFFICE_READ}
    permissions = {"GET": IMPORTS}
    content_negotiation_class = AnyAccept

    @extend_schema(operation_id="student_import_errors", responses={(200, "text/csv"): OpenApiTypes.STR})
    def get(self, request: Request, cohort: str) -> HttpResponseBase:
        """The refused rows as CSV with line and reason, to be put right and imported again."""
        return error_file(get_object_or_404(Cohort, public_id=cohort))


urlpatterns = [
    path("office/student-imports/", StudentImports.as_view(), name="api_student_imports"),
    path("office/student-imports/<public_id:cohort>/", OneStudentImport.as_view(), name="api_student_import"),
    path(
        "office/student-imports/<public_id:cohort>/errors.csv",
        StudentImportErrors.as_view(),
        name="api_student_import_errors",
    ),
]

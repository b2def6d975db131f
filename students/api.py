"""The API of a student's own profile: facts, entries, skills with their evidence, CVs."""

from __future__ import annotations

from functools import partial

from django.db import transaction
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.exceptions import ValidationError
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from moirai.api.endpoint import AnyAccept, Endpoint, refuse_stale
from moirai.api.forms import checked, filled
from moirai.api.models import Scope
from students import api_office, change
from students.access import student_of
from students.api_fields import (
    ContestSerializer,
    CVSerializer,
    CVStateSerializer,
    EntryChangeSerializer,
    EntrySerializer,
    EvidenceSerializer,
    NewCVSerializer,
    NewEntrySerializer,
    NewSkillSerializer,
    OwnForm,
    ProfileChangeSerializer,
    ProfileSerializer,
    SkillDecisionSerializer,
    StudentSkillSerializer,
)
from students.forms import CVForm, EntryForm, SkillForm
from students.models import CV, Evidence, ProfileEntry, Student, StudentSkill
from students.suggest import known_skill, near_names
from students.upload import upload_cv
from students.views.evidence import file_of

READ, WRITE = Scope.PROFILE_READ, Scope.PROFILE_WRITE


class Profile(Endpoint):
    scopes = {"GET": READ, "PATCH": WRITE}

    @extend_schema(operation_id="profile", responses=ProfileSerializer)
    def get(self, request: Request) -> Response:
        """A student's own profile: facts, entries, skills with the sentences that prove them, CVs with their state."""
        return Response(ProfileSerializer(student_of(request)).data)

    @extend_schema(operation_id="change_profile", request=ProfileChangeSerializer, responses=ProfileSerializer)
    def patch(self, request: Request) -> Response:
        """Change facts and settings. With If-Match, only what was read is changed."""
        with transaction.atomic():
            student = Student.objects.select_for_update(of=("self",)).get(pk=student_of(request).pk)
            refuse_stale(request, ProfileSerializer(student).data)
            form = filled(request, ProfileChangeSerializer, partial(OwnForm, instance=student))
            sent = [name for name in form.fields if name in request.data]
            change.save_profile(student=student, fields=sent, now=timezone.now())
        return Response(ProfileSerializer(student).data)


class Entries(Endpoint):
    scopes = {"GET": READ, "POST": WRITE}

    @extend_schema(operation_id="entries", responses=EntrySerializer(many=True))
    def get(self, request: Request) -> Response:
        """Education, experience, projects, languages and certificates, in the order they were written."""
        return self.page(ProfileEntry.objects.filter(student=student_of(request)).order_by("id"), EntrySerializer)

    @extend_schema(operation_id="add_entry", request=NewEntrySerializer, responses={201: EntrySerializer})
    def post(self, request: Request) -> Response:
        """A line of the profile; the same line sent twice is one."""
        student = student_of(request)
        kind = checked(NewEntrySerializer(data=request.data))["kind"]
        form = filled(
            request, NewEntrySerializer, partial(EntryForm, instance=ProfileEntry(student=student, kind=kind))
        )
        entry = change.save_entry(entry=form.save(commit=False), now=timezone.now())
        return Response(EntrySerializer(entry).data, status.HTTP_201_CREATED)


class OneEntry(Endpoint):
    scopes = {"GET": READ, "PATCH": WRITE, "DELETE": WRITE}

    def entry(self, request: Request, pk: int) -> ProfileEntry:
        return get_object_or_404(ProfileEntry, pk=pk, student=student_of(request))

    @extend_schema(operation_id="entry", responses=EntrySerializer)
    def get(self, request: Request, entry: int) -> Response:
        """One line of the profile."""
        return Response(EntrySerializer(self.entry(request, entry)).data)

    @extend_schema(operation_id="change_entry", request=EntryChangeSerializer, responses=EntrySerializer)
    def patch(self, request: Request, entry: int) -> Response:
        """Change a line. With If-Match, only what was read is changed."""
        row = self.entry(request, entry)
        refuse_stale(request, EntrySerializer(row).data)
        form = filled(request, EntryChangeSerializer, partial(EntryForm, instance=row))
        change.save_entry(entry=form.save(commit=False), now=timezone.now())
        return Response(EntrySerializer(row).data)

    @extend_schema(operation_id="delete_entry", responses={204: None})
    def delete(self, request: Request, entry: int) -> Response:
        """Delete a line."""
        change.delete_entry(entry=self.entry(request, entry), now=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)


class Skills(Endpoint):
    scopes = {"GET": READ, "POST": WRITE}

    @extend_schema(operation_id="skills", responses=StudentSkillSerializer(many=True))
    def get(self, request: Request) -> Response:
        """Skills with the sentences that prove them, removed ones too."""
        rows = StudentSkill.objects.filter(student=student_of(request)).with_evidence().order_by("id")
        return self.page(rows, StudentSkillSerializer)

    @extend_schema(operation_id="add_skill", request=NewSkillSerializer, responses={201: StudentSkillSerializer})
    def post(self, request: Request) -> Response:
        """A skill by any of its names, with a statement as evidence. Said twice, it is stored once."""
        student = student_of(request)
        said = filled(request, NewSkillSerializer, SkillForm).cleaned_data
        skill = known_skill(said["name"])
        if skill is None:
            near = ", ".join(near_names(said["name"]))
            words = _("We know no skill of that name. Did you mean: %(names)s?") % {"names": near}
            raise ValidationError(
                {"name": [words if near else _("We know no skill of that name. Try another spelling.")]}
            )
        row = change.state_skill(student=student, skill=skill, statement=said["statement"], now=timezone.now())
        return Response(_skill(row), status.HTTP_201_CREATED)


class OneSkill(Endpoint):
    scopes = {"PATCH": WRITE}

    @extend_schema(operation_id="decide_skill", request=SkillDecisionSerializer, responses=StudentSkillSerializer)
    def patch(self, request: Request, code: str) -> Response:
        """Confirm a skill, say that it is being learnt, or remove it."""
        student = student_of(request)
        row = get_object_or_404(StudentSkill, student=student, skill__code=code)
        decision = checked(SkillDecisionSerializer(data=request.data))["status"]
        change.decide(student=student, decisions={row.pk: decision}, now=timezone.now())
        return Response(_skill(row))


def _skill(row: StudentSkill) -> object:
    return StudentSkillSerializer(StudentSkill.objects.with_evidence().get(pk=row.pk)).data


class OneEvidence(Endpoint):
    scopes = {"PATCH": WRITE}

    @extend_schema(operation_id="contest_evidence", request=ContestSerializer, responses=EvidenceSerializer)
    def patch(self, request: Request, evidence: int) -> Response:
        """Call a piece of evidence wrong, so that it counts no more, or take that back."""
        rows = Evidence.objects.select_related("cv", "student_skill__student")
        row = get_object_or_404(rows, pk=evidence, student_skill__student=student_of(request))
        row.is_contested = checked(ContestSerializer(data=request.data))["is_contested"]
        change.contest(evidence=row, is_wrong=row.is_contested, now=timezone.now())
        return Response(EvidenceSerializer(row).data)


class CVs(Endpoint):
    scopes = {"GET": READ, "POST": WRITE}
    parser_classes = [MultiPartParser]

    @extend_schema(operation_id="cvs", responses=CVSerializer(many=True))
    def get(self, request: Request) -> Response:
        """CVs, newest first, without their texts."""
        rows = CV.objects.filter(student=student_of(request)).defer("text").order_by("-uploaded_at", "-id")
        return self.page(rows, CVSerializer)

    @extend_schema(
        operation_id="upload_cv", request={"multipart/form-data": NewCVSerializer}, responses={202: CVSerializer}
    )
    def post(self, request: Request) -> Response:
        """Upload a CV; it is read in the background. The same file again is the same CV."""
        student = student_of(request)
        file = filled(request, NewCVSerializer, CVForm).cleaned_data["cv"]
        cv = upload_cv(student=student, file=file, now=timezone.now())
        return Response(CVSerializer(cv).data, status.HTTP_202_ACCEPTED)


class OneCV(Endpoint):
    scopes = {"GET": READ}

    @extend_schema(operation_id="cv", responses=CVStateSerializer)
    def get(self, request: Request, cv: str) -> Response:
        """Where the reading of a CV stands."""
        row = get_object_or_404(CV.objects.defer("text"), public_id=cv, student=student_of(request))
        return Response(CVStateSerializer(row).data)


class CVFile(Endpoint):
    scopes = {"GET": READ}
    content_negotiation_class = AnyAccept

    @extend_schema(operation_id="cv_file", responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    def get(self, request: Request, cv: str) -> HttpResponseBase:
        """The file of a CV as it was uploaded."""
        return file_of(get_object_or_404(CV.objects.defer("text"), public_id=cv, student=student_of(request)))


urlpatterns = [
    path("profile/", Profile.as_view(), name="api_profile"),
    path("profile/entries/", Entries.as_view(), name="api_entries"),
    path("profile/entries/<int:entry>/", OneEntry.as_view(), name="api_entry"),
    path("profile/skills/", Skills.as_view(), name="api_skills"),
    path("profile/skills/<str:code>/", OneSkill.as_view(), name="api_skill"),
    path("profile/evidence/<int:evidence>/", OneEvidence.as_view(), name="api_evidence"),
    path("profile/cvs/", CVs.as_view(), name="api_cvs"),
    path("profile/cvs/<public_id:cv>/", OneCV.as_view(), name="api_cv"),
    path("profile/cvs/<public_id:cv>/file/", CVFile.as_view(), name="api_cv_file"),
    *api_office.urlpatterns,
]

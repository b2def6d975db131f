"""The API of a student's own profile."""

from __future__ import annotations

from django.urls import path
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from moirai.api.endpoint import Endpoint
from moirai.api.models import Scope
from students.access import student_of
from students.models import CV, Evidence, ProfileEntry, Student, StudentSkill


class EvidenceSerializer(serializers.ModelSerializer):
    words = serializers.CharField(read_only=True)
    sentence = serializers.CharField(read_only=True)

    class Meta:
        model = Evidence
        fields = ["words", "sentence", "section", "is_contested"]


class StudentSkillSerializer(serializers.ModelSerializer):
    code = serializers.CharField(source="skill.code", read_only=True)
    name = serializers.CharField(source="skill.name", read_only=True)
    evidence = EvidenceSerializer(many=True, read_only=True)

    class Meta:
        model = StudentSkill
        fields = ["code", "name", "status", "evidence"]


class EntrySerializer(serializers.ModelSerializer):
    class Meta:
        model = ProfileEntry
        fields = ["kind", "title", "organisation", "started_on", "ended_on", "description"]


class CVSerializer(serializers.ModelSerializer):
    id = serializers.CharField(source="public_id", read_only=True)

    class Meta:
        model = CV
        fields = ["id", "status", "is_current", "pages", "uploaded_at"]


class ProfileSerializer(serializers.ModelSerializer):
    id = serializers.CharField(source="public_id", read_only=True)
    entries = serializers.SerializerMethodField()
    skills = serializers.SerializerMethodField()
    cvs = serializers.SerializerMethodField()

    class Meta:
        model = Student
        fields = [
            "id", "degree_program", "semester", "graduation_year", "location", "phone", "headline", "experience_years",
            "hours_per_week", "english_level", "visibility", "wants_matching", "entries", "skills", "cvs",
        ]  # fmt: skip

    @extend_schema_field(EntrySerializer(many=True))
    def get_entries(self, student: Student) -> list[dict[str, object]]:
        return list(EntrySerializer(student.entries.in_order(), many=True).data)

    @extend_schema_field(StudentSkillSerializer(many=True))
    def get_skills(self, student: Student) -> list[dict[str, object]]:
        rows = StudentSkill.objects.filter(student=student).with_evidence().by_name()
        return list(StudentSkillSerializer(rows, many=True).data)

    @extend_schema_field(CVSerializer(many=True))
    def get_cvs(self, student: Student) -> list[dict[str, object]]:
        return list(CVSerializer(student.cvs.newest_first(), many=True).data)


class Profile(Endpoint):
    scopes = {"GET": Scope.PROFILE_READ}

    @extend_schema(operation_id="profile", responses=ProfileSerializer)
    def get(self, request: Request) -> Response:
        """A student's own profile: facts, entries, skills with the sentences that prove them, CVs with their state."""
        return Response(ProfileSerializer(student_of(request)).data)


urlpatterns = [path("profile/", Profile.as_view(), name="api_profile")]

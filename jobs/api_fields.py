"""What the API says of postings and applications. Every field that leaves the house is named here."""

from __future__ import annotations

from django.conf import settings
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from jobs.looking import message_to_company
from jobs.models import Application, Company, Job, JobSkill, Message, Side
from jobs.pipeline import next_statuses
from jobs.timeline import timeline


class EmployerSerializer(serializers.ModelSerializer):
    class Meta:
        model = Company
        fields = ["slug", "name", "city"]


class AskedSkillSerializer(serializers.ModelSerializer):
    code = serializers.CharField(source="skill.code")
    name = serializers.CharField(source="skill.name")

    class Meta:
        model = JobSkill
        fields = ["code", "name", "level"]


class JobSerializer(serializers.ModelSerializer):
    id = serializers.CharField(source="public_id")
    company = EmployerSerializer()
    skills = AskedSkillSerializer(many=True, source="asked_rows")
    url = serializers.SerializerMethodField(help_text="Its page.")

    class Meta:
        model = Job
        fields = [
            "id", "title", "company", "language", "kind", "modality", "seniority", "city", "pay_from", "pay_to",
            "pay_period", "published_at", "closes_at", "skills", "url",
        ]  # fmt: skip

    def get_url(self, job: Job) -> str:
        return f"{settings.SITE_URL.rstrip('/')}{job.get_absolute_url()}"


class JobDetailSerializer(JobSerializer):
    class Meta(JobSerializer.Meta):
        fields = [
            *JobSerializer.Meta.fields, "description", "requirements", "preferences", "hours_per_week", "term_months",
            "minimum_semester", "credits", "english_level",
        ]  # fmt: skip


class AppliedToSerializer(serializers.ModelSerializer):
    id = serializers.CharField(source="public_id")
    company = serializers.CharField(source="company.name")

    class Meta:
        model = Job
        fields = ["id", "title", "company"]


class ApplicationSerializer(serializers.ModelSerializer):
    id = serializers.CharField(source="public_id")
    job = AppliedToSerializer()
    applicant = serializers.CharField(help_text="The name; in a blind review an alias.")

    class Meta:
        model = Application
        fields = ["id", "job", "applicant", "status", "created_at", "updated_at"]


class StepSerializer(serializers.Serializer):
    kind = serializers.ChoiceField(["step", "message", "interview"])
    label = serializers.CharField()  # type: ignore[assignment]
    at = serializers.DateTimeField(allow_null=True)
    note = serializers.CharField()
    state = serializers.ChoiceField(["", "now", "next"])


class ApplicationDetailSerializer(ApplicationSerializer):
    """``context["side"]`` is who reads."""

    is_blind = serializers.BooleanField(help_text="Whether the company does not see yet who it is.")
    message = serializers.SerializerMethodField()
    next_statuses = serializers.SerializerMethodField(help_text="Where the reader may move it.")
    steps = serializers.SerializerMethodField()

    class Meta(ApplicationSerializer.Meta):
        fields = [*ApplicationSerializer.Meta.fields, "is_blind", "message", "next_statuses", "steps"]

    def get_message(self, row: Application) -> str:
        return message_to_company(row) if self.context["side"] == Side.COMPANY else row.message

    @extend_schema_field(serializers.ListField(child=serializers.ChoiceField(Application.Status.choices)))
    def get_next_statuses(self, row: Application) -> list[str]:
        return [status.value for status in next_statuses(row, side=self.context["side"])]

    @extend_schema_field(StepSerializer(many=True))
    def get_steps(self, row: Application) -> list[dict[str, object]]:
        return list(StepSerializer(timeline(row, side=self.context["side"]), many=True).data)


class ContactSerializer(serializers.Serializer):
    email = serializers.EmailField(source="student.user.email", default="")
    phone = serializers.SerializerMethodField(help_text="Empty where it was not shared.")

    def get_phone(self, row: Application) -> str:
        return row.student.phone if row.shares_phone else ""


class OpenedApplicationSerializer(ApplicationDetailSerializer):
    """What opening an application shows and moving it does not."""

    contact = serializers.SerializerMethodField(help_text="Of who applied; not in a blind review.")

    class Meta(ApplicationDetailSerializer.Meta):
        fields = [*ApplicationDetailSerializer.Meta.fields, "contact"]

    @extend_schema_field(ContactSerializer(allow_null=True))
    def get_contact(self, row: Application) -> dict[str, object] | None:
        if row.is_blind and self.context["side"] == Side.COMPANY:
            return None
        return dict(ContactSerializer(row).data)


# --- What a request may say -------------------------------------------------------------------------------------------


class WhatIsSharedSerializer(serializers.Serializer):
    message = serializers.CharField(max_length=2000, allow_blank=True, default="", help_text="To the company.")
    shares_phone = serializers.BooleanField(default=False)


class ApplySerializer(WhatIsSharedSerializer):
    job = serializers.CharField(max_length=10, help_text="Id of the posting.")


class MoveSerializer(serializers.Serializer):
    to = serializers.ChoiceField(Application.Status.choices)
    note = serializers.CharField(max_length=2000, allow_blank=True, default="", help_text="The student reads it.")
    expected = serializers.ChoiceField(
        Application.Status.choices, allow_blank=True, default="", help_text="Its status when it was read."
    )


class MessageSerializer(serializers.ModelSerializer):
    body = serializers.CharField(max_length=2000)

    class Meta:
        model = Message
        fields = ["body", "side", "at"]
        read_only_fields = ["side", "at"]

"""What the API says of a profile, and what a request may say. Every field that leaves the house is named here."""

from __future__ import annotations

from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from moirai.api.forms import FormSerializer
from students.forms import CVForm, EntryForm, ProfileForm, SettingsForm, SkillForm, explanation
from students.models import CV, Evidence, ProfileEntry, Student, StudentSkill
from students.progress import progress_of


class EvidenceSerializer(serializers.ModelSerializer):
    words = serializers.CharField(read_only=True)
    sentence = serializers.CharField(read_only=True)

    class Meta:
        model = Evidence
        fields = ["id", "words", "sentence", "section", "is_contested"]
        read_only_fields = ["section"]


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
        fields = ["id", "kind", "title", "organisation", "started_on", "ended_on", "description"]


class CVSerializer(serializers.ModelSerializer):
    id = serializers.CharField(source="public_id", read_only=True)
    reason = serializers.SerializerMethodField(help_text="Why it could not be read.")

    class Meta:
        model = CV
        fields = ["id", "status", "is_current", "pages", "uploaded_at", "failure", "reason"]

    def get_reason(self, cv: CV) -> str:
        return explanation(cv.failure) if cv.status == CV.Status.FAILED else ""


class CVStateSerializer(CVSerializer):
    skills_found = serializers.SerializerMethodField()

    class Meta(CVSerializer.Meta):
        fields = [*CVSerializer.Meta.fields, "skills_found"]

    def get_skills_found(self, cv: CV) -> int | None:
        return progress_of(cv, now=timezone.now()).skills


class ProfileSerializer(serializers.ModelSerializer):
    id = serializers.CharField(source="public_id", read_only=True)
    entries = serializers.SerializerMethodField()
    skills = serializers.SerializerMethodField()
    cvs = serializers.SerializerMethodField()

    class Meta:
        model = Student
        fields = ["id", *ProfileForm.Meta.fields, *SettingsForm.Meta.fields, "entries", "skills", "cvs"]

    @extend_schema_field(EntrySerializer(many=True))
    def get_entries(self, student: Student) -> list[dict[str, object]]:
        return list(EntrySerializer(student.entries.in_order(), many=True).data)

    @extend_schema_field(StudentSkillSerializer(many=True))
    def get_skills(self, student: Student) -> list[dict[str, object]]:
        rows = StudentSkill.objects.filter(student=student).with_evidence().by_name()
        return list(StudentSkillSerializer(rows, many=True).data)

    @extend_schema_field(CVSerializer(many=True))
    def get_cvs(self, student: Student) -> list[dict[str, object]]:
        return list(CVSerializer(student.cvs.newest_first().defer("text"), many=True).data)


# --- What a request may say -------------------------------------------------------------------------------------------


class OwnForm(ProfileForm, SettingsForm):
    """Facts and settings in one."""

    class Meta:
        model = Student
        fields = [*ProfileForm.Meta.fields, *SettingsForm.Meta.fields]


class ProfileChangeSerializer(FormSerializer):
    form_class = OwnForm


class EntryChangeSerializer(FormSerializer):
    form_class = EntryForm


class NewEntrySerializer(FormSerializer):
    form_class = EntryForm
    kind = serializers.ChoiceField(ProfileEntry.Kind.choices)


class NewSkillSerializer(FormSerializer):
    form_class = SkillForm


class SkillDecisionSerializer(serializers.Serializer):
    status = serializers.ChoiceField(["confirmed", "learning", "removed"])


class ContestSerializer(serializers.Serializer):
    is_contested = serializers.BooleanField()


class NewCVSerializer(FormSerializer):
    form_class = CVForm

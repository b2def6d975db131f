"""Students, CVs and evidence as staff see them. Texts of people are shown, never edited here."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from moirai.accounts.opening import OpensWithReason
from moirai.office.asking import AsksFirst
from moirai.office.lists import LightList
from moirai.office.read_only import ReadOnlyAdmin
from students import enrich, outcome_admin, scanning  # noqa: F401 - registers
from students.actions import StudentActions
from students.models import CV, Cohort, CohortRow, Evidence, ProfileEntry, Student, StudentSkill, mark_for_matching
from students.signals import student_changed
from students.tasks import queue_reading


def announce(student: Student) -> None:
    """An edit by staff changes matches like one by the student."""
    mark_for_matching(student, at=timezone.now())
    student_changed.send(Student, student_id=student.pk)


@admin.register(Student)
class StudentAdmin(StudentActions, OpensWithReason):
    list_display = [
        "__str__", "degree_program", "semester", "graduation_year", "location", "visibility", "wants_matching",
        "invited_at", "created_at",
    ]  # fmt: skip
    list_filter = [
        "visibility", "wants_matching", "language", ("user", admin.EmptyFieldListFilter),
        ("invited_at", admin.EmptyFieldListFilter), ("restricted_since", admin.EmptyFieldListFilter), "semester",
        "graduation_year", "created_at",
    ]  # fmt: skip
    list_select_related = ["user"]
    search_fields = [
        "=user__email",
        "=public_id",
        "=external_id",
        "=student_number",
        "=enrolled_email",
        "degree_program",
    ]
    raw_id_fields = ["user"]
    readonly_fields = ["public_id", "needs_matching_since", "invited_at", "created_at", "updated_at"]
    ordering = ["-pk"]
    list_per_page = 50

    def save_model(self, request: HttpRequest, obj: Student, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        announce(obj)


@admin.register(CV)
class CVAdmin(LightList, AsksFirst, OpensWithReason):
    long = ("text",)
    person = "student"
    list_display = ["__str__", "student", "status", "failure", "is_current", "pages", "attempts", "uploaded_at"]
    list_filter = ["status", "failure", "is_current", "language", "uploaded_at"]
    list_select_related = ["student__user"]
    search_fields = ["=student__user__email", "=student__public_id", "=public_id"]
    raw_id_fields = ["student"]
    exclude = ["file"]
    readonly_fields = [
        "student", "public_id", "original_name", "size", "status", "failure", "attempts", "is_current",
        "needs_reading_since", "language", "pages", "uploaded_at", "read_at", "text",
    ]  # fmt: skip
    actions = ["read_again"]
    ordering = ["-uploaded_at", "-pk"]
    list_per_page = 50

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if scanning.state() == "down":
            text = _("The virus scanner does not answer. New CVs wait until it does.")
            self.message_user(request, text, messages.ERROR)
        return super().changelist_view(request, extra_context)

    @admin.action(description=_("Read the CV again"), permissions=["change"])
    def read_again(self, request: HttpRequest, queryset: QuerySet[CV]) -> None:
        with transaction.atomic():
            cvs = list(queryset.defer("text"))
            count = enrich.read_again(cvs=CV.objects.filter(pk__in=[cv.pk for cv in cvs]), now=timezone.now())
            for cv in cvs:
                queue_reading(cv)
        text = ngettext("%(count)d CV will be read again.", "%(count)d CVs will be read again.", count)
        self.tell(request, cvs, did=_("CV read again"), said=text % {"count": count})


@admin.register(StudentSkill)
class StudentSkillAdmin(OpensWithReason):
    person = "student"
    list_display = ["student", "skill", "status"]
    list_filter = ["status", "skill__kind"]
    list_select_related = ["student__user", "skill"]
    search_fields = ["=student__user__email", "=student__public_id", "skill__name_es", "skill__name_en"]
    raw_id_fields = ["student", "skill"]
    ordering = ["-pk"]

    def save_model(self, request: HttpRequest, obj: StudentSkill, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        announce(obj.student)

    def delete_model(self, request: HttpRequest, obj: StudentSkill) -> None:
        super().delete_model(request, obj)
        announce(obj.student)


@admin.register(Evidence)
class EvidenceAdmin(OpensWithReason):
    """The queue of contested evidence; what is proven is read, not written, and quoted only to who says why."""

    person = "student_skill.student"
    list_display = ["student_skill", "section", "is_contested", "contested_at"]
    list_filter = ["is_contested", "section", "contested_at"]
    list_select_related = ["student_skill__student__user", "student_skill__skill", "cv"]
    search_fields = ["=student_skill__student__user__email", "student_skill__skill__name_es"]
    fields = (
        "student_skill", "cv", "section", "sentence", "words", "statement", "is_contested", "contested_at"
    )  # fmt: skip
    readonly_fields = fields
    ordering = ["-pk"]
    list_per_page = 50

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False


@admin.register(ProfileEntry)
class ProfileEntryAdmin(OpensWithReason):
    person = "student"
    list_display = ["pk", "kind", "student", "started_on", "ended_on"]
    list_filter = ["kind"]
    list_select_related = ["student__user"]
    search_fields = ["=student__user__email", "=student__public_id"]
    raw_id_fields = ["student"]
    ordering = ["-pk"]


@admin.register(Cohort)
class CohortAdmin(ReadOnlyAdmin):
    """What is in the files is seen on the pages of the import, by who may import."""

    list_display = ["__str__", "status", "created_by", "done", "attempts", "needs_work_since"]
    list_filter = ["status", ("needs_work_since", admin.EmptyFieldListFilter), "created_at"]
    list_select_related = ["created_by"]
    search_fields = ["=public_id"]
    exclude = ["file", "file_name", "header"]
    ordering = ["-created_at", "-pk"]


@admin.register(CohortRow)
class CohortRowAdmin(ReadOnlyAdmin):
    list_display = ["cohort", "line", "outcome", "reason", "is_stored"]
    list_filter = ["outcome", "reason", "is_stored"]
    list_select_related = ["cohort"]
    search_fields = ["=cohort__public_id"]
    fields = ["cohort", "line", "outcome", "reason", "detail", "is_stored"]
    ordering = ["-pk"]

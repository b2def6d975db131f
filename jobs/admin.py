"""Staff's side of applications; companies and postings have files of their own."""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest

from jobs import (  # noqa: F401 - register their own
    calendar_admin,
    careers_admin,
    company_admin,
    conversation_admin,
    posting_admin,
    saved_admin,
)
from jobs.models import Application, ApplicationEvent, CompanyGrant, OutcomeStatistic
from moirai.accounts.opening import OpensWithReason
from moirai.office.asking import Record
from moirai.office.read_only import NobodyWrites, ReadOnlyAdmin


class EventInline(Record):
    """The record of an application; nobody rewrites it."""

    model = ApplicationEvent
    readonly_fields = ["status", "actor", "note", "at"]


@admin.register(Application)
class ApplicationAdmin(OpensWithReason):
    person = "student"
    list_display = ["student", "job", "status", "created_at", "updated_at"]
    list_filter = ["status", "created_at"]
    list_select_related = ["student__user", "job"]
    search_fields = ["=student__user__email", "=public_id", "job__title", "job__company__name"]
    raw_id_fields = ["student", "job", "cv"]
    readonly_fields = ["status", "message", "public_id", "created_at", "updated_at"]
    inlines = [EventInline]
    date_hierarchy = "created_at"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False


@admin.register(ApplicationEvent)
class ApplicationEventAdmin(OpensWithReason, NobodyWrites):
    person = "application.student"
    list_display = ["application", "status", "actor", "at"]
    list_filter = ["status", "at"]
    list_select_related = ["application__student__user", "application__job", "actor"]
    search_fields = ["application__job__title", "=application__student__user__email"]
    raw_id_fields = ["application", "actor"]
    readonly_fields = ["status", "note", "at"]


@admin.register(CompanyGrant)
class CompanyGrantAdmin(ReadOnlyAdmin):
    list_display = ["student", "company", "source", "given_at", "revoked_at"]
    list_filter = ["source", ("revoked_at", admin.EmptyFieldListFilter), "given_at"]
    list_select_related = ["student__user", "company"]
    search_fields = ["=student__public_id", "company__name"]
    ordering = ["-given_at", "-pk"]


@admin.register(OutcomeStatistic)
class OutcomeStatisticAdmin(ReadOnlyAdmin):
    list_display = ["month", "programme", "outcome", "applications"]
    list_filter = ["outcome", "month"]
    search_fields = ["programme"]
    ordering = ["-month", "programme", "outcome"]

"""Staff follow requests with their due dates, and read the ledger; nobody edits either."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from moirai.accounts.models import AuditEvent
from moirai.privacy.models import Consent, ErasureRequest


class ReadOnlyAdmin(admin.ModelAdmin):
    """To be looked at, by superusers too."""

    show_full_result_count = False
    list_per_page = 50

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(AuditEvent)
class AuditEventAdmin(ReadOnlyAdmin):
    list_display = ["at", "action", "subject", "thing", "on_behalf_of", "actor_id", "reason"]
    list_filter = ["action", "at"]
    search_fields = ["=subject", "on_behalf_of", "reason"]
    ordering = ["-pk"]
    fields = ["at", "action", "subject", "thing", "on_behalf_of", "actor_id", "reason", "previous_hash", "hash"]


@admin.register(Consent)
class ConsentAdmin(ReadOnlyAdmin):
    list_display = ["user", "purpose", "is_given", "notice_version", "at"]
    list_filter = ["purpose", "is_given", "notice_version"]
    list_select_related = ["user"]
    search_fields = ["user__email"]
    ordering = ["-at", "-pk"]


@admin.register(ErasureRequest)
class ErasureRequestAdmin(ReadOnlyAdmin):
    list_display = ["subject", "user", "asked_at", "due_at", "erased_at"]
    list_filter = [("erased_at", admin.EmptyFieldListFilter)]
    list_select_related = ["user"]
    search_fields = ["=subject"]
    ordering = ["erased_at", "due_at"]

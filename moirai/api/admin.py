"""Tokens in the admin: who has which, and taking one back."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from moirai.api.models import Answer, Token
from moirai.privacy.admin import ReadOnlyAdmin


@admin.register(Token)
class TokenAdmin(admin.ModelAdmin):
    list_display = ["public_id", "user", "scopes", "created_at", "expires_at", "last_used_at"]
    list_filter = ["expires_at", "last_used_at"]
    list_select_related = ["user"]
    search_fields = ["=public_id", "=user__email"]
    ordering = ["-pk"]
    fields = ["public_id", "user", "scopes", "created_at", "expires_at", "last_used_at"]  # its name is the person's
    list_per_page = 50

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Answer)
class AnswerAdmin(ReadOnlyAdmin):
    """That there is one; what was answered is the person's."""

    list_display = ["token", "status", "created_at"]
    list_filter = ["status", "created_at"]
    list_select_related = ["token"]
    search_fields = ["=token__public_id"]
    ordering = ["-pk"]
    fields = ["token", "status", "created_at"]

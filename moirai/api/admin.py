"""Tokens in the admin: who has which, and taking one back."""

from __future__ import annotations

from django.contrib import admin

from moirai.api.models import Answer, Token
from moirai.office.read_only import NobodyWrites, ReadOnlyAdmin


@admin.register(Token)
class TokenAdmin(NobodyWrites):
    list_display = ["public_id", "user", "scopes", "created_at", "expires_at", "last_used_at"]
    list_filter = ["expires_at", "last_used_at"]
    list_select_related = ["user"]
    search_fields = ["=public_id", "=user__email"]
    ordering = ["-pk"]
    fields = ["public_id", "user", "scopes", "created_at", "expires_at", "last_used_at"]  # its name is the person's


@admin.register(Answer)
class AnswerAdmin(ReadOnlyAdmin):
    """That there is one; what was answered is the person's."""

    list_display = ["token", "status", "created_at"]
    list_filter = ["status", "created_at"]
    list_select_related = ["token"]
    search_fields = ["=token__public_id"]
    ordering = ["-pk"]
    fields = ["token", "status", "created_at"]

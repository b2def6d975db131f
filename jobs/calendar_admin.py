"""Calendar feeds in the admin: who has one, and taking it back."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from jobs.models import CalendarFeed
from moirai.privacy.admin import ReadOnlyAdmin


@admin.register(CalendarFeed)
class CalendarFeedAdmin(ReadOnlyAdmin):
    list_display = ["id", "user_id", "created_at"]
    list_filter = ["created_at"]
    search_fields = ["=user__email"]
    fields = ["user_id", "created_at"]
    ordering = ["-id"]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return admin.ModelAdmin.has_delete_permission(self, request, obj)

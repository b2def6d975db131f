"""Calendar feeds in the admin: who has one, and taking it back."""

from __future__ import annotations

from django.contrib import admin

from jobs.models import CalendarFeed
from moirai.office.read_only import NobodyWrites


@admin.register(CalendarFeed)
class CalendarFeedAdmin(NobodyWrites):
    list_display = ["id", "user_id", "created_at"]
    list_filter = ["created_at"]
    search_fields = ["=user__email"]
    fields = ["user_id", "created_at"]
    ordering = ["-id"]

"""Staff look at what students saved and what alerts sent, to answer questions; nobody writes it for them."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from jobs.models import SavedJob, SavedSearch, SearchWord, SentJob
from moirai.accounts.opening import OpensWithReason


class LookedAt(admin.ModelAdmin):
    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(SavedJob)
class SavedJobAdmin(LookedAt):
    list_display = ["student", "job", "created_at"]
    list_filter = ["created_at"]
    list_select_related = ["student__user", "job"]
    search_fields = ["=student__public_id", "job__title"]
    ordering = ["-created_at", "-pk"]


@admin.register(SavedSearch)
class SavedSearchAdmin(OpensWithReason, LookedAt):
    """What somebody looks for is theirs: it shows to whoever says why."""

    person = "student"
    list_display = ["student", "frequency", "created_at", "due_at"]
    list_filter = ["frequency", "due_at"]
    list_select_related = ["student__user"]
    search_fields = ["=student__public_id"]
    ordering = ["due_at", "pk"]


@admin.register(SentJob)
class SentJobAdmin(LookedAt):
    list_display = ["student", "job", "sent_at"]
    list_filter = ["sent_at"]
    list_select_related = ["student__user", "job"]
    search_fields = ["=student__public_id", "job__title"]
    ordering = ["-sent_at", "-pk"]


@admin.register(SearchWord)
class SearchWordAdmin(LookedAt):
    list_display = ["word", "postings"]
    search_fields = ["word"]
    ordering = ["-postings", "word"]

"""Staff look at what students saved and what alerts sent, to answer questions; nobody writes it for them."""

from __future__ import annotations

from django.contrib import admin

from jobs.models import SavedJob, SavedSearch, SearchWord, SentJob
from moirai.accounts.opening import OpensWithReason
from moirai.office.read_only import NobodyWrites


@admin.register(SavedJob)
class SavedJobAdmin(NobodyWrites):
    list_display = ["student", "job", "created_at"]
    list_filter = ["created_at"]
    list_select_related = ["student__user", "job"]
    search_fields = ["=student__public_id", "job__title"]
    ordering = ["-created_at", "-pk"]


@admin.register(SavedSearch)
class SavedSearchAdmin(OpensWithReason, NobodyWrites):
    """What somebody looks for is theirs: it shows to whoever says why."""

    person = "student"
    list_display = ["student", "frequency", "created_at", "due_at"]
    list_filter = ["frequency", "due_at"]
    list_select_related = ["student__user"]
    search_fields = ["=student__public_id"]
    ordering = ["due_at", "pk"]


@admin.register(SentJob)
class SentJobAdmin(NobodyWrites):
    list_display = ["student", "job", "sent_at"]
    list_filter = ["sent_at"]
    list_select_related = ["student__user", "job"]
    search_fields = ["=student__public_id", "job__title"]
    ordering = ["-sent_at", "-pk"]


@admin.register(SearchWord)
class SearchWordAdmin(NobodyWrites):
    list_display = ["word", "postings"]
    search_fields = ["word"]
    ordering = ["-postings", "word"]

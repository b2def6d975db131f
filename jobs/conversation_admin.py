"""Messages, invitations and interviews as staff see them: with a reason, and nothing to change."""

from __future__ import annotations

from django.contrib import admin

from jobs.models import Interview, Invitation, Message
from moirai.accounts.opening import OpensWithReason
from moirai.office.read_only import ReadOnlyAdmin


@admin.register(Message)
class MessageAdmin(OpensWithReason, ReadOnlyAdmin):
    person = "application.student"
    list_display = ["application_id", "side", "at", "read_at"]
    list_filter = ["side", "at"]
    search_fields = ["=application__public_id", "application__job__title"]
    raw_id_fields = ["application", "author"]
    ordering = ["-at", "-pk"]


@admin.register(Invitation)
class InvitationAdmin(OpensWithReason, ReadOnlyAdmin):
    person = "student"
    list_display = ["public_id", "company", "job", "status", "sent_at", "expires_at"]
    list_filter = ["status", "sent_at"]
    list_select_related = ["company", "job"]
    search_fields = ["=public_id", "=student__public_id", "company__name", "job__title"]
    raw_id_fields = ["student", "sender", "job", "company"]
    ordering = ["-sent_at", "-pk"]


@admin.register(Interview)
class InterviewAdmin(OpensWithReason, ReadOnlyAdmin):
    person = "application.student"
    list_display = ["public_id", "application_id", "status", "starts_at", "sequence"]
    list_filter = ["status", "starts_at"]
    search_fields = ["=public_id", "=application__public_id", "application__job__title"]
    raw_id_fields = ["application"]
    ordering = ["-proposed_at", "-pk"]

"""Webhooks and their deliveries in the admin: to be looked at; the office may remove one that does harm."""

from __future__ import annotations

from django.contrib import admin

from moirai.office.read_only import NobodyWrites, ReadOnlyAdmin
from notifications.models import Delivery, Webhook


@admin.register(Webhook)
class WebhookAdmin(NobodyWrites):
    list_display = ["public_id", "company", "url", "created_at", "failing_since", "disabled_at"]
    list_filter = [("disabled_at", admin.EmptyFieldListFilter), "created_at"]
    list_select_related = ["company"]
    search_fields = ["company__name", "=public_id"]
    fields = ["public_id", "company", "url", "created_at", "failing_since", "disabled_at"]
    ordering = ["-id"]


@admin.register(Delivery)
class DeliveryAdmin(ReadOnlyAdmin):
    list_display = ["public_id", "webhook", "event", "status", "attempts", "answer", "created_at", "next_attempt_at"]
    list_filter = ["status", "event", "created_at"]
    list_select_related = ["webhook"]
    search_fields = ["=public_id", "=webhook__public_id"]
    ordering = ["-id"]

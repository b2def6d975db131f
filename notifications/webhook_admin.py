"""Webhooks and their deliveries in the admin: to be looked at; the office may remove one that does harm."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from moirai.privacy.admin import ReadOnlyAdmin
from notifications.models import Delivery, Webhook


@admin.register(Webhook)
class WebhookAdmin(ReadOnlyAdmin):
    list_display = ["public_id", "company", "url", "created_at", "failing_since", "disabled_at"]
    list_filter = [("disabled_at", admin.EmptyFieldListFilter), "created_at"]
    list_select_related = ["company"]
    search_fields = ["company__name", "=public_id"]
    fields = ["public_id", "company", "url", "created_at", "failing_since", "disabled_at"]
    ordering = ["-id"]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return admin.ModelAdmin.has_delete_permission(self, request, obj)


@admin.register(Delivery)
class DeliveryAdmin(ReadOnlyAdmin):
    list_display = ["public_id", "webhook", "event", "status", "attempts", "answer", "created_at", "next_attempt_at"]
    list_filter = ["status", "event", "created_at"]
    list_select_related = ["webhook"]
    search_fields = ["=public_id", "=webhook__public_id"]
    ordering = ["-id"]

"""Rows of the admin that are written elsewhere."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest


class NobodyWrites(admin.ModelAdmin):
    """To be looked at, by superusers too; who has the permission may take a row away."""

    list_per_page = 50

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ReadOnlyAdmin(NobodyWrites):
    """To be looked at, and to stay."""

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

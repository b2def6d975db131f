"""Staff see what people were told, and which mails wait or failed."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from notifications.models import Notification, OutboxMail


@admin.register(Notification)
class NotificationAdmin(admin.ModelAdmin):
    list_display = ["user", "kind", "created_at", "read_at"]
    list_filter = ["kind", ("read_at", admin.EmptyFieldListFilter), "created_at"]
    search_fields = ["user__email", "user__full_name", "key"]
    list_select_related = ["user"]
    raw_id_fields = ["user"]
    ordering = ["-created_at", "-id"]
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Notification | None = None) -> bool:
        return False


@admin.register(OutboxMail)
class OutboxMailAdmin(admin.ModelAdmin):
    list_display = ["user", "subject", "status", "attempts", "created_at", "next_attempt_at", "sent_at", "error"]
    list_filter = ["status", "created_at"]
    search_fields = ["user__email", "user__full_name", "subject", "error"]
    list_select_related = ["user"]
    raw_id_fields = ["user"]
    ordering = ["-created_at", "-id"]
    actions = ["send_again"]
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: OutboxMail | None = None) -> list[str]:
        return [field.name for field in OutboxMail._meta.fields]

    @admin.action(description=_("Send the selected failed mails again"), permissions=["change"])
    def send_again(self, request: HttpRequest, queryset: QuerySet[OutboxMail]) -> None:
        failed = queryset.filter(status=OutboxMail.Status.FAILED)
        count = failed.update(status=OutboxMail.Status.WAITING, next_attempt_at=timezone.now(), attempts=0)
        message = ngettext("%(count)d mail waits to be sent.", "%(count)d mails wait to be sent.", count)
        self.message_user(request, message % {"count": count})

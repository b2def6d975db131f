"""Staff see what people were told, and which mails wait or failed; the words only with a reason."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.timesince import timesince
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from moirai.accounts.opening import OpensWithReason
from moirai.mail import address_mark
from moirai.office.asking import AsksFirst
from moirai.office.lists import LightList
from moirai.office.read_only import NobodyWrites, ReadOnlyAdmin
from moirai.privacy.registry import subject_of
from notifications.bounces import revive
from notifications.models import DeadAddress, Notification, OutboxMail, Preference
from notifications.webhook_admin import DeliveryAdmin, WebhookAdmin

__all__ = ["DeliveryAdmin", "WebhookAdmin"]


@admin.register(Notification)
class NotificationAdmin(NobodyWrites):
    """What it says is not here: staff need to know that somebody was told, not of what."""

    list_display = ["id", "user_id", "kind", "digest", "created_at", "read_at"]
    list_filter = ["kind", "digest", ("read_at", admin.EmptyFieldListFilter), "created_at"]
    search_fields = ["=user__id", "=key"]
    search_help_text = _("Number of the user, or the whole key.")
    fields = ["user_id", "kind", "key", "digest", "created_at", "read_at"]
    ordering = ["-created_at", "-id"]


class FoundByAddress(admin.ModelAdmin):
    """The address is not stored; its keyed hash is."""

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        if "@" in search_term:
            return queryset.filter(address_mark=address_mark(search_term)), False
        return super().get_search_results(request, queryset, search_term)


@admin.register(OutboxMail)
class OutboxMailAdmin(LightList, AsksFirst, FoundByAddress, OpensWithReason):
    long = ("subject", "text", "html")
    list_display = ["id", "user_id", "kind", "status", "attempts", "created_at", "next_attempt_at", "sent_at", "error"]
    list_filter = ["status", "kind", "created_at"]
    search_fields = ["=user__id"]
    search_help_text = _("The whole address to which it was sent, or the number of the user.")
    fields = [
        "id", "user_id", "kind", "status", "attempts", "created_at", "next_attempt_at", "sent_at", "error", "subject",
        "text",
    ]  # fmt: skip
    ordering = ["-created_at", "-id"]
    actions = ["send_again"]
    list_per_page = 50

    def subject_public_id(self, obj: OutboxMail) -> str:
        return subject_of(obj.user)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: OutboxMail | None = None) -> list[str]:
        return list(map(str, self.fields))

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The title says for how long the oldest mail has waited: a mail server that is down shows here."""
        oldest, title = OutboxMail.objects.oldest_waiting(), gettext("No mail waits")
        if oldest is not None:
            title = gettext("The oldest mail has waited for %(time)s") % {"time": timesince(oldest, timezone.now())}
        return super().changelist_view(request, {**(extra_context or {}), "title": title})

    @admin.action(description=_("Send the selected failed mails again"), permissions=["change"])
    def send_again(self, request: HttpRequest, queryset: QuerySet[OutboxMail]) -> None:
        over = [OutboxMail.Status.FAILED, OutboxMail.Status.BOUNCED]
        failed = list(queryset.filter(status__in=over, forgotten_at__isnull=True))
        rows = OutboxMail.objects.filter(pk__in=[mail.pk for mail in failed], status__in=over)
        count = rows.update(status=OutboxMail.Status.WAITING, next_attempt_at=timezone.now(), attempts=0)
        message = ngettext("%(count)d mail waits to be sent.", "%(count)d mails wait to be sent.", count)
        self.tell(request, failed, did=_("sent again"), said=message % {"count": count})


@admin.register(DeadAddress)
class DeadAddressAdmin(AsksFirst, FoundByAddress, ReadOnlyAdmin):
    list_display = ["user_id", "at", "reason"]
    list_filter = ["at"]
    search_fields = ["=user__id"]
    search_help_text = _("The whole address, or the number of the user.")
    fields = ["user_id", "at", "reason"]
    ordering = ["-at", "-pk"]
    actions = ["write_again"]

    @admin.action(description=_("Write to the selected addresses again"), permissions=["view"])
    def write_again(self, request: HttpRequest, queryset: QuerySet[DeadAddress]) -> None:
        now = timezone.now()
        rows = list(queryset.select_related("user"))
        for row in rows:
            revive(user=row.user, now=now)
        count = len(rows)
        message = ngettext("%(count)d address is written to again.", "%(count)d addresses are written to again.", count)
        self.tell(request, rows, did=_("written to again"), said=message % {"count": count})


@admin.register(Preference)
class PreferenceAdmin(ReadOnlyAdmin):
    list_display = ["user_id", "kind", "channel"]
    list_filter = ["kind", "channel"]
    search_fields = ["=user__id"]
    search_help_text = _("Number of the user.")
    fields = ["user_id", "kind", "channel"]
    ordering = ["user_id", "kind"]

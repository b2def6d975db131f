"""Staff follow requests with their due dates, and read the ledger; nobody edits either."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ActionForm
from django.db.models import F, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from moirai.accounts.models import AuditEvent, User
from moirai.office.read_only import ReadOnlyAdmin
from moirai.privacy.models import Consent, PrivacyRequest
from moirai.privacy.requests import close

ANSWER_LENGTH = 2000


@admin.register(AuditEvent)
class AuditEventAdmin(ReadOnlyAdmin):
    list_display = ["at", "action", "subject", "thing", "on_behalf_of", "actor_id", "reason"]
    list_filter = ["action", "at"]
    search_fields = ["=subject", "on_behalf_of"]
    ordering = ["-pk"]
    fields = ["at", "action", "subject", "thing", "on_behalf_of", "actor_id", "reason", "previous_hash", "hash"]


@admin.register(Consent)
class ConsentAdmin(ReadOnlyAdmin):
    list_display = ["user", "purpose", "is_given", "notice_version", "at"]
    list_filter = ["purpose", "is_given", "notice_version"]
    list_select_related = ["user"]
    search_fields = ["=user__email"]
    ordering = ["-at", "-pk"]


class AnswerForm(ActionForm):
    """The actions with room for the answer, which the person reads."""

    answer = forms.CharField(label=_("Answer"), required=False, max_length=ANSWER_LENGTH)


class DueFilter(admin.SimpleListFilter):
    """By what has to be done and when."""

    title = _("due")
    parameter_name = "due"
    SOON = timedelta(days=7)

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("late", _("late")), ("soon", _("within seven days")), ("open", _("open")), ("closed", _("closed"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[PrivacyRequest]) -> QuerySet[PrivacyRequest]:
        now = timezone.now()
        wanted = {
            "late": Q(closed_at__isnull=True, due_at__lte=now),
            "soon": Q(closed_at__isnull=True, due_at__range=(now, now + self.SOON)),
            "open": Q(closed_at__isnull=True),
            "closed": Q(closed_at__isnull=False),
        }
        return queryset.filter(wanted.get(self.value() or "", Q()))


@admin.register(PrivacyRequest)
class PrivacyRequestAdmin(ReadOnlyAdmin):
    """What people asked, what is due, and the answers; each answer is a line of the ledger and a notice."""

    list_display = ["__str__", "user_id", "about", "asked_at", "due_at", "outcome", "closed_by"]
    list_filter = [DueFilter, "kind", "outcome", "asked_at"]
    list_select_related = ["closed_by"]
    search_fields = ["=subject", "=about"]
    fields = [
        "kind", "subject", "user_id", "about", "text", "asked_at", "due_at", "outcome", "answer", "closed_at",
        "closed_by",
    ]  # fmt: skip
    ordering = [F("closed_at").desc(nulls_first=True), "due_at", "pk"]
    action_form = AnswerForm
    actions = ["answer_as_done", "decline"]

    def has_answer_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("privacy.change_privacyrequest")

    @admin.action(description=_("Answer: it is done"), permissions=["answer"])
    def answer_as_done(self, request: HttpRequest, queryset: QuerySet[PrivacyRequest]) -> None:
        self._close(request, queryset, PrivacyRequest.Outcome.DONE)

    @admin.action(description=_("Answer: declined, with the reason"), permissions=["answer"])
    def decline(self, request: HttpRequest, queryset: QuerySet[PrivacyRequest]) -> None:
        self._close(request, queryset, PrivacyRequest.Outcome.DECLINED)

    def _close(self, request: HttpRequest, queryset: QuerySet[PrivacyRequest], outcome: PrivacyRequest.Outcome) -> None:
        answer = request.POST.get("answer", "").strip()[:ANSWER_LENGTH]
        if not answer:
            self.message_user(request, _("Write the answer; the person reads it."), messages.ERROR)
            return
        assert isinstance(request.user, User)
        done = 0
        for row in PrivacyRequest.objects.for_staff().open().filter(pk__in=queryset).select_related("user"):
            done += close(request=row, by=request.user, outcome=outcome, answer=answer, now=timezone.now())
        self.message_user(request, ngettext("%d request was answered.", "%d requests were answered.", done) % done)

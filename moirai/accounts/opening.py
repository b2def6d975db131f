"""Pages of the admin about one person open only with a reason, and each opening is a line of the ledger."""

from __future__ import annotations

import time
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from moirai.accounts.audit import record
from moirai.accounts.models import AuditEvent, User

OPENED = "opened_with_reason"  # in the session: which pages, until when
MINUTES_OPEN = 15


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=500, help_text=_("The person reads it."))


class OpensWithReason(admin.ModelAdmin):
    """``person`` is the path from a row to whoever has a ``public_id``; empty, it is the row itself."""

    person = ""

    def subject_public_id(self, obj: Any) -> str:
        """By which id the ledger knows whose data the row is; empty where it is nobody's (any more)."""
        for name in filter(None, self.person.split(".")):
            obj = getattr(obj, name, None)
        return getattr(obj, "public_id", "")

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        asked = self._ask(request, object_id)
        return asked or super().change_view(request, object_id, form_url, extra_context)

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        may = self.has_delete_permission(request, self.get_object(request, object_id))
        asked = self._ask(request, object_id) if may else None
        return asked or super().delete_view(request, object_id, extra_context)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return self._ask(request, object_id) or super().history_view(request, object_id, extra_context)

    def _ask(self, request: HttpRequest, object_id: str) -> HttpResponse | None:
        """The form that asks for a reason, or None once there is one; who may not see the row is refused elsewhere."""
        obj = self.get_object(request, object_id)
        if obj is None or not self.has_view_or_change_permission(request, obj) or self._is_open(request, obj):
            return None
        form = ReasonForm(request.POST if "reason" in request.POST else None)
        if not form.is_valid():
            context = {
                **self.admin_site.each_context(request),
                "title": _("Why do you open this?"),
                "opts": self.model._meta,
                "form": form,
                "minutes": MINUTES_OPEN,
            }
            return TemplateResponse(request, "privacy/reason.html", context, status=422 if form.errors else 200)
        assert isinstance(request.user, User)
        record(
            action=AuditEvent.Action.STAFF_OPENED,
            actor=request.user,
            subject=self.subject_public_id(obj),
            thing=self._key(obj),
            reason=form.cleaned_data["reason"],
            at=timezone.now(),
        )
        request.session[OPENED] = {**self._opened(request), self._key(obj): int(time.time()) + 60 * MINUTES_OPEN}
        return redirect(request.get_full_path())

    def _key(self, obj: Model) -> str:
        return f"{obj._meta.label_lower}:{obj.pk}"

    def _opened(self, request: HttpRequest) -> dict[str, int]:
        """What is open still; the rest is forgotten."""
        rows: dict[str, int] = request.session.get(OPENED, {})
        return {key: until for key, until in rows.items() if until > time.time()}

    def _is_open(self, request: HttpRequest, obj: Model) -> bool:
        return self._key(obj) in self._opened(request)

"""Actions of the admin that ask before they do something, say what they did, and leave a line in the history."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.models import CHANGE, LogEntry
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse


def is_confirmed(request: HttpRequest) -> bool:
    """Whether the answer to the page of ``ask`` came back."""
    return "confirmed" in request.POST


class Record(admin.TabularInline):
    """Rows that belong to another and that nobody writes here."""

    template = "admin/record.html"
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class AsksFirst(admin.ModelAdmin):
    """``ask`` before, ``tell`` after."""

    def ask(
        self, request: HttpRequest, rows: Iterable[Any], *, template: str = "admin/ask.html", **said: Any
    ) -> HttpResponse:
        """The page before ``action``; its form comes back to the action with ``confirmed``.

        ``title`` and ``text`` say what will happen; ``chooses`` lets choose one of the rows, which comes back as
        ``target``; ``takes_comment`` and ``needs_comment`` ask for words; ``option`` is a box to tick, which comes back
        as ``option``. ``template`` may show the rows in its own way, in the block ``asked``.
        """
        context = {
            **self.admin_site.each_context(request),
            "opts": self.model._meta,
            "action_checkbox_name": ACTION_CHECKBOX_NAME,
            "rows": list(rows),
            **said,
        }
        return TemplateResponse(request, template, context)

    def tell(
        self, request: HttpRequest, rows: Sequence[Model], *, did: object, said: object, level: int = messages.SUCCESS
    ) -> HttpResponse | None:
        """``said`` to whoever acts, ``did`` into the history of each row acted on. None: the list is shown again."""
        assert request.user.pk is not None
        if rows:
            LogEntry.objects.log_actions(request.user.pk, rows, CHANGE, change_message=str(did))
        self.message_user(request, str(said), level if rows else messages.WARNING)
        return None

"""Decisions as actions of the admin: each asks first, says what it did, and is written down."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jobs.models import Ruling
from jobs.moderation import WITH_COMMENT, Step
from jobs.moderation_forms import VERBS
from jobs.posting import NotPossibleError
from moirai.office.asking import AsksFirst, Record, is_confirmed

NAMED = 10  # rows that a message names


class DecidingAdmin(AsksFirst):
    """Give ``steps`` and ``judge``; every step becomes an action with a page that asks before it."""

    steps: tuple[Step, ...] = ()
    judge: ClassVar[Callable[..., Ruling]]  # takes the row by the name of its model

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        actions: dict[str, Any] = dict(super().get_actions(request))
        if self.has_change_permission(request):
            actions |= {step.value: (_action(step), step.value, capfirst(str(VERBS[step]))) for step in self.steps}
        return actions

    def decide(self, request: HttpRequest, queryset: QuerySet[Any], step: Step) -> HttpResponse | None:
        comment = request.POST.get("comment", "").replace("\x00", "").strip()[:2000]
        is_missing = step in WITH_COMMENT and not comment
        if not is_confirmed(request) or is_missing:
            return self._ask(request, queryset, step, is_missing=is_confirmed(request))
        done, refused = 0, []
        for row in queryset:
            try:
                self.judge(**{str(self.opts.model_name): row}, step=step, comment=comment, **now_of(request))
                self.log_change(request, row, [{"changed": {"fields": [str(step.label)]}}])
                done += 1
            except NotPossibleError:
                refused.append(str(row))
        said = ngettext("%(step)s: %(count)d row.", "%(step)s: %(count)d rows.", done)
        self.message_user(request, said % {"step": capfirst(str(VERBS[step])), "count": done})
        if refused:
            words = _("Not possible now (status, or company not verified): %(titles)s")
            self.message_user(request, words % {"titles": ", ".join(refused[:NAMED])}, messages.WARNING)
        return None

    def _ask(self, request: HttpRequest, rows: QuerySet[Any], step: Step, *, is_missing: bool) -> HttpResponse:
        said: dict[str, Any] = {"title": capfirst(str(VERBS[step])), "action": step.value}
        needs = step in WITH_COMMENT
        return self.ask(request, rows, **said, takes_comment=True, needs_comment=needs, is_missing=is_missing)


def _action(step: Step) -> Callable[..., HttpResponse | None]:
    def act(modeladmin: DecidingAdmin, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponse | None:
        return modeladmin.decide(request, queryset, step)

    return act


class RulingInline(Record):
    """Decisions; nobody rewrites them."""

    model = Ruling
    fields = ("step", "comment", "actor", "at")
    readonly_fields = fields
    ordering = ["-at", "-pk"]


def now_of(request: HttpRequest) -> dict[str, Any]:
    """Who decides, and when."""
    return {"actor": request.user, "now": timezone.now()}

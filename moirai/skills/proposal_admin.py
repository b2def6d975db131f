"""Proposed aliases: staff see what an alias would touch before they approve it, and can take it back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from moirai.office.asking import AsksFirst, is_confirmed
from moirai.skills.aliases import (
    AliasRefusedError,
    AliasTakenError,
    alias_of,
    approve_alias,
    decline_alias,
    take_back_alias,
)
from moirai.skills.effects import effect_of
from moirai.skills.models import AliasProposal

AT_ONCE = 50  # the preview reads texts


@admin.register(AliasProposal)
class AliasProposalAdmin(AsksFirst):
    list_display = ["text", "skill", "language", "status", "sentence", "proposed_at", "decided_by", "decided_at"]
    list_filter = ["status", "language", "skill__kind", "proposed_at"]
    list_select_related = ["skill", "decided_by"]
    search_fields = ["text", "folded", "skill__code", "skill__name_es", "skill__name_en"]
    ordering = ["-proposed_at", "-pk"]
    actions = ["approve", "decline", "take_back"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: AliasProposal | None = None) -> list[str]:
        return [field.name for field in AliasProposal._meta.fields]

    def get_queryset(self, request: HttpRequest) -> QuerySet[AliasProposal]:
        return super().get_queryset(request).select_related("skill", "proposed_by", "decided_by")

    @admin.action(description=_("Approve the selected aliases, after a look at their effect"), permissions=["change"])
    def approve(self, request: HttpRequest, queryset: QuerySet[AliasProposal]) -> HttpResponse | None:
        waiting = list(queryset.filter(status=AliasProposal.Status.PROPOSED)[:AT_ONCE])
        if not waiting:
            self.message_user(request, _("None of the selected proposals waits for a decision."), messages.WARNING)
            return None
        if not is_confirmed(request):
            return self._preview(request, waiting)
        done = self._each(request, waiting, approve_alias)
        message = ngettext("%(count)d alias was approved.", "%(count)d aliases were approved.", len(done))
        return self.tell(request, done, did=_("approved"), said=message % {"count": len(done)})

    @admin.action(description=_("Decline the selected aliases"), permissions=["change"])
    def decline(self, request: HttpRequest, queryset: QuerySet[AliasProposal]) -> HttpResponse | None:
        waiting = list(queryset.filter(status=AliasProposal.Status.PROPOSED)[:AT_ONCE])
        if not is_confirmed(request):
            return self.ask(request, waiting, title=_("Decline aliases"), action="decline")
        done = self._each(request, waiting, decline_alias)
        message = ngettext("%(count)d alias was declined.", "%(count)d aliases were declined.", len(done))
        return self.tell(request, done, did=_("declined"), said=message % {"count": len(done)})

    @admin.action(description=_("Take the selected approved aliases back"), permissions=["change"])
    def take_back(self, request: HttpRequest, queryset: QuerySet[AliasProposal]) -> HttpResponse | None:
        approved = list(queryset.filter(status=AliasProposal.Status.APPROVED)[:AT_ONCE])
        if not is_confirmed(request):
            words = _("CVs and postings in which they stand are read again, and skills found by them alone go.")
            return self.ask(request, approved, title=_("Take aliases back"), action="take_back", text=words)
        done = self._each(request, approved, take_back_alias)
        message = ngettext("%(count)d alias was taken back.", "%(count)d aliases were taken back.", len(done))
        return self.tell(request, done, did=_("taken back"), said=message % {"count": len(done)})

    def _preview(self, request: HttpRequest, waiting: list[AliasProposal]) -> HttpResponse:
        rows = [
            {
                "proposal": proposal,
                "effects": effect_of(proposal.text),
                "taken": alias_of(language=proposal.language, text=proposal.text),
            }
            for proposal in waiting
        ]
        words = _("From then on these words count as the skill in every CV and posting. You can take it back later.")
        title, template = _("Approve aliases"), "skills/approve_aliases.html"
        return self.ask(request, rows, title=title, action="approve", text=words, template=template)

    def _each(
        self, request: HttpRequest, waiting: list[AliasProposal], decide: Callable[..., Any]
    ) -> list[AliasProposal]:
        """Decide each by itself: one that is refused says why and leaves the others alone. Returns those that were."""
        done, now = list[AliasProposal](), timezone.now()
        for proposal in waiting:
            try:
                decide(proposal=proposal, by=request.user, at=now)
            except AliasTakenError as error:
                values = {"text": proposal.text, "skill": error.alias.skill}
                self.message_user(request, _("“%(text)s” names %(skill)s already.") % values, messages.ERROR)
            except AliasRefusedError:
                values = {"text": proposal.text}
                self.message_user(request, _("“%(text)s” was decided by somebody else.") % values, messages.WARNING)
            else:
                done.append(proposal)
        return done

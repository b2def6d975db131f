"""What staff do to students from the list of the admin: each action asks first, says what it did, and is recorded."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from moirai.accounts.models import User
from moirai.office.asking import AsksFirst, is_confirmed
from moirai.queueing import queue
from students import enrich, tasks
from students.inviting import mark_to_invite
from students.merging import MergeRefusedError, merge_students
from students.models import CV, Student, StudentQuerySet
from students.standing import graduate, verify_addresses

REFUSALS = {
    "same": _("Choose two profiles."),
    "numbers": _("They have different student numbers: they are two people."),
    "accounts": _("Both have accounts. Tick the box to close the one of the profile that goes."),
}
MERGES = _(
    "CVs, applications, matches, consents and messages go to the profile that you choose; the other is deleted. Where "
    "both have the same thing, that of the one you choose stays. This cannot be undone."
)
CLOSES = _("Close the account of the profile that goes")


class StudentActions(AsksFirst):
    actions: Any = ["verify", "invite", "read_again", "graduate", "merge"]

    @admin.action(description=_("Take the address as verified"), permissions=["change"])
    def verify(self, request: HttpRequest, queryset: StudentQuerySet) -> HttpResponse | None:
        if not is_confirmed(request):
            words = _("You have seen that the address of each account belongs to the person, for instance on the card.")
            return self.ask(request, queryset, title=_("Verify addresses"), action="verify", text=words)
        done = verify_addresses(students=queryset)
        said = ngettext("%(count)d address is verified.", "%(count)d addresses are verified.", len(done))
        return self.tell(request, done, did=_("address verified by the office"), said=said % {"count": len(done)})

    @admin.action(description=_("Invite to open an account"), permissions=["change"])
    def invite(self, request: HttpRequest, queryset: StudentQuerySet) -> HttpResponse | None:
        if not is_confirmed(request):
            words = _(
                "A mail goes to the address in the office's list. Whoever has an account, has no address or was "
                "invited lately gets none."
            )
            return self.ask(request, queryset, title=_("Invite"), action="invite", text=words)
        done = mark_to_invite(students=queryset, now=timezone.now())
        for student in done:
            queue(tasks.invite_student, student_id=student.pk)
        said = ngettext("%(count)d person is invited.", "%(count)d people are invited.", len(done))
        return self.tell(request, done, did=_("invited"), said=said % {"count": len(done)})

    @admin.action(description=_("Read the current CV again"), permissions=["change"])
    def read_again(self, request: HttpRequest, queryset: StudentQuerySet) -> HttpResponse | None:
        if not is_confirmed(request):
            words = _("Skills and evidence are found anew; what the person said of them stays.")
            return self.ask(request, queryset, title=_("Read CVs again"), action="read_again", text=words)
        with transaction.atomic():
            cvs = list(CV.objects.current().filter(student__in=queryset).select_related("student__user").defer("text"))
            enrich.read_again(cvs=CV.objects.filter(pk__in=[cv.pk for cv in cvs]), now=timezone.now())
            for cv in cvs:
                tasks.queue_reading(cv)
        said = ngettext("%(count)d CV will be read again.", "%(count)d CVs will be read again.", len(cvs))
        done = [cv.student for cv in cvs]
        return self.tell(request, done, did=_("CV read again"), said=said % {"count": len(done)})

    @admin.action(description=_("They have graduated"), permissions=["change"])
    def graduate(self, request: HttpRequest, queryset: StudentQuerySet) -> HttpResponse | None:
        now = timezone.now()
        if not is_confirmed(request):
            words = _(
                "They are graduates of %(year)d, or of the earlier year that is written down, and have no semester."
            ) % {"year": now.year}
            return self.ask(request, queryset, title=_("Graduate"), action="graduate", text=words)
        done = graduate(students=queryset, now=now)
        said = ngettext("%(count)d person has graduated.", "%(count)d people have graduated.", len(done))
        return self.tell(request, done, did=_("graduated"), said=said % {"count": len(done)})

    @admin.action(description=_("Merge two profiles of one person"), permissions=["change"])
    def merge(self, request: HttpRequest, queryset: StudentQuerySet) -> HttpResponse | None:
        people = list(queryset.select_related("user").order_by("created_at", "pk")[:3])
        if len(people) != 2:
            self.message_user(request, str(REFUSALS["same"]), messages.ERROR)
            return None
        chosen = request.POST.get("target", "")
        target = next((student for student in people if str(student.pk) == chosen), None)
        if not is_confirmed(request) or target is None:
            said: dict[str, Any] = {"title": _("Merge profiles"), "action": "merge", "text": MERGES, "chooses": True}
            return self.ask(request, people, **said, option=CLOSES if all(row.user_id for row in people) else "")
        (source,) = (student for student in people if student != target)
        self._merge(request, source, target)
        return None

    def _merge(self, request: HttpRequest, source: Student, target: Student) -> None:
        assert isinstance(request.user, User)
        closes, name = request.POST.get("option") == "yes", source.public_id
        try:
            merge_students(source=source, target=target, closes_account=closes, by=request.user, now=timezone.now())
        except MergeRefusedError as error:
            self.message_user(request, str(REFUSALS[str(error)]), messages.ERROR)
        else:
            self.tell(request, [target], did=f"{name} → {target.public_id}", said=_("The profiles are one now."))

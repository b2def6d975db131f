"""What happened on an application, as both sides read it: its steps, messages and interview, oldest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import OuterRef
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from jobs.interviews import interviews_of
from jobs.models import Application, ApplicationEvent, Interview, Message, Side
from jobs.models.application import ApplicationQuerySet
from jobs.pipeline import S
from moirai.children import Children, give
from students.redaction import hidden, names_of

CHILDREN = {"events": ApplicationEvent, "messages": Message, "interviews": Interview}
WAY: tuple[S, ...] = (S.SENT, S.SEEN, S.IN_REVIEW, S.INTERVIEW)


@dataclass(frozen=True)
class Step:
    label: str
    at: datetime | None
    note: str
    state: str = ""  # "now", "next", or nothing for what is past
    kind: str = "step"  # or "message", "interview"


def with_timeline(rows: ApplicationQuerySet) -> ApplicationQuerySet:
    """Applications with their steps, messages and interviews, in the same query; for ``unpacked``."""
    own = {name: kind._default_manager.filter(application=OuterRef("pk")) for name, kind in CHILDREN.items()}
    return rows.annotate(**{f"read_{name}": Children(children) for name, children in own.items()})


def unpacked(application: Application) -> Application:
    """An application of ``with_timeline``, as if each kind had been prefetched."""
    for name in CHILDREN:
        give(application, name, getattr(application, f"read_{name}"))
    return application


def timeline(application: Application, *, side: Side) -> list[Step]:
    """Everything in order, the last step of the way current, then the stages that are still ahead.

    In a blind review the company reads what the student wrote without what names the person.
    """
    events = sorted(application.events.all(), key=lambda event: (event.at, event.pk))
    steps = [_step(event, is_last=event is events[-1]) for event in events]
    steps += [_message(message, application, side) for message in _readable(application, side)]
    steps += [_interview(interview) for interview in interviews_of(application)]
    steps.sort(key=lambda step: step.at or application.created_at)  # stable: what comes with a step follows it
    if application.is_ended or application.status not in WAY:
        return steps
    ahead = WAY[WAY.index(S(application.status)) + 1 :]
    return [*steps, *(Step(str(capfirst(status.label)), None, "", "next") for status in ahead)]


def _readable(application: Application, side: Side) -> list[Message]:
    """Messages in order."""
    messages = sorted(application.messages.all(), key=lambda message: (message.at, message.pk))
    return as_read(messages, application, side)


def as_read(messages: list[Message], application: Application, side: Side) -> list[Message]:
    """Those of the student redacted for a company that does not know yet who writes."""
    if side == Side.COMPANY and application.is_blind and messages:
        names = names_of(application.student)
        for message in messages:
            message.body = hidden(message.body, names) if message.side == Side.STUDENT else message.body
    return messages


def _step(event: ApplicationEvent, *, is_last: bool) -> Step:
    return Step(capfirst(event.get_status_display()), event.at, event.note, "now" if is_last else "")


def _message(message: Message, application: Application, side: Side) -> Step:
    writer = application.applicant if message.side == Side.STUDENT else application.job.company.name
    words = _("You wrote") if message.side == side else _("%(who)s wrote") % {"who": writer}
    return Step(words, message.at, message.body, kind="message")


def _interview(interview: Interview) -> Step:
    """Where it stands now; when it was is in the steps."""
    said = {
        Interview.Status.PROPOSED: _("Dates for the interview proposed"),
        Interview.Status.AGREED: _("Interview agreed"),
        Interview.Status.CANCELLED: _("Interview cancelled"),
    }
    when = date_format(localtime(interview.starts_at), "DATETIME_FORMAT") if interview.starts_at else ""
    note = ", ".join(filter(None, [when, interview.place]))
    return Step(said[Interview.Status(interview.status)], interview.updated_at, note, kind="interview")

"""A recruiter opens an application, or a profile that was suggested: the student reads of it."""

from __future__ import annotations

from datetime import datetime

from jobs.messages import mark_read
from jobs.models import Application, Job, Recruiter, Side
from jobs.pipeline import mark_seen
from moirai.accounts.audit import record
from moirai.accounts.models import AuditEvent
from students.models import Student
from students.redaction import hidden, names_of

Action = AuditEvent.Action


def look_at(*, application: Application, recruiter: Recruiter, now: datetime) -> bool:
    """A look at the page of an application, by which what was written counts as read. As `see` answers."""
    is_new = see(application=application, recruiter=recruiter, now=now)
    mark_read(application=application, side=Side.COMPANY, now=now)
    return is_new


def see(
    *, application: Application, recruiter: Recruiter, now: datetime, opened: Action = Action.APPLICANT_OPENED
) -> bool:
    """The first look marks the application as seen, which the answer says; every look is in the ledger."""
    before = application.status
    mark_seen(application=application, actor=recruiter.user, now=now)
    _write_down(opened, application.student, f"application:{application.public_id}", recruiter, now)
    return application.status != before


def look_at_profile(*, student: Student, job: Job, recruiter: Recruiter, now: datetime) -> None:
    """A look at somebody who is suggested for a posting."""
    _write_down(Action.PROFILE_OPENED, student, f"posting:{job.public_id}", recruiter, now)


def _write_down(action: Action, student: Student, thing: str, recruiter: Recruiter, now: datetime) -> None:
    record(
        action=action,
        actor=recruiter.user,
        subject=student.public_id,
        thing=thing,
        on_behalf_of=recruiter.company.name,
        at=now,
    )


def message_to_company(application: Application) -> str:
    """What the student wrote, without what names the person while the review is blind."""
    if application.is_blind and application.message:
        return hidden(application.message, names_of(application.student))
    return application.message

"""A recruiter opens an application: the student reads of it, and what was written counts as read."""

from __future__ import annotations

from datetime import datetime

from jobs.messages import mark_read
from jobs.models import Application, Recruiter, Side
from jobs.pipeline import mark_seen
from moirai.accounts.audit import record
from moirai.accounts.models import AuditEvent
from students.redaction import hidden, names_of


def look_at(*, application: Application, recruiter: Recruiter, now: datetime) -> bool:
    """The first look marks the application as seen, which the answer says; every look is in the ledger."""
    before = application.status
    mark_seen(application=application, actor=recruiter.user, now=now)
    record(
        action=AuditEvent.Action.APPLICANT_OPENED,
        actor=recruiter.user,
        subject=application.student.public_id,
        thing=f"application:{application.public_id}",
        on_behalf_of=recruiter.company.name,
        at=now,
    )
    mark_read(application=application, side=Side.COMPANY, now=now)
    return application.status != before


def message_to_company(application: Application) -> str:
    """What the student wrote, without what names the person while the review is blind."""
    if application.is_blind and application.message:
        return hidden(application.message, names_of(application.student))
    return application.message

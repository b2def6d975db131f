"""A student applies to a posting; what the company receives is written down beside it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from jobs.grants import grant
from jobs.models import Application, CompanyGrant, Job
from jobs.pipeline import record
from jobs.response import USUAL_WITHOUT_RECORD, usual_days
from students.models import CV, Student


class JobClosedError(Exception):
    """The posting closed between the page and the click."""


def current_cv(student: Student) -> CV | None:
    """The CV that an application shares: the one in force."""
    return student.current_cv


def can_apply(student: Student, cv: CV | None) -> bool:
    """Whether there is anything a company could read: a CV, a skill or a line of the profile."""
    return cv is not None or student.skills.exclude(status="removed").exists() or student.entries.exists()


def receipt_of(*, cv: CV | None, message: str, shares_phone: bool, now: datetime) -> dict[str, Any]:
    """Which data a company receives: categories and the version of the CV, none of the data itself."""
    return {
        "name": True,
        "email": True,
        "phone": shares_phone,
        "cv": {"id": cv.public_id, "uploaded_at": cv.uploaded_at.isoformat()} if cv else None,
        "explanation": True,
        "message": bool(message.strip()),
        "at": now.isoformat(),
    }


@transaction.atomic
def apply(
    *,
    student: Student,
    job: Job,
    cv: CV | None,
    message: str,
    now: datetime,
    shares_phone: bool = False,
    source: CompanyGrant.Source = CompanyGrant.Source.APPLICATION,
) -> tuple[Application, bool]:
    """The application of this pair and whether it is new; raises ``JobClosedError``."""
    known = Application.objects.filter(student=student, job=job).first()
    if known is not None:
        return known, False
    job = Job.objects.select_for_update(of=("self",)).select_related("company").get(pk=job.pk)
    if not job.is_open(at=now):
        raise JobClosedError
    fields = {
        "cv": cv,
        "message": message.strip(),
        "shares_phone": shares_phone,
        "receipt": receipt_of(cv=cv, message=message, shares_phone=shares_phone, now=now),
        "news_due_at": now + timedelta(days=usual_days(job.company) or USUAL_WITHOUT_RECORD),
        "created_at": now,
        "updated_at": now,
    }
    application, is_new = Application.objects.get_or_create(student=student, job=job, defaults=fields)
    if is_new:
        grant(student=student, company=job.company, now=now, source=source)
        record(application=application, actor=student.user, note="", now=now)
    return application, is_new

"""A student applies to a posting."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from jobs.models import Application, Job
from jobs.pipeline import record
from students.models import CV, Student


class JobClosedError(Exception):
    """The posting closed between the page and the click."""


def current_cv(student: Student) -> CV | None:
    """The CV that an application shares: the one in force."""
    return student.cvs.filter(is_current=True).first()


def can_apply(student: Student, cv: CV | None) -> bool:
    """Whether there is anything a company could read: a CV, a skill or a line of the profile."""
    return cv is not None or student.skills.exclude(status="removed").exists() or student.entries.exists()


@transaction.atomic
def apply(*, student: Student, job: Job, cv: CV | None, message: str, now: datetime) -> tuple[Application, bool]:
    """The application of this pair and whether it is new; raises ``JobClosedError``."""
    known = Application.objects.filter(student=student, job=job).first()
    if known is not None:
        return known, False
    job = Job.objects.select_for_update(of=("self",)).select_related("company").get(pk=job.pk)
    if not job.is_open(at=now):
        raise JobClosedError
    fields = {"cv": cv, "message": message.strip(), "created_at": now, "updated_at": now}
    application, is_new = Application.objects.get_or_create(student=student, job=job, defaults=fields)
    if is_new:
        record(application=application, actor=student.user, note="", now=now)
    return application, is_new

"""A company invites a student whom it knows by an alias; accepting shares the profile, declining tells nobody."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists

from jobs.apply import apply
from jobs.grants import visible_to
from jobs.models import Application, Company, CompanyGrant, Invitation, Job
from jobs.signals import invitation_sent
from moirai.accounts.models import User
from students.models import CV, Student

OPEN_FOR = timedelta(days=14)
WEEK = timedelta(days=7)
PER_JOB = 20
PER_WEEK = 50


class NotInvitableError(Exception):
    """The person is not shown to companies, has applied or was invited, or the posting takes nobody."""


class CapReachedError(Exception):
    """``PER_JOB`` or ``PER_WEEK`` invitations are out."""


class NotOpenError(Exception):
    """The invitation was answered or has expired."""


@transaction.atomic
def invite(*, student: Student, job: Job, sender: User, note: str, now: datetime) -> Invitation:
    """Ask a student to apply. One already invited to this posting stays invited once."""
    company = Company.objects.select_for_update().get(pk=job.company_id)  # caps are counted by one at a time
    known = Invitation.objects.filter(job=job, student=student).first()
    if known is not None:
        return known
    if not is_invitable(student=student, job=job, now=now):
        raise NotInvitableError
    sent = Invitation.objects.filter(company=company)
    if sent.filter(job=job).count() >= PER_JOB or sent.filter(sent_at__gt=now - WEEK).count() >= PER_WEEK:
        raise CapReachedError
    sent.filter(student=student).over(at=now).update(status=Invitation.Status.EXPIRED)
    if sent.filter(student=student).in_force().exists():
        raise NotInvitableError
    invitation = Invitation.objects.create(
        job=job,
        company=company,
        student=student,
        sender=sender,
        note=note.strip(),
        sent_at=now,
        expires_at=now + OPEN_FOR,
    )
    invitation_sent.send(sender=Invitation, invitation_id=invitation.pk)
    return invitation


def is_invitable(*, student: Student, job: Job, now: datetime) -> bool:
    """Whether the posting takes people and this one agreed to be shown, has an account, and has not applied."""
    shown = visible_to(job.company).filter(pk=student.pk, user__is_active=True)
    has_applied = Exists(Application.objects.of_job(job).filter(student=student))
    return shown.filter(~has_applied, Exists(Job.objects.open(at=now).filter(pk=job.pk))).exists()


@transaction.atomic
def accept(
    *, invitation: Invitation, cv: CV | None, message: str, now: datetime, shares_phone: bool = False
) -> Application:
    """Share the profile with the company by applying; accepted twice, the same application returns."""
    row = _answered(invitation, Invitation.Status.ACCEPTED, now=now)
    application, _is_new = apply(
        student=row.student,
        job=row.job,
        cv=cv,
        message=message,
        shares_phone=shares_phone,
        now=now,
        source=CompanyGrant.Source.INVITATION,
    )
    return application


@transaction.atomic
def decline(*, invitation: Invitation, now: datetime) -> None:
    """Say no to nobody: the company reads "waiting" until the invitation expires."""
    _answered(invitation, Invitation.Status.DECLINED, now=now)


def _answered(invitation: Invitation, status: Invitation.Status, *, now: datetime) -> Invitation:
    row = Invitation.objects.select_for_update(of=("self",)).select_related("job", "student").get(pk=invitation.pk)
    if row.status == status:
        return row
    if row.status != Invitation.Status.WAITING or row.expires_at <= now:
        raise NotOpenError
    row.status, row.answered_at = status, now
    row.save(update_fields=["status", "answered_at"])
    return row

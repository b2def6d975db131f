"""What is told of applications, invitations and postings that close: rows written in the transaction of the change."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.dispatch import receiver
from django.utils import timezone

from jobs.closing import CLOSE_AFTER
from jobs.models import Application, ApplicationEvent, Company, Interview, Invitation, Job, Message, Side
from jobs.signals import (
    application_moved,
    applications_waiting,
    interview_changed,
    invitation_sent,
    message_sent,
    no_news,
    posting_closed,
    posting_expiring,
)
from notifications.models import Kind
from notifications.tell import Page, tell

S = Application.Status
MAILED_MOVES = {S.IN_REVIEW, S.INTERVIEW, S.ACCEPTED, S.REJECTED, S.NO_ANSWER}


def tell_recruiters(
    company: Company, *, kind: Kind, data: dict[str, Any], url: Page, key: str, now: datetime, **only: bool
) -> None:
    """Everybody who recruits for the company, or ``only`` those.

    What recruiters keep names nobody: it would outlive a withdrawal, a blind review and an erasure.
    """
    for recruiter in company.recruiters.select_related("user").filter(user__is_active=True, **only):
        tell(user=recruiter.user, kind=kind, data=data, url=url, key=key, now=now)


def _tell_student(
    application: Application, *, kind: Kind, data: dict[str, Any], key: str, now: datetime, mail: bool | None = None
) -> None:
    job, user = application.job, application.student.user
    if user is not None and user.is_active:
        told = {"job": job.title, "company": job.company.name, "who": job.company.name, **data}
        url = ("jobs:application", application.public_id)
        tell(user=user, kind=kind, data=told, url=url, key=key, now=now, mail=mail)


def _tell_other(
    side: Side, application: Application, *, kind: Kind, data: dict[str, Any], key: str, now: datetime
) -> None:
    """The side of an application that did not act."""
    if side == Side.COMPANY:
        _tell_student(application, kind=kind, data=data, key=key, now=now)
        return
    job, url = application.job, ("matching:candidate", application.public_id)
    tell_recruiters(job.company, kind=kind, data={"job": job.title, **data}, url=url, key=key, now=now)


def _applications() -> Any:
    return Application.objects.select_related("job__company", "student__user")


@receiver(application_moved, dispatch_uid="tell_of_an_application")
def tell_of_an_application(*, application_id: int, event_id: int, is_told: bool, **_kwargs: Any) -> None:
    """A new one to every recruiter of the company, a move to the student; a withdrawal to nobody."""
    event = ApplicationEvent.objects.filter(pk=event_id, application_id=application_id).first()
    if event is None or not is_told or event.status == S.WITHDRAWN:
        return
    application, key = _applications().get(pk=application_id), f"application:{event.pk}"
    if event.status != S.SENT:
        kind = Kind.APPLICATION_CLOSED if event.status == S.NO_ANSWER else Kind.APPLICATION_MOVED
        mail = None if event.status in MAILED_MOVES else False
        _tell_student(application, kind=kind, data={"status": event.status}, key=key, now=event.at, mail=mail)
        return
    job = application.job
    was_invited = job.invitations.filter(student=application.student_id, status=Invitation.Status.ACCEPTED).exists()
    kind = Kind.INVITATION_ACCEPTED if was_invited else Kind.APPLICATION_RECEIVED
    url = ("matching:candidates", job.public_id)
    tell_recruiters(job.company, kind=kind, data={"job": job.title}, url=url, key=key, now=event.at)


@receiver(message_sent, dispatch_uid="tell_of_a_message")
def tell_of_a_message(*, message_id: int, **_kwargs: Any) -> None:
    """To the other side: who wrote, never what."""
    message = Message.objects.get(pk=message_id)
    application, key = _applications().get(pk=message.application_id), f"message:{message.pk}"
    _tell_other(Side(message.side), application, kind=Kind.MESSAGE, data={}, key=key, now=message.at)


@receiver(interview_changed, dispatch_uid="tell_of_an_interview")
def tell_of_an_interview(*, interview_id: int, side: Side, **_kwargs: Any) -> None:
    interview = Interview.objects.get(pk=interview_id)
    application = _applications().get(pk=interview.application_id)
    said = {"proposed": "proposed", "agreed": "confirmed", "cancelled": "cancelled"}[interview.status]
    data = {"status": said, "date": interview.starts_at.isoformat() if interview.starts_at else ""}
    key = f"interview:{interview.pk}:{interview.sequence}:{said}"
    _tell_other(side, application, kind=Kind.INTERVIEW, data=data, key=key, now=interview.updated_at)


@receiver(invitation_sent, dispatch_uid="tell_of_an_invitation")
def tell_of_an_invitation(*, invitation_id: int, **_kwargs: Any) -> None:
    row = Invitation.objects.select_related("job", "company", "student__user").get(pk=invitation_id)
    user = row.student.user
    if user is not None:
        data = {"job": row.job.title, "company": row.company.name}
        url = ("jobs:invitation", row.public_id)
        tell(user=user, kind=Kind.INVITATION, data=data, url=url, key=f"invitation:{row.pk}", now=row.sent_at)


@receiver(posting_expiring, dispatch_uid="ask_to_confirm_a_posting")
def ask_to_confirm_a_posting(*, job_id: int, **_kwargs: Any) -> None:
    """Once for each closing date."""
    job = Job.objects.select_related("company").get(pk=job_id)
    assert job.closes_at is not None
    date, now = timezone.localdate(job.closes_at).isoformat(), job.confirm_asked_at or timezone.now()
    data, key, url = {"job": job.title, "date": date}, f"expiring:{job.pk}:{date}", ("jobs:confirm_job", job.public_id)
    tell_recruiters(job.company, kind=Kind.POSTING_EXPIRING, data=data, url=url, key=key, now=now)


@receiver(posting_closed, dispatch_uid="tell_applicants_of_a_closed_posting")
def tell_applicants_of_a_closed_posting(*, job_id: int, **_kwargs: Any) -> None:
    """To those whose application is still on its way."""
    for application in _applications().filter(job=job_id).on_their_way():
        now, key = application.job.applicants_told_at or timezone.now(), f"closed:{job_id}"
        _tell_student(application, kind=Kind.POSTING_MOVED, data={"status": "closed"}, key=key, now=now)


@receiver(applications_waiting, dispatch_uid="remind_of_applications")
def remind_of_applications(*, job_id: int, waiting: int, at: datetime, **_kwargs: Any) -> None:
    """One reminder for a posting and day, however many applications wait."""
    job = Job.objects.select_related("company").get(pk=job_id)
    oldest = job.applications.unanswered().order_by("created_at").values_list("created_at", flat=True).first() or at
    data = {"job": job.title, "waiting": waiting, "date": timezone.localdate(oldest + CLOSE_AFTER).isoformat()}
    url, key = ("matching:board", job.public_id), f"waiting:{job.pk}:{timezone.localdate(at)}"
    tell_recruiters(job.company, kind=Kind.APPLICATION_WAITING, data=data, url=url, key=key, now=at)


@receiver(no_news, dispatch_uid="tell_that_there_is_no_news")
def tell_that_there_is_no_news(*, application_id: int, at: datetime, **_kwargs: Any) -> None:
    """The promise of the application page, kept."""
    application, key = _applications().get(pk=application_id), f"no_news:{application_id}"
    _tell_student(application, kind=Kind.APPLICATION_MOVED, data={"status": "no_news"}, key=key, now=at)

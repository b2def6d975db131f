"""What is told of applications, invitations and postings that close: rows written in the transaction of the change."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.dispatch import receiver
from django.urls import reverse
from django.utils import timezone, translation

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
from moirai.accounts.models import User
from notifications.models import Kind
from notifications.tell import tell

S = Application.Status
MAILED_MOVES = {S.IN_REVIEW, S.INTERVIEW, S.ACCEPTED, S.REJECTED, S.NO_ANSWER}


def address(user: User, name: str, *args: str) -> str:
    """The address of a page in the reader's language."""
    with translation.override(user.language):
        return reverse(name, args=args)


def _recruiters(company: Company) -> Iterator[User]:
    for recruiter in company.recruiters.select_related("user").filter(user__is_active=True):
        yield recruiter.user


def _applications() -> Any:
    return Application.objects.select_related("job__company", "student__user")


def _tell_both(application: Application, to: Side, *, kind: Kind, data: dict[str, Any], key: str, at: datetime) -> None:
    """Tell one side of an application: its student, or everybody who recruits for the company.

    What recruiters keep names nobody: it would outlive a withdrawal, a blind review and an erasure.
    """
    job = application.job
    if to == Side.COMPANY:
        told = {"job": job.title, **data}
        for user in _recruiters(job.company):
            url = address(user, "matching:candidate", application.public_id)
            tell(user=user, kind=kind, data=told, url=url, key=key, now=at)
        return
    student = application.student.user
    if student is not None and student.is_active:
        told = {"job": job.title, "company": job.company.name, "who": job.company.name, **data}
        url = address(student, "jobs:application", application.public_id)
        tell(user=student, kind=kind, data=told, url=url, key=key, now=at)


def _other(side: Side) -> Side:
    return Side.COMPANY if side == Side.STUDENT else Side.STUDENT


@receiver(application_moved, dispatch_uid="tell_of_an_application")
def tell_of_an_application(*, application_id: int, event_id: int, is_told: bool, **_kwargs: Any) -> None:
    """A new one to every recruiter of the company, a move to the student; a withdrawal to nobody."""
    event = (
        ApplicationEvent.objects.select_related("application__job__company", "application__student__user")
        .filter(pk=event_id, application_id=application_id)
        .first()
    )
    if event is None or not is_told or event.status == S.WITHDRAWN:
        return
    if event.status == S.SENT:
        _tell_recruiters(event)
    else:
        _tell_student(event)


def _tell_recruiters(event: ApplicationEvent) -> None:
    application, job = event.application, event.application.job
    was_invited = job.invitations.filter(student=application.student_id, status=Invitation.Status.ACCEPTED).exists()
    for user in _recruiters(job.company):
        tell(
            user=user,
            kind=Kind.INVITATION_ACCEPTED if was_invited else Kind.APPLICATION_RECEIVED,
            data={"job": job.title},
            url=address(user, "matching:candidates", job.public_id),
            key=f"application:{event.pk}",
            now=event.at,
        )


def _tell_student(event: ApplicationEvent) -> None:
    application, user = event.application, event.application.student.user
    if user is None:
        return
    job = application.job
    tell(
        user=user,
        kind=Kind.APPLICATION_CLOSED if event.status == S.NO_ANSWER else Kind.APPLICATION_MOVED,
        data={"job": job.title, "company": job.company.name, "status": event.status},
        url=address(user, "jobs:application", application.public_id),
        key=f"application:{event.pk}",
        now=event.at,
        mail=None if event.status in MAILED_MOVES else False,
    )


@receiver(message_sent, dispatch_uid="tell_of_a_message")
def tell_of_a_message(*, message_id: int, **_kwargs: Any) -> None:
    """To the other side: who wrote, never what."""
    message = Message.objects.get(pk=message_id)
    application = _applications().get(pk=message.application_id)
    to = _other(Side(message.side))
    _tell_both(application, to, kind=Kind.MESSAGE, data={}, key=f"message:{message.pk}", at=message.at)


@receiver(interview_changed, dispatch_uid="tell_of_an_interview")
def tell_of_an_interview(*, interview_id: int, side: Side, **_kwargs: Any) -> None:
    """To the side that did not act."""
    interview = Interview.objects.get(pk=interview_id)
    application = _applications().get(pk=interview.application_id)
    said = {"proposed": "proposed", "agreed": "confirmed", "cancelled": "cancelled"}[interview.status]
    data = {"status": said, "date": interview.starts_at.isoformat() if interview.starts_at else ""}
    key = f"interview:{interview.pk}:{interview.sequence}:{said}"
    _tell_both(application, _other(side), kind=Kind.INTERVIEW, data=data, key=key, at=interview.updated_at)


@receiver(invitation_sent, dispatch_uid="tell_of_an_invitation")
def tell_of_an_invitation(*, invitation_id: int, **_kwargs: Any) -> None:
    row = Invitation.objects.select_related("job", "company", "student__user").get(pk=invitation_id)
    user = row.student.user
    if user is not None:
        data = {"job": row.job.title, "company": row.company.name}
        url = address(user, "jobs:invitation", row.public_id)
        tell(user=user, kind=Kind.INVITATION, data=data, url=url, key=f"invitation:{row.pk}", now=row.sent_at)


@receiver(posting_expiring, dispatch_uid="ask_to_confirm_a_posting")
def ask_to_confirm_a_posting(*, job_id: int, **_kwargs: Any) -> None:
    """Once for each closing date."""
    job = Job.objects.select_related("company").get(pk=job_id)
    assert job.closes_at is not None
    date = timezone.localdate(job.closes_at).isoformat()
    for user in _recruiters(job.company):
        tell(
            user=user,
            kind=Kind.POSTING_EXPIRING,
            data={"job": job.title, "date": date},
            url=address(user, "jobs:confirm_job", job.public_id),
            key=f"expiring:{job.pk}:{date}",
            now=job.confirm_asked_at or timezone.now(),
        )


@receiver(posting_closed, dispatch_uid="tell_applicants_of_a_closed_posting")
def tell_applicants_of_a_closed_posting(*, job_id: int, **_kwargs: Any) -> None:
    """To those whose application is still on its way."""
    for application in _applications().filter(job=job_id).on_their_way():
        at = application.job.applicants_told_at or timezone.now()
        data = {"status": "closed"}
        _tell_both(application, Side.STUDENT, kind=Kind.POSTING_MOVED, data=data, key=f"closed:{job_id}", at=at)


@receiver(applications_waiting, dispatch_uid="remind_of_applications")
def remind_of_applications(*, job_id: int, waiting: int, at: datetime, **_kwargs: Any) -> None:
    """One reminder for a posting and day, however many applications wait."""
    job = Job.objects.select_related("company").get(pk=job_id)
    oldest = job.applications.unanswered().order_by("created_at").values_list("created_at", flat=True).first() or at
    data = {"job": job.title, "waiting": waiting, "date": timezone.localdate(oldest + CLOSE_AFTER).isoformat()}
    for user in _recruiters(job.company):
        tell(
            user=user,
            kind=Kind.APPLICATION_WAITING,
            data=data,
            url=address(user, "matching:board", job.public_id),
            key=f"waiting:{job.pk}:{timezone.localdate(at)}",
            now=at,
        )


@receiver(no_news, dispatch_uid="tell_that_there_is_no_news")
def tell_that_there_is_no_news(*, application_id: int, at: datetime, **_kwargs: Any) -> None:
    """The promise of the application page, kept."""
    application = _applications().get(pk=application_id)
    data = {"status": "no_news"}
    key = f"no_news:{application.pk}"
    _tell_both(application, Side.STUDENT, kind=Kind.APPLICATION_MOVED, data=data, key=key, at=at)

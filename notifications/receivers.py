"""What this app does when lower apps announce a change: rows written in the same transaction."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver
from django.urls import reverse
from django.utils import timezone, translation

from jobs.models import Application, ApplicationEvent
from jobs.signals import application_moved
from matching.signals import matches_stored
from moirai.accounts.models import User
from notifications.models import Kind, Notification
from notifications.tell import tell
from students.models import CV, Student
from students.signals import cv_read

MAILED_MOVES = {
    Application.Status.IN_REVIEW,
    Application.Status.INTERVIEW,
    Application.Status.ACCEPTED,
    Application.Status.REJECTED,
}


def _address(user: User, name: str, *args: str) -> str:
    """The address of a page in the reader's language."""
    with translation.override(user.language):
        return reverse(name, args=args)


@receiver(matches_stored, dispatch_uid="tell_of_new_matches")
def tell_of_new_matches(*, student_id: int, run_id: int, new: int, **_kwargs: Any) -> None:
    """Once per run; the first time by mail too, because the student was told to close the page."""
    student = Student.objects.select_related("user").filter(pk=student_id, user__isnull=False).first()
    if student is None or student.user is None or new < 1:
        return
    user, key = student.user, f"matches:{run_id}"
    told_before = Notification.objects.filter(user=user, kind=Kind.NEW_MATCHES).exclude(key=key).exists()
    tell(
        user=user,
        kind=Kind.NEW_MATCHES,
        data={"new": new},
        url=_address(user, "matching:for_you"),
        key=key,
        now=timezone.now(),
        mail=not told_before,
    )


@receiver(cv_read, dispatch_uid="tell_of_a_cv")
def tell_of_a_cv(*, cv_id: int, **_kwargs: Any) -> None:
    """Read: in the app. Could not be read: by mail too, since nothing else will arrive."""
    cv = CV.objects.select_related("student__user").filter(pk=cv_id, student__user__isnull=False).first()
    if cv is None or cv.student.user is None:
        return
    user, failed = cv.student.user, cv.status == CV.Status.FAILED
    if not failed and cv.status != CV.Status.READ:
        return
    data: dict[str, Any] = {"failure": cv.failure}
    if not failed:
        data = {"skills": cv.evidence.values("student_skill").distinct().count()}
    tell(
        user=user,
        kind=Kind.CV_FAILED if failed else Kind.CV_READ,
        data=data,
        url=_address(user, "students:upload_cv" if failed else "students:review_skills"),
        key=f"cv:{cv.pk}:{cv.status}",
        now=timezone.now(),
        mail=failed,
    )


@receiver(application_moved, dispatch_uid="tell_of_an_application")
def tell_of_an_application(*, application_id: int, event_id: int, **_kwargs: Any) -> None:
    """A new one to every recruiter of the company, a move to the student; a withdrawal to nobody."""
    event = (
        ApplicationEvent.objects.select_related("application__job__company", "application__student__user")
        .filter(pk=event_id, application_id=application_id)
        .first()
    )
    if event is None or event.status == Application.Status.WITHDRAWN:
        return
    if event.status == Application.Status.SENT:
        _tell_recruiters(event)
    else:
        _tell_student(event)


def _tell_recruiters(event: ApplicationEvent) -> None:
    job = event.application.job
    for recruiter in job.company.recruiters.select_related("user").filter(user__is_active=True):
        tell(
            user=recruiter.user,
            kind=Kind.APPLICATION_RECEIVED,
            data={"job": job.title},
            url=_address(recruiter.user, "matching:candidates", job.public_id),
            key=f"application:{event.pk}",
            now=event.at,
            mail=True,
        )


def _tell_student(event: ApplicationEvent) -> None:
    application, user = event.application, event.application.student.user
    if user is None:
        return
    job = application.job
    tell(
        user=user,
        kind=Kind.APPLICATION_MOVED,
        data={"job": job.title, "company": job.company.name, "status": event.status},
        url=_address(user, "jobs:application", application.public_id),
        key=f"application:{event.pk}",
        now=event.at,
        mail=event.status in MAILED_MOVES,
    )

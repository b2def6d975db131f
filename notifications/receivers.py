"""What this app does when lower apps announce a change: rows written in the same transaction."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from allauth.account.signals import email_changed
from django.dispatch import receiver
from django.utils import timezone

from matching.signals import demo_made, matches_stored
from moirai.accounts.models import User
from moirai.privacy.models import PrivacyRequest
from moirai.privacy.signals import inactive_warned, request_closed
from notifications.bounces import revive
from notifications.models import Kind, Notification, OutboxMail
from notifications.tell import address, tell
from students.models import CV, OutcomeAnswer, Student
from students.signals import cv_read, outcome_asked
from students.survey import token_of


@receiver(matches_stored, dispatch_uid="tell_of_new_matches")
def tell_of_new_matches(*, student_id: int, run_id: int, new: int, **_kwargs: Any) -> None:
    """Once per run; the first time by mail at once, because the student was told to close the page."""
    student = Student.objects.select_related("user").filter(pk=student_id, user__isnull=False).first()
    if student is None or student.user is None or new < 1:
        return
    user, key = student.user, f"matches:{run_id}"
    told_before = Notification.objects.filter(user=user, kind=Kind.NEW_MATCHES).exclude(key=key).exists()
    tell(
        user=user,
        kind=Kind.NEW_MATCHES,
        data={"new": new},
        url=("matching:for_you",),
        key=key,
        now=timezone.now(),
        mail=None if told_before else True,
    )


@receiver(demo_made, dispatch_uid="mails_of_the_demo_wait_from_now")
def mails_of_the_demo_wait_from_now(*, at: datetime, **_kwargs: Any) -> None:
    """What the demo's past tells is still to be sent, and nobody has waited for it: not for `/readyz` either."""
    OutboxMail.objects.waiting().filter(user__date_joined__gte=at).update(created_at=at, next_attempt_at=at)


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
        url=("students:upload_cv" if failed else "students:review_skills",),
        key=f"cv:{cv.pk}:{cv.status}",
        now=timezone.now(),
    )


@receiver(email_changed, dispatch_uid="write_to_the_new_address")
def write_to_the_new_address(*, user: User, **_kwargs: Any) -> None:
    """The address that refused mail is not this person's any more."""
    revive(user=user, now=timezone.now())


@receiver(request_closed, dispatch_uid="tell_of_an_answer")
def tell_of_an_answer(*, request_id: int, **_kwargs: Any) -> None:
    """The careers office has answered what somebody asked about their data."""
    row = PrivacyRequest.objects.select_related("user").filter(pk=request_id, user__is_active=True).first()
    if row is not None and row.user is not None and row.closed_at is not None:
        url, key = ("privacy:privacy",), f"request:{row.pk}"
        tell(user=row.user, kind=Kind.PRIVACY_REQUEST, data={"status": "answered"}, url=url, key=key, now=row.closed_at)


@receiver(inactive_warned, dispatch_uid="warn_of_erasing")
def warn_of_erasing(*, request_id: int, **_kwargs: Any) -> None:
    """By mail at once: whoever does not sign in reads nothing here."""
    row = PrivacyRequest.objects.select_related("user").filter(pk=request_id).first()
    if row is not None and row.user is not None:
        data = {"date": timezone.localdate(row.due_at).isoformat()}
        url, key = ("start",), f"inactive:{row.pk}"
        tell(user=row.user, kind=Kind.INACTIVE_WARNING, data=data, url=url, key=key, now=row.asked_at, mail=True)


@receiver(outcome_asked, dispatch_uid="ask_what_came_after")
def ask_what_came_after(*, answer_id: int, is_reminder: bool, at: datetime, **_kwargs: Any) -> None:
    """The notice leads to a page behind the sign-in; the mail to its own recipient, so without."""
    row = OutcomeAnswer.objects.select_related("survey", "student__user").get(pk=answer_id)
    user = row.student.user
    if user is not None:
        data = {
            "date": row.survey.closes_on.isoformat(),
            "is_reminder": is_reminder,
            "link": address(user, "students:outcome", token_of(row)),
        }
        key = f"outcome:{row.pk}:{'reminder' if is_reminder else 'invitation'}"
        tell(user=user, kind=Kind.OUTCOME_SURVEY, data=data, url=("students:my_survey",), key=key, now=at)

"""What is told to whom when something happens: once, however often the signal arrives."""

import pytest
from allauth.account.signals import email_changed
from django.urls import reverse

from conftest import DAY, HOUR, NOW
from jobs.models import Application, ApplicationEvent
from jobs.signals import application_moved
from jobs.tests.factories import ApplicationFactory, RecruiterFactory
from matching.signals import demo_made, matches_stored
from moirai.accounts.tests.factories import UserFactory
from notifications.bounces import bury
from notifications.models import DeadAddress, Kind, Notification, OutboxMail
from notifications.tests.telling import told
from students.models import CV
from students.signals import cv_read
from students.tests.factories import CVFactory, StudentFactory

pytestmark = pytest.mark.django_db


def stored(student, run_id, new=3):
    matches_stored.send(sender=None, student_id=student.pk, run_id=run_id, new=new)


def test_new_matches_are_told_once_a_run_and_mailed_the_first_time():
    student = StudentFactory()
    for run_id in (1, 1, 2):
        stored(student, run_id)
    assert student.user.notifications.count() == 2
    assert student.user.mails.count() == 1
    assert list(student.user.notifications.order_by("pk").values_list("digest", flat=True)) == ["", "weekly"]


def test_mails_that_the_demo_made_in_its_past_wait_from_now():
    elder = UserFactory(date_joined=NOW - HOUR)
    told(elder, now=NOW - HOUR)
    told(UserFactory(date_joined=NOW + HOUR), now=NOW - 40 * DAY)
    demo_made.send(sender=None, at=NOW)
    assert {mail.created_at for mail in OutboxMail.objects.exclude(user=elder)} == {NOW}
    assert {mail.next_attempt_at for mail in OutboxMail.objects.exclude(user=elder)} == {NOW}
    assert elder.mails.get().created_at == NOW - HOUR, "a mail of somebody real keeps its date"


def test_no_new_matches_and_imported_students_are_told_nothing():
    stored(StudentFactory(), 1, new=0)
    stored(StudentFactory(user=None), 1)
    assert not Notification.objects.exists()


def test_a_cv_that_was_read_is_told_in_the_app():
    cv = CVFactory()
    for _ in range(2):
        cv_read.send(sender=None, cv_id=cv.pk)
    row = Notification.objects.get()
    assert (row.user, row.kind, row.url) == (cv.student.user, Kind.CV_READ, reverse("students:review_skills"))
    assert not OutboxMail.objects.exists()


def test_a_cv_that_could_not_be_read_is_mailed_with_the_reason():
    cv = CVFactory(status=CV.Status.FAILED, failure=CV.Failure.SCANNED, is_current=False, student__user__language="en")
    cv_read.send(sender=None, cv_id=cv.pk)
    assert "pictures of text" in OutboxMail.objects.get().text
    assert Notification.objects.get().url.startswith("/en/alta/cv")


@pytest.fixture
def application():
    return ApplicationFactory(job__title="Analista")


def move(application, status):
    event = ApplicationEvent.objects.create(application=application, status=status, at=NOW)
    for _ in range(2):
        application_moved.send(sender=None, application_id=application.pk, event_id=event.pk, is_told=True)


def test_a_new_application_is_told_to_every_recruiter_of_the_company(application):
    ours = {RecruiterFactory(company=application.job.company).user for _ in range(2)}
    RecruiterFactory()
    move(application, Application.Status.SENT)
    assert {row.user for row in Notification.objects.all()} == ours
    assert OutboxMail.objects.count() == 2


@pytest.mark.parametrize(("status", "mails"), [("seen", 0), ("interview", 1), ("accepted", 1), ("rejected", 1)])
def test_a_move_is_told_to_the_student(application, status, mails):
    move(application, status)
    row = Notification.objects.get()
    assert (row.user, row.data["status"]) == (application.student.user, status)
    assert OutboxMail.objects.count() == mails


def test_a_withdrawal_is_told_to_nobody(application):
    move(application, Application.Status.WITHDRAWN)
    assert not Notification.objects.exists()


def test_a_new_address_is_written_to_again():
    user = UserFactory()
    bury(user=user, reason="550", now=NOW)
    email_changed.send(sender=None, request=None, user=user, from_email_address=None, to_email_address=None)
    assert not DeadAddress.objects.exists()
    assert not Notification.objects.of(user).unread().exists()

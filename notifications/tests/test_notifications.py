"""What people are told: once, in their language, by mail where asked, never lost and never twice."""

from datetime import timedelta
from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected

import pytest
from django.core import mail as django_mail
from django.urls import reverse

from conftest import DAY, HOUR, NOW
from jobs.models import Application, ApplicationEvent
from jobs.signals import application_moved
from jobs.tests.factories import ApplicationFactory, RecruiterFactory
from matching.signals import matches_stored
from moirai.accounts.tests.factories import StaffFactory, UserFactory
from notifications import outbox
from notifications.models import Kind, Notification, OutboxMail
from notifications.tell import tell
from students.models import CV
from students.signals import cv_read
from students.tests.factories import CVFactory, StudentFactory

pytestmark = pytest.mark.django_db


def told(user, key="k", *, mail=True, kind=Kind.NEW_MATCHES, data=None, url="/para-ti/"):
    return tell(user=user, kind=kind, data=data or {"new": 42}, url=url, key=key, now=NOW, mail=mail)


def stored(student, run_id, new=3):
    matches_stored.send(sender=None, student_id=student.pk, run_id=run_id, new=new)


def test_telling_twice_makes_one_row_and_one_mail():
    user = UserFactory()
    told(user)
    told(user)
    assert Notification.objects.count() == OutboxMail.objects.count() == 1


def test_a_mail_speaks_its_readers_language_and_leads_to_the_site(settings):
    settings.SITE_URL = "https://moirai.example"
    told(UserFactory(language="en", full_name="Ana <b>Cruz"))
    row = OutboxMail.objects.get()
    assert row.subject == "42 new postings share threads with your CV"
    assert "https://moirai.example/para-ti/" in row.text
    assert "Ana" in row.text
    assert "<b>Cruz" not in row.html
    assert "style=" not in row.html


# --- The outbox ------------------------------------------------------------------------------------------------------


def test_a_waiting_mail_is_sent_once(mailoutbox):
    user = UserFactory()
    told(user)
    assert [outbox.send_waiting(now=NOW), outbox.send_waiting(now=NOW + HOUR)] == [1, 0]
    (message,) = mailoutbox
    assert message.to == [user.email]
    assert OutboxMail.objects.get().status == OutboxMail.Status.SENT


def test_a_mail_that_somebody_else_claimed_is_left_alone(mailoutbox):
    told(UserFactory())
    OutboxMail.objects.update(status=OutboxMail.Status.SENDING)
    assert not outbox.send(mail_id=OutboxMail.objects.get().pk, now=NOW)
    assert not mailoutbox


def test_a_mail_server_that_is_down_costs_a_pause_and_never_a_mail(monkeypatch, mailoutbox):
    told(UserFactory())
    send = django_mail.EmailMultiAlternatives.send
    monkeypatch.setattr("notifications.outbox.EmailMultiAlternatives.send", _raise(ConnectionRefusedError("down")))
    at = NOW
    for attempt in range(1, 12):
        assert outbox.send_waiting(now=at) == 0
        row = OutboxMail.objects.get()
        assert (row.status, row.attempts) == (OutboxMail.Status.WAITING, attempt)
        assert at < row.next_attempt_at <= at + HOUR
        at = row.next_attempt_at
    monkeypatch.setattr("notifications.outbox.EmailMultiAlternatives.send", send)
    assert outbox.send_waiting(now=at) == 1
    assert len(mailoutbox) == 1


def test_a_pause_is_kept(monkeypatch):
    told(UserFactory())
    monkeypatch.setattr("notifications.outbox.EmailMultiAlternatives.send", _raise(SMTPServerDisconnected("gone")))
    outbox.send_waiting(now=NOW)
    outbox.send_waiting(now=NOW + timedelta(seconds=5))
    assert OutboxMail.objects.get().attempts == 1


def test_an_address_that_the_server_refuses_is_final(monkeypatch):
    told(UserFactory())
    refusal = SMTPRecipientsRefused({"a@x": (550, b"no such user")})
    monkeypatch.setattr("notifications.outbox.EmailMultiAlternatives.send", _raise(refusal))
    outbox.send_waiting(now=NOW)
    row = OutboxMail.objects.get()
    assert row.status == OutboxMail.Status.FAILED
    assert "550" in row.error


def test_a_mail_whose_worker_died_is_not_sent_again_by_itself(mailoutbox):
    told(UserFactory())
    OutboxMail.objects.update(status=OutboxMail.Status.SENDING, next_attempt_at=NOW)
    outbox.send_waiting(now=NOW + DAY)
    assert OutboxMail.objects.get().status == OutboxMail.Status.FAILED
    assert not mailoutbox


def _raise(error):
    def send(*_args, **_kwargs):
        raise error

    return send


# --- Signals ---------------------------------------------------------------------------------------------------------


def test_new_matches_are_told_once_a_run_and_mailed_the_first_time():
    student = StudentFactory()
    for run_id in (1, 1, 2):
        stored(student, run_id)
    assert student.user.notifications.count() == 2
    assert student.user.mails.count() == 1


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
        application_moved.send(sender=None, application_id=application.pk, event_id=event.pk)


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


# --- Pages -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def reader(client):
    user = UserFactory()
    client.force_login(user)
    return user


def test_the_list_costs_the_same_queries_at_any_length(client, reader, django_assert_max_num_queries):
    told(reader, "first", mail=False)
    client.get(reverse("notifications:list"))
    for number in range(45):
        told(reader, f"k{number}", mail=False)
    with django_assert_max_num_queries(5):
        page = client.get(reverse("notifications:list"))
    assert "?page=2" in page.content.decode()


@pytest.mark.parametrize("language", ["", "/en"])
def test_an_empty_list_says_what_will_come(client, reader, language):
    assert 'class="empty"' in client.get(language + reverse("notifications:list")).content.decode()


@pytest.mark.parametrize("page", ["0", "999", "x", "\ud7ff", "9" * 40])
def test_pages_that_are_not_there_show_one_that_is(client, reader, page):
    told(reader, mail=False)
    assert client.get(reverse("notifications:list"), {"page": page}).status_code == 200


def test_opening_marks_read_and_leads_on(client, reader):
    row = told(reader, mail=False)
    assert client.post(reverse("notifications:open", args=[row.pk]))["Location"] == "/para-ti/"
    assert Notification.objects.get().read_at


def test_a_foreign_address_in_a_row_leads_nowhere(client, reader):
    row = told(reader, mail=False, url="https://evil.example/")
    assert client.get(reverse("notifications:open", args=[row.pk]))["Location"] == reverse("notifications:list")


def test_other_peoples_notifications_are_not_there(client, reader):
    row = told(UserFactory(), mail=False)
    assert client.get(reverse("notifications:open", args=[row.pk])).status_code == 404
    client.post(reverse("notifications:read_all"))
    assert Notification.objects.get().read_at is None


def test_all_are_marked_read_by_post_only(client, reader):
    told(reader, mail=False)
    assert client.get(reverse("notifications:read_all")).status_code == 405
    client.post(reverse("notifications:read_all"))
    assert Notification.objects.get().read_at


def test_the_bell_counts_what_is_unread(client, reader):
    for number in range(3):
        told(reader, f"k{number}", mail=False)
    assert '<span class="count" aria-hidden="true">3</span>' in client.get(reverse("help")).content.decode()


@pytest.mark.parametrize("kind", [*Kind.values, "gone"])
@pytest.mark.parametrize("data", [{}, {"new": 1, "skills": 1, "failure": "x", "status": "?", "job": "<i>"}])
def test_rows_of_any_age_can_be_shown(client, reader, kind, data):
    told(reader, mail=False, kind=kind, data=data)
    page = client.get(reverse("notifications:list")).content.decode()
    assert "<i>" not in page
    assert 'class="unread"' in page


@pytest.mark.parametrize("model", ["notification", "outboxmail"])
def test_the_admin_lists_with_a_constant_number_of_queries(client, model, django_assert_max_num_queries):
    client.force_login(StaffFactory())
    for number in range(12):
        told(UserFactory(), f"k{number}")
    client.get("/admin/")
    with django_assert_max_num_queries(5):
        assert client.get(reverse(f"admin:notifications_{model}_changelist") + "?q=person").status_code == 200


def test_staff_send_a_failed_mail_again(client):
    client.force_login(StaffFactory())
    told(UserFactory())
    OutboxMail.objects.update(status=OutboxMail.Status.FAILED)
    row = OutboxMail.objects.get()
    action = {"action": "send_again", "_selected_action": [row.pk]}
    client.post(reverse("admin:notifications_outboxmail_changelist"), action)
    assert OutboxMail.objects.get().status == OutboxMail.Status.WAITING


def test_healthz_says_since_when_mails_wait(client, time_machine):
    time_machine.move_to(NOW + HOUR, tick=False)
    told(UserFactory())
    assert client.get("/healthz").json()["oldest_waiting_seconds"] >= 3600

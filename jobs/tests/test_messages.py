from datetime import timedelta

import pytest
from django.urls import reverse

from conftest import DAY, HOUR, NOW
from jobs import messages
from jobs.models import Application, Message, Side
from jobs.signals import message_sent
from jobs.tests.factories import ApplicationFactory, MessageFactory, RecruiterFactory
from moirai.accounts.tests.factories import StaffFactory
from students.tests.factories import StudentFactory

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _at_noon(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def application():
    return ApplicationFactory()


@pytest.fixture
def recruiter(application):
    return RecruiterFactory(company=application.job.company)


def address(application):
    return reverse("jobs:write", args=[application.public_id])


def test_both_sides_write_and_read_in_the_order_of_writing(client, application, recruiter, time_machine):
    client.force_login(recruiter.user)
    answer = client.post(address(application), {"body": "¿Puedes el jueves?"})
    assert answer["Location"] == reverse("matching:candidate", args=[application.public_id])
    time_machine.move_to(NOW + HOUR, tick=False)
    client.force_login(application.student.user)
    answer = client.post(address(application), {"body": "Sí, a las diez."})
    assert answer["Location"] == application.get_absolute_url()
    text = client.get(application.get_absolute_url()).content.decode()
    assert text.index("¿Puedes el jueves?") < text.index("Sí, a las diez.")
    assert [(m.side, m.author) for m in Message.objects.order_by("at")] == [
        ("company", recruiter.user),
        ("student", application.student.user),
    ]


def test_what_a_company_writes_is_an_answer(application, recruiter):
    messages.send_message(application=application, side=Side.COMPANY, author=recruiter.user, body="Hola", now=NOW)
    assert Application.objects.get().status == "in_review"
    assert application.events.get().status == "in_review"


def test_what_a_student_writes_moves_nothing(application):
    author = application.student.user
    messages.send_message(application=application, side=Side.STUDENT, author=author, body="Hola", now=NOW)
    assert Application.objects.get().status == "sent"


def test_a_message_clicked_twice_is_sent_once_and_told_once(client, application):
    heard = []

    def hear(message_id, **_):
        heard.append(message_id)

    message_sent.connect(hear)
    try:
        client.force_login(application.student.user)
        for _click in range(2):
            client.post(address(application), {"body": "Hola"})
    finally:
        message_sent.disconnect(hear)
    assert heard == [Message.objects.get().pk]


def test_the_same_words_on_another_day_are_another_message(application):
    write = {
        "application": application,
        "side": Side.STUDENT,
        "author": application.student.user,
        "body": "¿Novedades?",
    }
    messages.send_message(now=NOW, **write)
    messages.send_message(now=NOW + DAY, **write)
    assert Message.objects.count() == 2


@pytest.mark.parametrize("status", ["accepted", "rejected", "no_answer"])
def test_an_ended_application_is_read_only(client, status, recruiter, application):
    MessageFactory(application=application, body="Antes")
    Application.objects.update(status=status)
    for user in (application.student.user, recruiter.user):
        client.force_login(user)
        page = client.post(address(application), {"body": "Hola"}, follow=True)
        assert "Esta postulación ha terminado" in page.content.decode() or page.status_code == 200
    assert Message.objects.get().body == "Antes"


def test_the_twenty_first_message_of_a_day_waits_and_keeps_its_words(client, application):
    for number in range(messages.A_DAY):
        MessageFactory(application=application, side="student", body=str(number), at=NOW - number * MINUTE)
    client.force_login(application.student.user)
    answer = client.post(address(application), {"body": "Una más"})
    assert answer.status_code == 422
    assert "Una más" in answer.content.decode()
    assert Message.objects.count() == messages.A_DAY


@pytest.mark.parametrize("body", ["", "   ", "x" * 2001, "a\x00b"])
def test_what_cannot_be_sent_says_so(client, application, body):
    client.force_login(application.student.user)
    assert client.post(address(application), {"body": body}).status_code in (400, 422)
    assert not Message.objects.exists()


def test_nobody_else_writes_or_reads(client, application):
    others = [StudentFactory().user, RecruiterFactory().user]
    for user in others:
        client.force_login(user)
        assert client.post(address(application), {"body": "Hola"}).status_code == 404
    client.force_login(StaffFactory())
    assert client.get(address(application)).status_code == 403
    assert not Message.objects.exists()


def test_a_withdrawn_application_is_closed_to_the_company(client, application, recruiter):
    Application.objects.update(status="withdrawn")
    client.force_login(recruiter.user)
    assert client.post(address(application), {"body": "Hola"}).status_code == 404


def test_opening_the_page_reads_what_the_other_side_wrote(client, application):
    MessageFactory(application=application, side="company")
    MessageFactory(application=application, side="student")
    client.force_login(application.student.user)
    assert "1 mensaje nuevo" in client.get(reverse("jobs:applications")).content.decode()
    client.get(application.get_absolute_url())
    assert Message.objects.get(side="company").read_at == NOW
    assert Message.objects.get(side="student").read_at is None


def test_what_is_stored_is_not_the_text():
    from django.db import connection

    MessageFactory(body="Palabra secreta")
    with connection.cursor() as cursor:
        cursor.execute("SELECT body FROM jobs_message")
        (stored,) = cursor.fetchone()
    assert "secreta" not in stored
    assert Message.objects.get().body == "Palabra secreta"

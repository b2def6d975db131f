"""The survey of graduates: opened, told once, reminded once, answered by link, corrected, closed, forgotten."""

import csv
import io
from datetime import date, timedelta

import pytest
import time_machine
from django.db import connection
from django.urls import reverse

from conftest import DAY, NOW
from moirai.accounts.tests.factories import StaffFactory
from notifications.models import Kind, Notification, OutboxMail
from notifications.preferences import choose
from students.models import OutcomeAnswer, OutcomeSurvey
from students.personal import expire, export
from students.survey import row_of, tell_graduates, token_of
from students.tests.factories import StudentFactory

pytestmark = pytest.mark.django_db
COHORT = {"degree_program": "Derecho", "graduation_year": 2025}
FORM = {**COHORT, "remind_on": "2026-11-16", "closes_on": "2026-11-30"}
ANSWER = {"is_working": "yes", "is_studying": "no", "through_moirai": "yes", "months_to_job": "3", "place": "Juzgado 5"}


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def office(client):
    client.force_login(StaffFactory())
    return client


@pytest.fixture
def graduate():
    return StudentFactory(**COHORT)


@pytest.fixture
def row(graduate):
    survey = OutcomeSurvey.objects.create(
        **COHORT, remind_on=date(2026, 11, 16), closes_on=date(2026, 11, 30), created_at=NOW
    )
    return OutcomeAnswer.objects.create(survey=survey, student=graduate)


def send(client, row, **answer):
    return client.post(reverse("students:outcome", args=[token_of(row)]), answer)


def test_opening_a_survey_asks_everybody_of_the_cohort_who_can_be_asked(office, graduate):
    StudentFactory(**COHORT, user__is_active=False)
    StudentFactory(**COHORT, user=None)
    StudentFactory(**COHORT, restricted_since=NOW)
    StudentFactory(degree_program="Derecho", graduation_year=2024)
    response = office.post(reverse("students:surveys"), FORM)
    survey = OutcomeSurvey.objects.get()
    assert response["Location"] == reverse("students:survey", args=[survey.public_id])
    assert [answer.student for answer in survey.answers.all()] == [graduate]
    again = office.post(reverse("students:surveys"), FORM)
    assert again.status_code == 422
    assert OutcomeSurvey.objects.count() == 1
    assert office.get(response["Location"]).status_code == 200


@pytest.mark.parametrize(
    "change",
    [
        {"closes_on": "2026-11-02"},
        {"closes_on": "2030-01-01"},
        {"closes_on": ""},
        {"remind_on": "2026-12-01"},
        {"graduation_year": "2024"},
        {"degree_program": "x" * 300},
    ],
)
def test_a_survey_that_makes_no_sense_is_refused(office, graduate, change):
    assert office.post(reverse("students:surveys"), FORM | change).status_code == 422
    assert not OutcomeSurvey.objects.exists()


def test_everybody_is_told_once_and_who_is_silent_is_reminded_once(client, clock, row):
    busy = OutcomeAnswer.objects.create(survey=row.survey, student=StudentFactory(**COHORT))
    assert [tell_graduates(now=NOW), tell_graduates(now=NOW + DAY)] == [2, 0]
    send(client, busy, **ANSWER)
    later = NOW + 14 * DAY
    clock.move_to(later)
    assert [tell_graduates(now=later), tell_graduates(now=later + DAY)] == [1, 0]
    user = row.student.user
    told = Notification.objects.filter(user=user, kind=Kind.OUTCOME_SURVEY).order_by("pk")
    assert [notice.url for notice in told] == [reverse("students:my_survey")] * 2
    mails = list(OutboxMail.objects.filter(user=user).order_by("pk"))
    assert len(mails) == 2
    assert all(token_of(row) in mail.text and mail.unsubscribe_url for mail in mails)
    assert Notification.objects.filter(user=busy.student.user).count() == 1


def test_who_wants_no_surveys_is_not_told(row):
    choose(user=row.student.user, channels={Kind.OUTCOME_SURVEY: "never"})
    tell_graduates(now=NOW)
    assert not Notification.objects.exists()
    assert not OutboxMail.objects.exists()


def test_the_link_answers_without_a_sign_in_and_shows_no_answer(client, row):
    url = reverse("students:outcome", args=[token_of(row)])
    assert client.get(url).status_code == 200
    assert send(client, row, **ANSWER)["Location"] == url
    row.refresh_from_db()
    assert (row.status, row.is_working, row.is_studying, row.through_moirai) == ("answered", True, False, True)
    assert (row.months_to_job, row.place, row.answered_at) == (3, "Juzgado 5", NOW)
    assert "Juzgado 5" not in client.get(url).content.decode()
    with connection.cursor() as cursor:
        cursor.execute("SELECT place FROM students_outcomeanswer")
        assert "Juzgado" not in cursor.fetchone()[0]


def test_the_person_reads_and_corrects_the_answer_until_the_survey_closes(client, clock, row):
    send(client, row, **ANSWER)
    client.force_login(row.student.user)
    page = client.get(reverse("students:my_survey"), follow=True)
    assert "Juzgado 5" in page.content.decode()
    send(client, row, **ANSWER | {"is_working": "no", "through_moirai": "", "is_studying": "yes", "place": ""})
    row.refresh_from_db()
    assert (row.is_working, row.is_studying, row.through_moirai, row.place) == (False, True, None, "")
    clock.move_to(NOW + 29 * DAY)  # after the last day in Mexico City
    assert client.get(reverse("students:outcome", args=[token_of(row)])).status_code == 410
    assert send(client, row, **ANSWER).status_code == 410
    client.force_login(row.student.user)
    assert client.get(reverse("students:my_survey")).status_code == 404
    row.refresh_from_db()
    assert row.is_working is False


def test_declining_deletes_what_was_answered(client, row):
    send(client, row, **ANSWER)
    send(client, row, decline="1")
    row.refresh_from_db()
    assert (row.status, row.is_working, row.months_to_job, row.place) == ("declined", None, None, "")


@pytest.mark.parametrize(
    "change",
    [
        {"is_working": ""},
        {"is_studying": "vielleicht"},
        {"is_working": "no"},  # and found through Moirai
        {"months_to_job": "-1"},
        {"months_to_job": "9" * 30},
        {"place": "x" * 201},
    ],
)
def test_a_wrong_answer_keeps_what_was_typed_and_stores_nothing(client, row, change):
    response = send(client, row, **ANSWER | change)
    assert response.status_code == 422
    assert 'role="alert"' in response.content.decode()
    row.refresh_from_db()
    assert row.status == "asked"


def test_a_forged_link_opens_nothing(client, row):
    for token in ("nada", f"{row.public_id}:nada", f"{token_of(row)}x", "x" * 5000):
        assert client.get(reverse("students:outcome", args=[token])).status_code == 404
    assert row_of(token_of(row)) == row


def test_the_file_has_pseudonyms_and_nothing_before_ten_have_answered(office, row):
    url = reverse("students:survey_file", args=[row.survey.public_id])
    said = {"status": "answered", "answered_at": NOW, "is_working": True, "is_studying": False, "place": "Juzgado 5"}
    for number in range(10):
        assert office.get(url).status_code == 404, number
        OutcomeAnswer.objects.create(survey=row.survey, student=StudentFactory(**COHORT), months_to_job=number, **said)
    text = b"".join(office.get(url)).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert len(rows) == 11
    assert {row[-1] for row in rows[1:]} == {str(number) for number in range(10)}
    assert "Juzgado" not in text
    assert not any(answer.student.public_id in text for answer in OutcomeAnswer.objects.select_related("student"))


def test_the_person_takes_the_answer_along_and_it_ends_with_survey_or_person(client, row):
    send(client, row, **ANSWER)
    (said,) = export(row.student.user)["surveys_of_graduates"]
    assert (said["place"], said["is_working"], said["survey__graduation_year"]) == ("Juzgado 5", True, 2025)
    assert expire(NOW + timedelta(days=28 + 1824)) == 0
    assert expire(NOW + timedelta(days=28 + 1825)) > 0
    assert not OutcomeSurvey.objects.exists()

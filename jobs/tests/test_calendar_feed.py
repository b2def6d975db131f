"""The calendar feed: one secret address a person, with that person's dates and nobody else's."""

import re

import pytest
from django.db import connection
from django.urls import reverse

from conftest import DAY, NOW
from jobs.calendar_feed import make_feed
from jobs.grants import revoke
from jobs.models import CalendarFeed, Company, Interview, Job, SavedJob
from jobs.personal import export
from jobs.tests.factories import ApplicationFactory, InterviewFactory, JobFactory, RecruiterFactory
from moirai.accounts.models import User
from moirai.accounts.tests.factories import StaffFactory, UserFactory
from students.tests.factories import StudentFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def now(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def recruiter():
    return RecruiterFactory()


@pytest.fixture
def student():
    return StudentFactory(user=UserFactory(full_name="Ana Cruz"))


@pytest.fixture
def interview(student, recruiter):
    job = JobFactory(company=recruiter.company, title="Analista; datos, y más")
    application = ApplicationFactory(student=student, job=job, status="interview")
    return InterviewFactory(application=application, status="agreed", starts_at=NOW + 2 * DAY)


def feed(client, user):
    secret = make_feed(user=user, now=NOW)
    return client.get(reverse("calendar_feed", args=[secret]))


def unfolded(response):
    return response.content.decode().replace("\r\n ", "")


def test_a_student_reads_interviews_and_when_saved_postings_close(client, student, interview):
    saved = JobFactory(title="Becaria", closes_at=NOW + 5 * DAY)
    for job in (saved, JobFactory(title="Cerrada", closes_at=NOW), JobFactory(title="Borrador", status="draft")):
        SavedJob.objects.create(student=student, job=job, created_at=NOW)
    response = feed(client, student.user)
    text = unfolded(response)
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert response["Cache-Control"] == "private, no-store"
    assert text.count("BEGIN:VEVENT") == text.count("END:VEVENT") == 2
    assert "DTSTART:20261104T120000Z" in text
    assert "DTSTART:20261107T120000Z" in text
    assert r"Analista\; datos\, y más" in text
    assert interview.place.replace(",", r"\,") in text
    assert "Becaria" in text
    assert all(len(line) <= 75 for line in response.content.split(b"\r\n"))


def test_a_recruiter_reads_the_interviews_of_the_company_alone(client, recruiter, interview):
    InterviewFactory(application__status="interview", status="agreed", starts_at=NOW + DAY)
    text = unfolded(feed(client, recruiter.user))
    assert text.count("BEGIN:VEVENT") == 1
    assert "Ana Cruz" in text
    assert interview.public_id in text


def test_proposed_and_old_interviews_are_left_out_and_cancelled_ones_struck_out(client, student, interview):
    application = interview.application
    Interview.objects.filter(pk=interview.pk).cancel(at=NOW)
    InterviewFactory(application=application, status="proposed", starts_at=None)
    old = ApplicationFactory(student=student, status="interview")
    InterviewFactory(application=old, status="agreed", starts_at=NOW - 61 * DAY)
    text = unfolded(feed(client, student.user))
    assert text.count("BEGIN:VEVENT") == 1
    assert "STATUS:CANCELLED" in text


@pytest.mark.parametrize("change", ["revoked", "restricted", "suspended", "blind"])
def test_what_is_closed_to_a_company_leaves_its_calendar(client, recruiter, interview, student, change):
    if change == "revoked":
        from jobs.grants import grant

        grant(student=student, company=recruiter.company, now=NOW, source="application")
        revoke(student=student, company=recruiter.company, actor=student.user, now=NOW)
    elif change == "restricted":
        student.restricted_since = NOW
        student.save()
    elif change == "suspended":
        Company.objects.update(status="suspended")
    else:
        Job.objects.update(is_blind=True)
    text = unfolded(feed(client, recruiter.user))
    assert "Ana Cruz" not in text
    assert "Cruz" not in text


def test_only_the_newest_address_of_an_open_account_opens(client, student, interview):
    first = make_feed(user=student.user, now=NOW)
    second = make_feed(user=student.user, now=NOW)
    assert client.get(reverse("calendar_feed", args=[first])).status_code == 404
    assert client.get(reverse("calendar_feed", args=[second])).status_code == 200
    User.objects.filter(pk=student.user_id).update(is_active=False)
    assert client.get(reverse("calendar_feed", args=[second])).status_code == 404
    for forged in ("x", "é", second[:-1], second.swapcase()):
        assert client.get(reverse("calendar_feed", args=[forged])).status_code == 404


def test_the_address_is_shown_once_stored_nowhere_and_taken_back(client, student):
    client.force_login(student.user)
    page = reverse("jobs:calendar")
    secret = re.search(r"/calendario/([\w-]{43})\.ics", client.post(page).content.decode())[1]
    assert secret not in client.get(page).content.decode()
    with connection.cursor() as cursor:
        cursor.execute("SELECT hash FROM jobs_calendarfeed")
        assert secret not in cursor.fetchone()[0]
    assert export(student.user)["calendar_feed_since"] == NOW
    assert client.post(page, {"remove": "1"}).status_code == 302
    assert not CalendarFeed.objects.exists()
    assert client.get(reverse("calendar_feed", args=[secret])).status_code == 404


def test_staff_have_no_calendar(client):
    client.force_login(StaffFactory())
    assert client.post(reverse("jobs:calendar")).status_code == 403


def test_the_feed_asks_for_the_same_rows_whatever_their_number(client, student, django_assert_max_num_queries):
    for _more in range(6):
        application = ApplicationFactory(student=student, status="interview")
        InterviewFactory(application=application, status="agreed", starts_at=NOW + DAY)
        SavedJob.objects.create(student=student, job=application.job, created_at=NOW)
    secret = make_feed(user=student.user, now=NOW)
    with django_assert_max_num_queries(3):
        response = client.get(reverse("calendar_feed", args=[secret]))
    assert unfolded(response).count("BEGIN:VEVENT") == 12

"""Somebody reports a posting."""

import pytest
from django.urls import reverse

from conftest import DAY, NOW
from jobs.models import Report
from jobs.tests.addresses import english
from jobs.tests.factories import JobFactory, RecruiterFactory
from jobs.views.reports import MOST_A_DAY
from students.tests.factories import StudentFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def student(client, time_machine):
    time_machine.move_to(NOW, tick=False)
    student = StudentFactory()
    client.force_login(student.user)
    return student


def test_a_report_is_kept_once(client, student):
    recruiter = RecruiterFactory()
    job = JobFactory(company=recruiter.company)
    page = client.get(english("jobs:job", job.public_id, job.slug)).content.decode()
    assert english("jobs:report_job", job.public_id) in page
    for _ in range(2):
        answer = client.post(english("jobs:report_job", job.public_id), {"reason": "money", "note": "Piden $500"})
        assert answer.status_code == 302
    report = Report.objects.get()
    assert (report.reporter, report.reason, report.note, report.created_at) == (
        student.user,
        "money",
        "Piden $500",
        NOW,
    )


@pytest.mark.parametrize("data", [{}, {"reason": "evil"}, {"reason": "money", "note": "x" * 2001}])
def test_a_wrong_report_is_said_at_its_field(client, student, data):
    job = JobFactory()
    answer = client.post(english("jobs:report_job", job.public_id), data)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    assert not Report.objects.exists()


def test_what_is_not_public_is_not_reported(client, student):
    hidden = [JobFactory(status="draft"), JobFactory(status="in_review"), JobFactory(company__status="suspended")]
    hidden.append(JobFactory(published_at=NOW + DAY))
    for job in hidden:
        for send in (client.get, client.post):
            assert send(reverse("jobs:report_job", args=[job.public_id])).status_code == 404
    assert client.get(reverse("jobs:report_job", args=["2222222222"])).status_code == 404
    assert client.get(reverse("jobs:report_job", args=[JobFactory(status="closed").public_id])).status_code == 200


def test_visitors_sign_in_first(client):
    job = JobFactory()
    assert reverse("account_login") in client.get(reverse("jobs:report_job", args=[job.public_id]))["Location"]
    assert "report" not in client.get(english("jobs:job", job.public_id, job.slug)).content.decode().lower()


def test_one_person_sends_so_many_reports_a_day(client, student):
    for _ in range(MOST_A_DAY):
        Report.objects.create(job=JobFactory(), reporter=student.user, reason="fake", created_at=NOW)
    job = JobFactory()
    client.post(reverse("jobs:report_job", args=[job.public_id]), {"reason": "fake"})
    assert Report.objects.count() == MOST_A_DAY

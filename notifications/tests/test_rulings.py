"""Decisions of the careers office, told to those whom they touch."""

import pytest
from django.urls import reverse

from conftest import NOW
from jobs import moderation
from jobs.moderation import Step
from jobs.report import report_job
from jobs.tests.factories import ApplicationFactory, JobFactory, RecruiterFactory
from moirai.accounts.tests.factories import StaffFactory
from notifications.models import Notification
from students.tests.factories import StudentFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def student(client, time_machine):
    time_machine.move_to(NOW, tick=False)
    student = StudentFactory()
    client.force_login(student.user)
    return student


def test_a_report_reaches_staff_without_its_words(student):
    staff = StaffFactory()
    report_job(job=JobFactory(), reporter=student.user, reason="money", note="Piden $500", now=NOW)
    notice = Notification.objects.get()
    assert notice.user == staff
    assert "Piden" not in str(notice.data)


def test_applicants_are_told_of_a_warning_and_of_a_suspension(client, student):
    staff, job = StaffFactory(), JobFactory()
    application = ApplicationFactory(student=student, job=job)
    ApplicationFactory(job=job, status="withdrawn")
    moderation.judge_reports(job=job, step=Step.WARNED, actor=staff, comment="No pagues nada.", now=NOW)
    moderation.judge_company(company=job.company, step=Step.SUSPENDED, actor=staff, comment="Fraude", now=NOW)
    told = Notification.objects.exclude(user=staff).order_by("pk")
    assert {notice.user for notice in told} == {student.user}
    assert [notice.data["status"] for notice in told] == ["warned", "suspended"]
    assert {notice.url for notice in told} == {reverse("jobs:application", args=[application.public_id])}
    text = client.get(reverse("notifications:list")).content.decode()
    assert "No pagues nada." in text
    assert "Fraude" not in text


@pytest.mark.parametrize(
    ("step", "status"), [(Step.PUBLISHED, "published"), (Step.RETURNED, "returned"), (Step.REFUSED, "declined")]
)
def test_the_company_is_told_what_became_of_its_posting(client, student, step, status):
    recruiter = RecruiterFactory()
    job = JobFactory(company=recruiter.company, status="in_review", published_at=None, closes_at=None)
    moderation.judge_job(job=job, step=step, actor=StaffFactory(), comment="Por esto.", now=NOW)
    notice = Notification.objects.get(user=recruiter.user)
    assert notice.data == {"job": job.title, "status": status, "note": "Por esto."}
    client.force_login(recruiter.user)
    assert client.get(notice.url).status_code == 200

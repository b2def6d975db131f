"""Applicants as a file: what the company may read, nobody else, and a look at each."""

from __future__ import annotations

import csv
import io

import pytest
import time_machine
from django.urls import reverse

from conftest import NOW
from jobs.models import Application
from jobs.tests.factories import ApplicationFactory, CompanyFactory, JobFactory, RecruiterFactory
from moirai.accounts.models import AuditEvent

pytestmark = pytest.mark.django_db


@pytest.fixture
def recruiter(client):
    row = RecruiterFactory()
    client.force_login(row.user)
    return row


def download(client, job):
    with time_machine.travel(NOW, tick=False):
        return client.post(reverse("jobs:applicants_file", args=[job.public_id]))


def rows_of(answer):
    return list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))[1:]


def apply(job, name="Ana Ríos", **values):
    return ApplicationFactory(
        job=job, student__user__full_name=name, student__user__email="ana@x.example", student__phone="55", **values
    )


def test_the_company_reads_what_its_pages_show_and_each_person_reads_of_it(client, recruiter):
    job = JobFactory(company=recruiter.company)
    application = apply(job, message="=Hola", shares_phone=True)
    ((name, status, _, degree, semester, _, email, phone, message),) = rows_of(download(client, job))
    assert (name, status, degree, semester) == ("Ana Ríos", "vista", "Ingeniería en Sistemas", "8")
    assert (email, phone, message) == ("ana@x.example", "55", "'=Hola")
    look = AuditEvent.objects.get()
    assert (look.action, look.subject) == ("applicant_opened", application.student.public_id)
    assert look.on_behalf_of == recruiter.company.name
    application.refresh_from_db()
    assert application.status == Application.Status.SEEN


def test_a_phone_that_was_not_shared_stays_away(client, recruiter):
    job = JobFactory(company=recruiter.company)
    apply(job)
    assert rows_of(download(client, job))[0][7] == ""


def test_a_blind_review_stays_blind(client, recruiter):
    job = JobFactory(company=recruiter.company, is_blind=True)
    application = apply(job, message="Soy Ana Ríos.", shares_phone=True)
    (row,) = rows_of(download(client, job))
    assert row[0] == application.student.alias
    assert not {"Ana", "ana@x.example", "55"} & set(" ".join(row).replace(".", " ").split())
    assert "Ríos" not in " ".join(row)


def test_withdrawn_applications_and_restricted_people_are_absent(client, recruiter):
    job = JobFactory(company=recruiter.company)
    ApplicationFactory(job=job, status=Application.Status.WITHDRAWN)
    ApplicationFactory(job=job, student__restricted_since=NOW)
    assert rows_of(download(client, job)) == []
    assert not AuditEvent.objects.exists()


def test_other_companies_and_unverified_ones_find_nothing(client, recruiter):
    other = JobFactory()
    apply(other)
    assert download(client, other).status_code == 404
    mine = JobFactory(company=CompanyFactory(status="pending"))
    client.force_login(RecruiterFactory(company=mine.company).user)
    assert download(client, mine).status_code == 404
    with time_machine.travel(NOW, tick=False):
        assert client.get(reverse("jobs:applicants_file", args=[mine.public_id])).status_code == 405
    assert not AuditEvent.objects.exists()

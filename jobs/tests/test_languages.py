"""Every page in both languages; each says something of its own."""

import pytest

from conftest import NOW
from jobs.tests.addresses import english, spanish
from jobs.tests.factories import ApplicationFactory, JobFactory, RecruiterFactory
from students.tests.factories import CVFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(time_machine):
    time_machine.move_to(NOW, tick=False)
    recruiter = RecruiterFactory()
    job = JobFactory(company=recruiter.company, skills=["python"], requirements="Python", pay_from=9000)
    student = CVFactory().student
    application = ApplicationFactory(student=student, job=JobFactory(company=recruiter.company))
    application.events.create(status="sent", at=NOW)
    return {"recruiter": recruiter.user, "student": student.user, "job": job, "application": application}


PAGES = {
    "job_list": (None, None),
    "job": (None, "address"),
    "company": (None, "company"),
    "applications": ("student", None),
    "application": ("student", "application"),
    "withdraw": ("student", "application"),
    "apply": ("student", "job"),
    "company_home": ("recruiter", None),
    "new_job": ("recruiter", None),
    "edit_job": ("recruiter", "job"),
    "job_skills": ("recruiter", "job"),
    "review_job": ("recruiter", "job"),
    "close_job": ("recruiter", "job"),
    "move_application": ("recruiter", "application"),
}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_opens_in_spanish_and_in_english(client, people, name):
    who, what = PAGES[name]
    if who:
        client.force_login(people[who])
    job = people["job"]
    arguments = {
        None: [], "address": [job.public_id, job.slug], "company": [job.company.slug],
        "job": [job.public_id], "application": [people["application"].public_id],
    }[what]  # fmt: skip
    for address, language in ((spanish, "es-mx"), (english, "en")):
        answer = client.get(address(f"jobs:{name}", *arguments))
        text = answer.content.decode()
        assert answer.status_code == 200
        assert f'<html lang="{language}"' in text
        assert text.count("<h1") == 1
        assert "style=" not in text
        assert "onclick" not in text

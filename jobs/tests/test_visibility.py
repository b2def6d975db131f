"""What is not open is nobody's business but the company's and the office's."""

import pytest
import time_machine
from django.urls import reverse

from conftest import DAY, NOW
from jobs.models import Company, Job
from jobs.searchable import describe
from jobs.tests.factories import CompanyFactory, JobFactory, RecruiterFactory
from moirai.accounts.tests.factories import StaffFactory
from students.tests.factories import StudentFactory

pytestmark = pytest.mark.django_db

HIDDEN = {
    "a draft": {"status": "draft", "published_at": None, "closes_at": None},
    "one in review": {"status": "in_review", "published_at": None, "closes_at": None},
    "one in review again": {"status": "in_review"},
    "one returned": {"status": "returned", "published_at": None, "closes_at": None},
    "one declined": {"status": "declined"},
    "a draft that was thrown away": {"status": "closed", "published_at": None, "closes_at": None},
    "one published tomorrow": {"published_at": NOW + DAY},
}
SUSPENDED = [status for status in Company.Status if status != Company.Status.VERIFIED]


@pytest.fixture(autouse=True)
def _at_noon():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture(params=[*HIDDEN, *SUSPENDED])
def hidden(request):
    fields = HIDDEN.get(request.param, {"company__status": request.param})
    return searchable(JobFactory(title="Secreto industrial", **fields))


def searchable(job):
    describe(job)
    job.save()
    return job


def test_a_hidden_posting_is_on_no_public_page(client, hidden):
    JobFactory(company__name="Otra empresa")
    assert client.get(hidden.get_absolute_url()).status_code == 404
    for address in (reverse("jobs:job_list"), reverse("jobs:job_list") + "?q=secreto+industrial"):
        assert hidden.public_id not in client.get(address).content.decode()
    answer = client.get(reverse("jobs:company", args=[hidden.company.slug]))
    assert hidden.public_id not in answer.content.decode()


@pytest.mark.parametrize("address", ["/vacantes/feed/", "/vacantes/feed/?q=secreto", "/sitemap-postings.xml"])
def test_a_hidden_posting_is_in_nothing_that_robots_read(client, hidden, address):
    shown = searchable(JobFactory(title="Secreto a voces"))
    text = client.get(address).content.decode()
    assert shown.public_id in text
    assert hidden.public_id not in text
    if not hidden.company.is_verified:
        assert f"/empresas/{hidden.company.slug}/" not in client.get("/sitemap-companies.xml").content.decode()


def test_students_and_other_recruiters_find_no_hidden_posting(client, hidden):
    for user in (StudentFactory().user, RecruiterFactory().user):
        client.force_login(user)
        assert client.get(hidden.get_absolute_url()).status_code == 404


def test_its_company_and_staff_see_a_hidden_posting(client, hidden):
    for user in (RecruiterFactory(company=hidden.company).user, StaffFactory()):
        client.force_login(user)
        assert client.get(hidden.get_absolute_url()).status_code == 200


def test_an_open_posting_is_public_and_found_at_one_address(client):
    job = JobFactory(title="Analista de datos", skills=["sql"], preferred=["dbt"], pay_from=12000, pay_to=15000)
    answer = client.get(job.get_absolute_url())
    text = answer.content.decode()
    assert answer.status_code == 200
    assert all(words in text for words in ("Analista de datos", "Sql", "Dbt", "$12,000", job.company.name))
    other = client.get(reverse("jobs:job", args=[job.public_id, "otra-cosa"]))
    assert (other.status_code, other["Location"]) == (301, job.get_absolute_url())


@pytest.mark.parametrize("fields", [{"status": "closed", "closed_reason": "filled"}, {"closes_at": NOW}])
def test_a_closed_posting_says_why_and_shows_three_like_it(client, fields):
    closed = JobFactory(skills=["python", "sql"], **fields)
    near = [JobFactory(title=f"Parecida {n}", skills=["python"]) for n in range(3)]
    JobFactory(title="Lejana", skills=["soldadura"], published_at=NOW - DAY / 2)
    nearest = JobFactory(title="La más parecida", skills=["python", "sql"])

    text = client.get("/en" + closed.get_absolute_url()).content.decode()

    assert ("the place was filled" in text) == (fields.get("closed_reason") == "filled")
    assert nearest.title in text
    assert sum(job.title in text for job in near) == 2
    assert "Lejana" not in text


def test_the_page_of_a_pending_company_is_its_own_only(client):
    company = CompanyFactory(status=Company.Status.PENDING, verified_at=None)
    address = reverse("jobs:company", args=[company.slug])
    assert client.get(address).status_code == 404
    client.force_login(RecruiterFactory(company=company).user)
    assert client.get(address).status_code == 200


def test_the_rule_of_the_list_is_the_rule_of_the_row():
    for fields in HIDDEN.values():
        JobFactory(**fields)
    for status in SUSPENDED:
        JobFactory(company__status=status)
    JobFactory()
    JobFactory(closes_at=NOW)
    JobFactory(published_at=NOW)

    listed = set(Job.objects.open(at=NOW))

    assert listed == {job for job in Job.objects.select_related("company") if job.is_open(at=NOW)}
    assert len(listed) == 2

"""Saved postings and saved searches: pages, buttons, caps, and the address that ends an alert."""

import pytest
import time_machine
from django.urls import reverse

from conftest import DAY, HOUR, NOW
from jobs import saved
from jobs.models import Job, SavedJob, SavedSearch
from jobs.search import Filters
from jobs.tests.factories import CompanyFactory, JobFactory, RecruiterFactory, refresh_search_text
from students.tests.factories import StudentFactory

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def _at_noon():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def student(client):
    row = StudentFactory()
    client.force_login(row.user)
    return row


def save_url(job):
    return reverse("jobs:save_job", args=[job.public_id])


def search(student, query="q=sql", frequency="daily"):
    from django.http import QueryDict

    filters = Filters.read(QueryDict(query))
    return saved.save_search(student=student, filters=filters, frequency=frequency, now=NOW)[0]


# --- Postings ---------------------------------------------------------------------------------------------------------


def test_saving_twice_saves_once_and_letting_go_twice_is_no_error(client, student):
    job = JobFactory()
    for _ in range(2):
        assert client.post(save_url(job), {"saved": "1"})["Location"] == job.get_absolute_url()
    assert SavedJob.objects.get().student == student
    for _ in range(2):
        client.post(save_url(job), {"saved": "0"})
    assert not SavedJob.objects.exists()


def test_the_button_leads_back_to_its_page_and_nowhere_else(client, student):
    job, here = JobFactory(), "http://testserver/vacantes/?q=sql"
    assert client.post(save_url(job), {"saved": "1"}, headers={"Referer": here})["Location"] == here
    away = client.post(save_url(job), {"saved": "1"}, headers={"Referer": "https://evil.example/"})
    assert away["Location"] == job.get_absolute_url()


def test_htmx_gets_what_the_button_says_and_the_button_stays(client, student):
    job = JobFactory()
    text = client.post(save_url(job), {"saved": "1"}, headers=HTMX).content.decode()
    assert f'id="save-{job.public_id}"' in text
    assert 'name="saved" value="0"' in text
    assert '<div id="status" hx-swap-oob="innerHTML">' in text
    assert "<button" not in text


@pytest.mark.parametrize("fields", [{"status": "draft"}, {"company__status": "pending"}, {"published_at": NOW + DAY}])
def test_postings_that_are_not_public_are_not_there(client, student, fields):
    job = JobFactory(**fields)
    assert client.post(save_url(job), {"saved": "1"}).status_code == 404
    assert not SavedJob.objects.exists()


def test_a_posting_that_left_the_public_pages_can_be_let_go_and_is_not_listed(client, student):
    job = JobFactory()
    client.post(save_url(job), {"saved": "1"})
    Job.objects.update(status="in_review")
    assert job.title not in client.get(reverse("jobs:saved")).content.decode()
    client.post(save_url(job), {"saved": "0"})
    assert not SavedJob.objects.exists()


def test_only_students_save(client):
    job = JobFactory()
    assert client.post(save_url(job)).status_code == 302
    client.force_login(RecruiterFactory().user)
    assert client.post(save_url(job)).status_code == 403
    assert not SavedJob.objects.exists()


def test_there_is_room_for_so_many(client, student, monkeypatch):
    monkeypatch.setattr(saved, "MOST_JOBS", 2)
    for _ in range(3):
        client.post(save_url(JobFactory()), {"saved": "1"})
    assert SavedJob.objects.count() == 2


def test_the_list_keeps_closed_ones_and_says_so(client, student):
    open_job, closed = JobFactory(title="Abierta"), JobFactory(title="Terminada", closes_at=NOW - HOUR)
    for job in (open_job, closed):
        SavedJob.objects.create(student=student, job=job, created_at=NOW)
    answer = client.get("/en" + reverse("jobs:saved"))
    assert [(job.title, is_open) for job, is_open in answer.context["jobs"]] == [
        ("Terminada", False), ("Abierta", True),
    ]  # fmt: skip
    assert answer.content.decode().count('<span class="tag">Closed</span>') == 1


def test_others_saved_postings_are_not_shown(client, student):
    SavedJob.objects.create(student=StudentFactory(), job=JobFactory(title="Ajena"), created_at=NOW)
    text = client.get(reverse("jobs:saved")).content.decode()
    assert "Ajena" not in text
    assert 'class="empty"' in text


@pytest.mark.parametrize("number", [1, 20])
def test_lists_with_buttons_ask_the_same_at_any_size(client, student, number, django_assert_num_queries):
    company = CompanyFactory()
    for n in range(number):
        job = JobFactory(skills=[f"s{n}", "python"], city=f"Ciudad {n}", company=company)
        refresh_search_text(job)
        SavedJob.objects.create(student=student, job=job, created_at=NOW)
    client.get(reverse("jobs:saved"))
    for name, arguments, queries in (("saved", [], 6), ("job_list", [], 5), ("company", [company.slug], 7)):
        with django_assert_num_queries(queries):
            text = client.get(reverse(f"jobs:{name}", args=arguments)).content.decode()
        assert text.count('name="saved" value="0"') == number


def test_the_page_of_a_posting_has_the_button_closed_or_open(client, student):
    for job in (JobFactory(), JobFactory(status="closed", closes_at=NOW)):
        assert save_url(job) in client.get(job.get_absolute_url()).content.decode()
    client.logout()
    assert save_url(job) not in client.get(job.get_absolute_url()).content.decode()


# --- Searches ---------------------------------------------------------------------------------------------------------


def test_a_search_is_saved_as_it_stands_in_the_address(client, student):
    url = reverse("jobs:new_alert") + "?city=Puebla&q=SQL++datos&kind=internship&order=closing&page=3&x=1"
    assert client.get(url).status_code == 200
    assert client.post(url, {"frequency": "weekly"})["Location"] == reverse("jobs:alerts")
    row = SavedSearch.objects.get()
    assert (row.query, row.frequency) == ("q=sql+datos&kind=internship&city=Puebla", "weekly")
    assert row.due_at > NOW + 6 * DAY


def test_the_same_search_saved_again_changes_its_frequency(client, student):
    search(student, "q=sql&city=B&city=A")
    client.post(reverse("jobs:new_alert") + "?city=A&q=SQL&city=B", {"frequency": "weekly"})
    assert SavedSearch.objects.get().frequency == "weekly"


def test_the_preview_says_what_mails_would_have_held(client, student):
    for title, age in (("Nueva", HOUR), ("De ayer", 3 * DAY), ("Vieja", 9 * DAY)):
        refresh_search_text(JobFactory(title=title, published_at=NOW - age, description="SQL"))
    text = client.get("/en" + reverse("jobs:new_alert"), {"q": "sql"}).content.decode()
    assert "Today we would have sent you 1:" in text
    assert "Today we would have sent you 2:" in text
    assert "Vieja" not in text


@pytest.mark.parametrize(
    "data", [{}, {"frequency": "hourly"}, {"frequency": "\x00"}, {"frequency": ["daily"] * 3 + ["x"]}]
)
def test_a_frequency_that_is_none_is_refused_at_its_field(client, student, data):
    answer = client.post(reverse("jobs:new_alert") + "?q=sql", data)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    row = search(student)
    client.post(reverse("jobs:change_alert", args=[row.public_id]), data)
    assert SavedSearch.objects.get().frequency == "daily"


def test_there_is_room_for_twenty(client, student):
    for n in range(20):
        search(student, f"q=uno{n}")
    answer = client.post(reverse("jobs:new_alert") + "?q=otra", {"frequency": "daily"})
    assert answer.status_code == 422
    assert SavedSearch.objects.count() == 20


def test_a_search_too_long_to_keep_is_said(client, student):
    url = reverse("jobs:new_alert") + "?" + "&".join(f"city={'ñ' * 150}{n}" for n in range(4))
    assert client.get(url).status_code == 200
    assert client.post(url, {"frequency": "daily"}).status_code == 422
    assert not SavedSearch.objects.exists()


def test_alerts_are_listed_changed_and_deleted_by_their_student_alone(client, student):
    row, other = search(student, "q=sql&city=Puebla"), search(StudentFactory(), "q=ajena")
    text = client.get(reverse("jobs:alerts")).content.decode()
    assert "sql, Puebla" in text
    assert "ajena" not in text
    client.post(reverse("jobs:change_alert", args=[row.public_id]), {"frequency": "weekly"})
    assert SavedSearch.objects.get(pk=row.pk).frequency == "weekly"
    assert client.post(reverse("jobs:change_alert", args=[other.public_id]), {"frequency": "weekly"}).status_code == 404
    for one in (row, row, other):
        client.post(reverse("jobs:delete_alert", args=[one.public_id]))
    assert SavedSearch.objects.get() == other


@pytest.mark.parametrize("number", [0, 1, 20])
def test_the_list_of_alerts_asks_the_same_at_any_size(client, student, number, django_assert_num_queries):
    for n in range(number):
        search(student, f"q=uno{n}&kind=internship")
    client.get(reverse("jobs:alerts"))
    with django_assert_num_queries(3):
        client.get(reverse("jobs:alerts"))


def test_changing_nothing_moves_no_date(student):
    row = search(student)
    due = row.due_at
    saved.change_frequency(search=row, frequency="daily", now=NOW + 9 * DAY)
    assert SavedSearch.objects.get().due_at == due


# --- The address in a mail --------------------------------------------------------------------------------------------


def test_an_alert_is_ended_from_a_mail_without_signing_in(client):
    row = search(StudentFactory())
    url = saved.unsubscribe_path(row)
    assert client.get(url).status_code == 200
    assert SavedSearch.objects.exists()
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)  # a mail program has read no page
    assert strict.post(url, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert not SavedSearch.objects.exists()
    assert client.get(url).status_code == client.post(url).status_code == 200


@pytest.mark.parametrize("token", ["x", "x:y", "abcdefghjk:", ":", "ñ:ñ", "a" * 2000])
def test_a_forged_address_ends_nothing_and_says_what_to_do(client, token):
    row = search(StudentFactory())
    url = reverse("jobs:unsubscribe", args=[token])
    assert client.get(url).status_code == client.post(url).status_code == 404
    assert reverse("jobs:alerts") in client.get(url).content.decode()
    assert client.post(saved.unsubscribe_path(row)[:-2] + "x/").status_code == 404
    assert SavedSearch.objects.exists()

"""Careers pages: what is read of them, what becomes of it, and pages that are broken, gone or not ours to ask."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

import pytest
from django.urls import reverse

from conftest import DAY, NOW
from jobs.careers import postings_in
from jobs.careers_import import FETCHER, take_careers_page
from jobs.models import CareersPage, Job
from jobs.tests.factories import CompanyFactory, JobFactory
from moirai.accounts.tests.factories import StaffFactory
from moirai.fetching import Answer, FailedError, RefusedError

ADDRESS = "https://empresa.example/empleos"
TEXT = "Programarás servicios web en Python para bibliotecas de la ciudad, con un equipo de cuatro personas."


def posting(**values):
    return {
        "@type": "JobPosting",
        "title": "Programadora",
        "description": f"<p>{TEXT}</p>",
        "identifier": "1",
        **values,
    }


def page_of(*items):
    scripts = "".join(
        f'<script type="application/ld+json">{json.dumps(item).replace("</", "<" + chr(92) + "/")}</script>'
        for item in items
    )
    return f"<!doctype html><html><body>{scripts}<script>alert(1)</script></body></html>"


@dataclass
class Site:
    """Answers in place of the internet; an exception is raised."""

    answer: object
    asked: list[str] = field(default_factory=list)

    def get(self, url):
        self.asked.append(url)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer if isinstance(self.answer, Answer) else Answer(200, url, {}, self.answer.encode())


@pytest.fixture
def page(db):
    return CareersPage.objects.create(company=CompanyFactory(), url=ADDRESS, due_at=NOW)


def take(page, answer, *, days=0):
    return take_careers_page(page_id=page.pk, now=NOW + days * DAY, fetcher=Site(answer))


# --- Reading ----------------------------------------------------------------------------------------------------------


def test_postings_are_found_wherever_the_data_puts_them():
    listed = {"@type": "ItemList", "itemListElement": [{"@type": "ListItem", "item": posting(identifier="2")}]}
    found = postings_in(page_of(posting(), [posting(identifier="3")], {"@graph": [posting(identifier="4")]}, listed))
    assert len({one.key for one in found}) == 4


def test_fields_become_ours_as_plain_text():
    (one,) = postings_in(
        page_of(
            posting(
                title=" Program<b>ador</b>a &amp; más ",
                description="<p>Uno</p><script>x()</script><ul><li>Dos &lt;3</li></ul>\x00",
                jobLocation=[{"address": {"addressLocality": "Puebla"}}],
                jobLocationType="TELECOMMUTE",
                employmentType=["OTHER", "INTERN"],
            )
        )
    )
    assert one.fields["title"] == "Programadora & más"
    assert one.fields["description"].startswith("Uno\n")
    assert "<script>" not in one.fields["description"]
    assert "\x00" not in one.fields["description"]
    assert (one.fields["city"], one.fields["modality"], one.fields["kind"]) == ("Puebla", "remote", "internship")


def test_the_key_is_the_identifier_else_the_address_else_the_text():
    pages = [
        postings_in(page_of(posting(identifier=identifier, url=url, title=title)))[0].key
        for identifier, url, title in (
            ({"value": "a"}, "u", "t"), ("a", "v", "other"), (None, "u", "t"), (None, "u", "other"), (None, None, "t"),
        )
    ]  # fmt: skip
    assert pages[0] == pages[1]
    assert pages[2] == pages[3]
    assert len(set(pages)) == 3


@pytest.mark.parametrize(
    "data",
    [
        "{", "[" * 5000, "null", "[]", '"JobPosting"', '{"@type": "JobPosting"}',
        '{"@type": ["JobPosting"], "title": {}}', '{"@type": "JobPosting", "title": "x", "description": "<p></p>"}',
        '{"@type": {"a": 1}, "@graph": 7}',
    ],
)  # fmt: skip
def test_broken_data_is_no_posting(data):
    assert postings_in(f'<script type="application/ld+json">{data}</script>') == []


def test_odd_values_are_left_out_and_long_ones_cut():
    odd = {"jobLocation": [[]], "employmentType": {"a": 1}, "jobLocationType": [], "url": 3}
    (one,) = postings_in(page_of(posting(title="x" * 900, description="y " * 40_000, **odd)))
    assert len(one.fields["title"]) == 200
    assert len(one.fields["description"]) <= 20_000
    assert one.fields["city"] == ""


# --- Storing ----------------------------------------------------------------------------------------------------------


def test_new_postings_wait_for_staff_and_a_second_look_changes_nothing(page):
    assert take(page, page_of(posting(), posting(identifier="2", title="Otra"))) == 2
    jobs = Job.objects.filter(company=page.company)
    assert set(jobs.values_list("status", flat=True)) == {"in_review"}
    before = list(jobs.order_by("pk").values("pk", "updated_at", "status", "external_id"))
    assert take(page, page_of(posting(), posting(identifier="2", title="Otra")), days=1) == 2
    assert list(jobs.order_by("pk").values("pk", "updated_at", "status", "external_id")) == before
    page.refresh_from_db()
    assert (page.found, page.problem, page.fetched_at) == (2, "", NOW + DAY)


def test_what_staff_approved_goes_back_to_them_when_the_page_says_something_else(page):
    take(page, page_of(posting()))
    Job.objects.update(status="published", published_at=NOW, closes_at=NOW + 30 * DAY)
    take(page, page_of(posting(description=f"{TEXT} Y más.")), days=1)
    job = Job.objects.get()
    assert job.status == "in_review"
    assert job.description.endswith("Y más.")


def test_a_posting_that_is_gone_twice_is_closed_and_one_that_returns_in_time_is_not(page):
    take(page, page_of(posting(), posting(identifier="2", title="Otra")))
    take(page, page_of(posting()), days=1)
    take(page, page_of(posting(), posting(identifier="2", title="Otra")), days=2)
    take(page, page_of(posting()), days=3)
    assert not Job.objects.filter(status="closed").exists()
    take(page, page_of(posting()), days=4)
    assert Job.objects.get(status="closed").title == "Otra"
    take(page, page_of(posting(), posting(identifier="2", title="Otra")), days=5)
    assert Job.objects.filter(status="closed").count() == 1


@pytest.mark.parametrize(
    "answer",
    [FailedError("tarde"), RefusedError("privada"), Answer(404, ADDRESS, {}, b""), "<html>nada</html>"],
)
def test_a_page_that_fails_closes_nothing_and_says_why(page, answer):
    take(page, page_of(posting()))
    for days in (1, 2, 3):
        assert take(page, answer, days=days) == 0
    page.refresh_from_db()
    assert page.problem
    assert not Job.objects.filter(status="closed").exists()


def test_a_page_that_is_not_due_not_active_or_of_a_company_that_is_not_verified_is_not_asked(page):
    site = Site(page_of(posting()))
    take_careers_page(page_id=page.pk, now=NOW, fetcher=site)
    take_careers_page(page_id=page.pk, now=NOW, fetcher=site)
    assert site.asked == [ADDRESS]
    CareersPage.objects.update(is_active=False)
    take_careers_page(page_id=page.pk, now=NOW + 2 * DAY, fetcher=site)
    CareersPage.objects.update(is_active=True)
    page.company.status = "suspended"
    page.company.save()
    take_careers_page(page_id=page.pk, now=NOW + 2 * DAY, fetcher=site)
    assert site.asked == [ADDRESS]


def test_other_companies_postings_are_not_touched(page):
    theirs = JobFactory(external_id=f"careers:{page.company_id}x:1")
    take(page, page_of(posting()))
    take(page, page_of(posting(identifier="9")), days=1)
    take(page, page_of(posting(identifier="9")), days=2)
    theirs.refresh_from_db()
    assert theirs.status == "published"


def test_no_redirect_is_followed_and_no_more_than_five_megabytes_are_read():
    assert (FETCHER.redirects, FETCHER.megabytes) == (0, 5.0)


def test_staff_add_a_page_and_have_it_fetched_and_strange_addresses_are_refused(client, db):
    client.force_login(StaffFactory())
    company = CompanyFactory()
    add = reverse("admin:jobs_careerspage_add")
    for url in ("https://u:p@empresa.example/", "https://empresa.example:8080/", "https://2130706433/"):
        assert client.post(add, {"company": company.pk, "url": url, "is_active": "on"}).status_code == 200
    assert client.post(add, {"company": company.pk, "url": ADDRESS, "is_active": "on"}).status_code == 302
    page = CareersPage.objects.get()
    CareersPage.objects.update(due_at=page.due_at + 30 * DAY)
    sent = {"action": "fetch_now", "_selected_action": [page.pk]}
    assert client.post(reverse("admin:jobs_careerspage_changelist"), sent, follow=True).status_code == 200
    assert CareersPage.objects.get().due_at < page.due_at + DAY

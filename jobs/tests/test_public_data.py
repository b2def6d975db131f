"""What robots read: structured data, addresses in both languages, sitemap, feed, robots.txt."""

import json
import re
from xml.etree import ElementTree

import pytest
from django.urls import reverse

from conftest import DAY, HOUR, NOW
from jobs.models import Job
from jobs.structured import ESCAPES
from jobs.tests.factories import CompanyFactory, JobFactory

pytestmark = pytest.mark.django_db
ATOM = {"a": "http://www.w3.org/2005/Atom"}
MAP = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}


@pytest.fixture(autouse=True)
def _at_noon(time_machine, settings):
    time_machine.move_to(NOW, tick=False)
    settings.SITE_URL = "https://bolsa.example"


def block(page):
    return json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)[1])


def test_an_open_posting_says_what_it_is(client):
    job = JobFactory(
        title="Analista de datos", description="Primera línea\nSegunda <b>línea</b>", requirements="SQL", city="Puebla",
        kind="internship", pay_from=6000, pay_to=7000, company__name="Telar", company__website="https://telar.example",
    )  # fmt: skip
    answer = client.get(job.get_absolute_url())
    said = block(answer.content.decode())
    assert (said["@context"], said["@type"], said["title"]) == (
        "https://schema.org/",
        "JobPosting",
        "Analista de datos",
    )
    assert said["description"] == "<p>Primera línea</p><p>Segunda &lt;b&gt;línea&lt;/b&gt;</p><p>SQL</p>"
    assert (said["datePosted"], said["validThrough"]) == (job.published_at.isoformat(), job.closes_at.isoformat())
    assert said["employmentType"] == "INTERN"
    assert said["hiringOrganization"] == {"@type": "Organization", "name": "Telar", "sameAs": "https://telar.example"}
    assert said["jobLocation"]["address"]["addressLocality"] == "Puebla"
    assert said["baseSalary"]["value"] == {
        "@type": "QuantitativeValue", "unitText": "MONTH", "minValue": 6000, "maxValue": 7000,
    }  # fmt: skip
    assert said["url"] == f"https://bolsa.example{job.get_absolute_url()}"
    assert "unsafe" not in answer["Content-Security-Policy"]


def test_what_a_posting_does_not_say_is_left_out(client):
    job = JobFactory(modality="remote", pay_from=100, pay_period="total")
    said = block(client.get(job.get_absolute_url()).content.decode())
    assert said["jobLocationType"] == "TELECOMMUTE"
    assert not {"jobLocation", "baseSalary"} & said.keys()


def test_nothing_in_a_posting_ends_its_data_block(client):
    evil = "</script><script>alert(1)</script><!-- & \u2028 ]]>"
    job = JobFactory(title=evil, description=evil, company__name=evil, city=evil)
    page = client.get(job.get_absolute_url()).content.decode()
    assert "<script>alert" not in page
    assert block(page)["title"] == evil
    raw = re.search(r"ld\+json\">(.*?)</script>", page, re.DOTALL)[1]
    assert not set(raw) & {chr(code) for code in ESCAPES}


@pytest.mark.parametrize("fields", [{"status": "draft"}, {"status": "closed"}, {"closes_at": NOW}])
def test_only_open_postings_have_data(client, fields):
    from moirai.accounts.tests.factories import StaffFactory

    job = JobFactory(**fields)
    client.force_login(StaffFactory())
    assert "ld+json" not in client.get(job.get_absolute_url()).content.decode()


def test_public_pages_name_their_address_in_both_languages(client):
    job = JobFactory()
    pages = [job.get_absolute_url(), job.company.get_absolute_url(), reverse("jobs:job_list"), "/", reverse("help")]
    for path in pages:
        for prefix in ("", "/en"):
            page = client.get(f"{prefix}{path}", {"utm": "x"}).content.decode()
            assert f'<link rel="canonical" href="https://bolsa.example{prefix}{path}">' in page
            assert f'hreflang="es-mx" href="https://bolsa.example{path}"' in page
            assert f'hreflang="en" href="https://bolsa.example/en{path}"' in page
            assert f'hreflang="x-default" href="https://bolsa.example{path}"' in page


def test_the_sitemap_leads_to_open_postings_companies_and_texts(client):
    job = JobFactory()
    index = ElementTree.fromstring(client.get(reverse("sitemap")).content)
    sections = [element.text for element in index.iterfind(".//s:loc", MAP)]
    found = []
    for address in sections:
        tree = ElementTree.fromstring(client.get(address.partition("testserver")[2]).content)
        found += [element.text.partition("testserver")[2] for element in tree.iterfind(".//s:loc", MAP)]
    expected = [job.get_absolute_url(), job.company.get_absolute_url(), "/", *map(reverse, ["help", "jobs:job_list"])]
    for path in expected:
        assert path in found
        assert f"/en{path}" in found
    for path in found:
        assert client.get(path).status_code == 200
    assert client.get("/sitemap-nada.xml").status_code == 404


def test_robots_learn_what_is_closed_and_where_the_map_is(client):
    text = client.get("/robots.txt").content.decode()
    assert "Disallow: /gestion/" in text
    assert "Disallow: /en/empresa/" in text
    assert "Sitemap: https://bolsa.example/sitemap.xml" in text
    assert "/empresas/" not in text


def test_the_feed_tells_the_newest_first_within_the_filters(client):
    old, new = JobFactory(title="Vieja", published_at=NOW - 2 * DAY), JobFactory(title="Nueva <b>&", city="Puebla")
    tree = ElementTree.fromstring(client.get(reverse("jobs:feed")).content)
    assert [entry.findtext("a:title", "", ATOM).split(" · ")[0] for entry in tree.iterfind("a:entry", ATOM)] == [
        new.title, old.title,
    ]  # fmt: skip
    entry = tree.find("a:entry", ATOM)
    assert entry.find("a:link", ATOM).get("href").endswith(new.get_absolute_url())
    assert entry.findtext("a:id", "", ATOM) == f"tag:bolsa.example,2026:{new.public_id}"
    filtered = ElementTree.fromstring(client.get(reverse("jobs:feed"), {"city": "Puebla"}).content)
    assert [entry.findtext("a:id", "", ATOM)[-10:] for entry in filtered.iterfind("a:entry", ATOM)] == [new.public_id]
    assert client.get("/en" + reverse("jobs:feed")).status_code == 200


def test_the_feed_is_not_sent_twice(client):
    job = JobFactory(published_at=NOW - DAY)
    first = client.get(reverse("jobs:feed"))
    etag = first["ETag"]
    assert client.get(reverse("jobs:feed"), headers={"If-None-Match": etag}).status_code == 304
    assert client.get(reverse("jobs:feed"), headers={"If-Modified-Since": first["Last-Modified"]}).status_code == 304
    assert client.get("/en" + reverse("jobs:feed"), headers={"If-None-Match": etag}).status_code == 200
    Job.objects.filter(pk=job.pk).update(status="closed")
    again = client.get(reverse("jobs:feed"), headers={"If-None-Match": etag})
    assert again.status_code == 200
    assert job.public_id not in again.content.decode()


@pytest.mark.parametrize("query", ["q=%00", "q=%ED%A0%80", "city=" + "x" * 5000, "page=-1", "kind=evil&order=evil"])
def test_the_feed_bears_any_query(client, query):
    assert client.get(f"{reverse('jobs:feed')}?{query}").status_code in (200, 400)


@pytest.mark.parametrize("number", [1, 40])
def test_feed_and_map_ask_the_same_number_of_questions_at_any_size(client, number, django_assert_max_num_queries):
    for n in range(number):
        JobFactory(published_at=NOW - n * HOUR)
        CompanyFactory()
    for address in (reverse("jobs:feed"), "/sitemap-postings.xml", "/sitemap-companies.xml"):
        client.get(address)
        with django_assert_max_num_queries(4):
            assert client.get(address).status_code == 200

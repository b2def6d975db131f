import pytest
import time_machine
from django.urls import reverse

from conftest import DAY, NOW
from jobs.lexemes import stems_of, words_of
from jobs.models import Job
from jobs.search import Counts, Filters, loosened
from jobs.searchable import describe
from jobs.tests.addresses import english
from jobs.tests.factories import CompanyFactory, JobFactory, refresh_search_text

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _at_noon():
    with time_machine.travel(NOW, tick=False):
        yield


def searchable(**fields):
    job = JobFactory(**fields)
    refresh_search_text(job)
    return job


@pytest.fixture
def market():
    """Sixty postings over every kind, modality and some cities, a third of them with pay."""
    companies = [CompanyFactory(name=f"Compañía {n}") for n in range(3)]
    cities = ["Puebla", "Ciudad de México", "Mérida", "", "León"]
    for n in range(60):
        job = Job(
            company=companies[n % 3], title=f"Vacante {n}", slug="vacante", description="Diseño y programación.",
            kind=Job.Kind.values[n % 5], modality=Job.Modality.values[n % 3], city=cities[(n // 2) % 5],
            pay_from=9000 if n % 3 == 0 else None, status="published" if n % 7 else "draft",
            published_at=NOW - DAY, closes_at=NOW + DAY * (1 + n),
        )  # fmt: skip
        describe(job)
        job.save()


CASES = ["", "kind=internship", "kind=internship&kind=part_time&modality=remote", "city=Puebla&paid=1", "q=DISENO",
         "q=vacante+1&modality=onsite", "paid=1", "city=Puebla&city=León&kind=first_job", "q=nada"]  # fmt: skip


@pytest.mark.parametrize("query", CASES)
def test_counts_are_those_of_a_slow_count(market, query, rf):
    filters = Filters.read(rf.get("/", query_string=query).GET if not query else rf.get("/?" + query).GET)
    stems = {job.pk: {s for word in words_of(job.search_text) for s in stems_of(word)} for job in Job.objects.all()}
    rows = [job for job in Job.objects.select_related("company") if job.is_open(at=NOW)]

    def fits(job, without=""):
        return (
            all(set(stems_of(word)) & stems[job.pk] for word in words_of(filters.query))
            and (without == "kind" or not filters.kinds or job.kind in filters.kinds)
            and (without == "modality" or not filters.modalities or job.modality in filters.modalities)
            and (without == "city" or not filters.cities or job.city in filters.cities)
            and (not filters.paid_only or job.pay_from is not None)
        )

    counted = Counts(Job.objects.open(at=NOW), filters).facets(filters)

    assert filters.apply(Job.objects.open(at=NOW)).count() == sum(map(fits, rows))
    for name, choices in (("kind", counted.kinds), ("modality", counted.modalities), ("city", counted.cities)):
        for choice in choices:
            slow = sum(fits(job, without=name) and getattr(job, name) == choice.value for job in rows)
            assert choice.count == slow, choice
    assert counted.paid[0].count == sum(fits(job) and job.pay_from is not None for job in rows)


def test_search_forgives_accents_and_case_and_reads_title_company_skills_and_text(client):
    job = searchable(
        title="Diseñador de interfaces", description="Prototipos en Querétaro.", company__name="Ópalo", skills=["figma"]
    )
    searchable(title="Soldador", description="Taller")
    for words in ("disenador", "DISEÑADOR interfaces", "opalo", "Figma", "queretaro", "ópalo figma"):
        text = client.get(reverse("jobs:job_list"), {"q": words}).content.decode()
        assert job.title in text, words
        assert "Soldador" not in text
    assert job.title not in client.get(reverse("jobs:job_list"), {"q": "disenador taller"}).content.decode()


def test_signs_of_patterns_are_ordinary_characters(client):
    searchable(title="Vendedor")
    discount = searchable(title="Promotor con 100% de comisión")
    text = client.get(reverse("jobs:job_list"), {"q": "100%"}).content.decode()
    assert discount.title in text
    assert "Vendedor" not in text


def test_chips_remove_one_filter_each(client):
    searchable(kind="internship", modality="remote", city="Puebla")
    answer = client.get(reverse("jobs:job_list"), {"kind": "internship", "city": "Puebla", "q": "x", "page": "1"})
    assert [chip.querystring for chip in answer.context["chips"]] == [
        "kind=internship&city=Puebla", "q=x&city=Puebla", "q=x&kind=internship",
    ]  # fmt: skip


def test_an_empty_list_says_what_dropping_each_filter_gives(client):
    for _ in range(3):
        searchable(kind="internship", city="Puebla")
    searchable(kind="part_time", city="Mérida")
    answer = client.get(english("jobs:job_list"), {"kind": "part_time", "city": "Puebla", "modality": "remote"})
    assert answer.context["total"] == 0
    assert [(chip.label, chip.count) for chip in answer.context["loosened"]] == []
    answer = client.get(english("jobs:job_list"), {"kind": "part_time", "city": "Puebla"})
    assert [(chip.label, chip.count) for chip in answer.context["loosened"]] == [("Part time", 3), ("Puebla", 1)]
    assert "Without Puebla you will see 1." in answer.content.decode()


def test_suggestions_are_what_the_links_lead_to(market, rf, client):
    filters = Filters.read(rf.get("/?q=vacante+1&kind=internship&city=Puebla&modality=remote&paid=1").GET)
    jobs = Job.objects.open(at=NOW)
    for chip in loosened(jobs, filters, Counts(jobs, filters)):
        assert client.get(f"{reverse('jobs:job_list')}?{chip.querystring}").context["total"] == chip.count


@pytest.mark.parametrize(
    "query",
    ["kind=%27+OR+1", "page=0", "page=-3", "page=abc", "page=99999999999999999999", "order=;drop", "modality=",
     "city=" + "x" * 5000, "q=" + "a+" * 500, "q=%F0%9F%98%80", "paid=2", "q=%27%22%3Cscript%3E", "q=%ED%A0%80"],
)  # fmt: skip
def test_nonsense_in_the_address_is_no_error(client, query):
    searchable()
    answer = client.get(f"{reverse('jobs:job_list')}?{query}")
    assert answer.status_code == 200
    assert "<script>" not in answer.content.decode().partition("<main")[2]


def test_a_nul_in_the_address_is_refused(client):
    assert client.get(reverse("jobs:job_list") + "?q=%00").status_code == 400


def test_htmx_gets_the_results_and_the_spoken_number(client):
    searchable(title="Única vacante")
    answer = client.get(reverse("jobs:job_list"), headers={"HX-Request": "true"})
    text = answer.content.decode()
    assert "Única vacante" in text
    assert '<div id="status" hx-swap-oob="innerHTML">' in text
    assert "<html" not in text
    assert "HX-Request" in answer["Vary"]


def test_order_and_pages(client):
    late, soon = searchable(title="Tarde", closes_at=NOW + 20 * DAY), searchable(title="Pronto", closes_at=NOW + DAY)
    page = client.get(reverse("jobs:job_list"), {"order": "closing"}).context["page"]
    assert list(page) == [soon, late]
    for _ in range(20):
        searchable()
    assert len(client.get(reverse("jobs:job_list"), {"page": "2"}).context["page"]) == 2


@pytest.mark.parametrize("number", [1, 20])
def test_the_list_asks_the_same_number_of_questions_at_any_size(client, number, django_assert_num_queries):
    for n in range(number):
        searchable(skills=[f"s{n}", "python"], city=f"Ciudad {n % 4}")
    with django_assert_num_queries(3):
        assert client.get(reverse("jobs:job_list")).status_code == 200


@pytest.mark.parametrize("number", [1, 20])
def test_the_page_of_a_company_too(client, number, django_assert_num_queries):
    company = CompanyFactory()
    for n in range(number):
        searchable(company=company, skills=[f"s{n}"])
    with django_assert_num_queries(5):
        client.get(reverse("jobs:company", args=[company.slug]))


def test_the_newest_postings_for_other_pages(django_assert_num_queries):
    from jobs.templatetags.jobs import latest_jobs, skill_chips

    for n in range(5):
        JobFactory(published_at=NOW - n * DAY, skills=["python"])
    JobFactory(status="draft")
    with django_assert_num_queries(2):
        jobs = latest_jobs(3)
        assert [chip["label"] for job in jobs for chip in skill_chips(job).shown] == ["Python"] * 3
    assert [NOW - job.published_at for job in jobs] == [0 * DAY, DAY, 2 * DAY]

"""The search box: the same queries find the same postings on every database, whatever the accents, case or language."""

from importlib import import_module

import pytest
import time_machine
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from conftest import DAY, NOW
from jobs.models import Job, SearchWord
from jobs.searchable import describe, describe_again
from jobs.spelling import corrected, learn_words, nearest_word
from jobs.tasks import refresh_search, refresh_words
from jobs.tests.factories import CompanyFactory, JobFactory, refresh_search_text
from jobs.titles import Titles
from moirai.skills.models import OccupationAlias
from moirai.skills.tests.factories import OccupationFactory, SkillFactory
from students.tests.factories import StudentFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _at_noon():
    with time_machine.travel(NOW, tick=False):
        yield


# key: title, company, city, kind, modality, description, skills
POSTINGS = {
    "datos": ("Analista de datos", "Ópalo", "Puebla", "first_job", "remote", "Tableros.", ["sql", "power-bi"]),
    "data": ("Data Analyst Intern", "Blue Harbor", "Querétaro", "internship", "hybrid", "Dashboards.", ["sql"]),
    "diseño": ("Diseñadora de interfaces", "Ópalo", "Ciudad de México", "part_time", "onsite", "Bocetos.", ["figma"]),
    "conta": ("Auxiliar de contabilidad", "Despacho Núñez", "Mérida", "social_service", "onsite", "Actas.", ["excel"]),
    "java": ("Desarrollador Java", "Banca Sierra", "León", "full_time", "hybrid", "Servicios.", ["java", "docker"]),
    "web": ("Programador web", "Banca Sierra", "León", "full_time", "remote", "Páginas.", ["javascript", "node-js"]),
    "juegos": ("Game developer", "Pixel", "Guadalajara", "full_time", "onsite", "Physics in C++ and C#.", ["cpp"]),
    "clinica": ("Enfermera general", "Clínica Sol", "Puebla", "first_job", "onsite", "Turno nocturno.", []),
    "venta": ("Promotor con 100% de comisión", "Ventas MX", "Puebla", "part_time", "onsite", "Calle.", []),
}  # fmt: skip
NAMES = {
    "power-bi": ("Power BI", "Power BI"), "excel": ("Hojas de cálculo", "Spreadsheets"), "node-js": ("Node.js",) * 2,
    "cpp": ("C++", "C++"), "sql": ("SQL", "SQL"), "figma": ("Figma", "Figma"), "java": ("Java", "Java"),
    "docker": ("Docker", "Docker"), "javascript": ("JavaScript", "JavaScript"),
}  # fmt: skip


@pytest.fixture
def market():
    OccupationFactory(code="data-analyst", title_es="analista de datos", title_en="data analyst")
    OccupationFactory(code="nurse", title_es="enfermera", title_en="nurse")
    for code, (es, en) in NAMES.items():
        SkillFactory(code=code, name_es=es, name_en=en)
    companies = {row[1]: CompanyFactory(name=row[1]) for row in POSTINGS.values()}
    for key, (title, company, city, kind, modality, text, skills) in POSTINGS.items():
        job = JobFactory(
            title=title, company=companies[company], city=city, kind=kind, modality=modality, description=text,
            skills=skills, external_id=key,
        )  # fmt: skip
        refresh_search_text(job)
    learn_words(Job.objects.open(at=NOW))


QUERIES = {
    # accents, case, number and gender
    "analista de datos": {"datos", "data"}, "ANALISTAS DE DATOS": {"datos", "data"}, "disenador": {"diseño"},
    "Diseñadora": {"diseño"}, "diseñadores": {"diseño"}, "merida": {"conta"}, "MÉRIDA": {"conta"}, "nunez": {"conta"},
    "ciudad de mexico": {"diseño"}, "leon": {"java", "web"}, "opalo": {"datos", "diseño"}, "clínica": {"clinica"},
    # the other language
    "data analyst": {"datos", "data"}, "data analysts": {"datos", "data"}, "nurse": {"clinica"},
    "nurses": {"clinica"}, "enfermeras": {"clinica"}, "spreadsheets": {"conta"}, "hojas de calculo": {"conta"},
    "internship": {"data"}, "practicas": {"data"}, "servicio social": {"conta"}, "part time": {"diseño", "venta"},
    "remoto": {"datos", "web"},
    # names of tools
    "java": {"java"}, "javascript": {"web"}, "c++": {"juegos"}, "c#": {"juegos"}, "node.js": {"web"},
    "power bi": {"datos"}, "sql": {"datos", "data"}, "SQL Puebla": {"datos"}, "docker java": {"java"},
    # several words, joining words, signs
    "enfermera en puebla": {"clinica"}, "java figma": set(), "100%": {"venta"}, "\"sql\" & (java)": set(),
    "de": {"datos", "data", "diseño", "conta", "venta"}, "🙂": set(), "'; drop table": set(),
    "\\": set(), "%": set(), "_": set(),
    # misspelt
    "contavilidad": {"conta"}, "contabilidda": {"conta"}, "disñador": {"diseño"}, "javascrpt": {"web"},
    "enfremera puebla": {"clinica"}, "anlista datos": {"datos", "data"}, "programdor": {"web"}, "contab": {"conta"},
    "guadaljara": {"juegos"}, "zzzzzzz": set(),
}  # fmt: skip


def found(client, query, **more):
    answer = client.get(reverse("jobs:job_list"), {"q": query, **more})
    assert answer.status_code == 200
    assert answer.context["total"] == len(answer.context["page"])
    return {job.external_id for job in answer.context["page"]}


def test_queries_find_the_same_on_every_database(market, client):
    assert {query: found(client, query) for query in QUERIES} == QUERIES


def test_the_best_answer_is_first(market, client):
    both = JobFactory(title="Java", description="SQL", company__name="Otra", published_at=NOW - 9 * DAY)
    named = JobFactory(title="Otra", description="Usarás java.", company__name="Otra", published_at=NOW)
    for job in (both, named):
        refresh_search_text(job)
    page = client.get(reverse("jobs:job_list"), {"q": "java"}).context["page"]
    assert page[-1] == named
    newest = client.get(reverse("jobs:job_list"), {"q": "java", "order": "newest"}).context["page"]
    assert newest[0] == named


def test_a_corrected_query_is_said_and_can_be_insisted_on(market, client):
    answer = client.get("/en" + reverse("jobs:job_list"), {"q": "contavilidad", "city": "Mérida"})
    text = answer.content.decode()
    assert "Showing results for <strong>contabilidad</strong>" in text
    assert "Search instead for “contavilidad”" in text
    spelling = answer.context["spelling"]
    exact = client.get(f"{reverse('jobs:job_list')}?{spelling.querystring}")
    assert (exact.context["total"], exact.context["spelling"]) == (0, None)
    assert exact.context["filters"].cities == ("Mérida",)


def test_a_word_that_some_posting_holds_is_never_corrected(market, client):
    job = JobFactory(title="Contavilidad")
    refresh_search_text(job)
    answer = client.get(reverse("jobs:job_list"), {"q": "contavilidad"})
    assert list(answer.context["page"]) == [job]
    assert answer.context["spelling"] is None


def test_without_a_vocabulary_nothing_is_corrected(market, client):
    SearchWord.objects.all().delete()
    assert found(client, "contavilidad") == set()


@pytest.mark.parametrize(
    ("word", "near"),
    [("analsita", "analista"), ("analist", "analista"), ("anlst", None), ("dato", "datos"), ("sql", None),
     ("2024", None), ("contab", "contabilidad"), ("cont", None), ("zapatero", None)],
)  # fmt: skip
def test_the_nearest_word(word, near):
    assert nearest_word(word, {"analista": 3, "datos": 2, "patos": 1, "contabilidad": 1, "contable": 0}) == near


def test_among_equally_near_words_that_of_most_postings_wins():
    assert nearest_word("gato", {"pato": 1, "dato": 7, "rato": 7}) == "dato"


def test_words_of_postings_that_closed_are_forgotten(market):
    assert corrected("contavilidad") == "contabilidad"
    Job.objects.filter(external_id="conta").update(status="closed")
    refresh_words()
    assert corrected("contavilidad") is None
    assert SearchWord.objects.get(word="analista").postings == 1


def test_learning_twice_leaves_each_word_once(market):
    before = list(SearchWord.objects.order_by("word").values_list("word", "postings"))
    refresh_words()
    assert list(SearchWord.objects.order_by("word").values_list("word", "postings")) == before


def test_what_the_taxonomy_learns_reaches_postings_at_night(market, client):
    assert describe_again(Job.objects.all()) == 0
    OccupationFactory(code="developer", title_es="programador web", title_en="web developer")
    assert found(client, "web developer") == set()
    assert refresh_search() == 1
    assert found(client, "web developer") == {"web"}


def test_titles_name_occupations_in_both_languages():
    occupations = [(1, "analista de datos", "data analyst"), (2, "enfermera", "nurse"), (3, "", "night nurse")]
    aliases = [(1, "es", "analista BI"), (2, "en", "carer"), (1, "en", "data person"), (2, "en", "data person")]
    names = Titles(occupations, aliases)
    assert names.also("Analista de Datos Jr.") == ["analista de datos", "data analyst"]
    assert names.also("Becario: analistas BI") == ["analista de datos", "data analyst"]
    assert names.also("Night nurse") == ["night nurse"]
    assert names.also("Data person") == names.also("Carer") == names.also("Soldador") == []


def test_an_alias_added_later_is_known_to_the_next_posting(market):
    job = Job.objects.select_related("company").get(external_id="venta")
    OccupationAlias.objects.create(
        occupation=OccupationFactory(code="seller", title_es="vendedor", title_en="salesperson"),
        language="es",
        text="promotor con comisión",
    )
    job.title = "Promotor con comisión"
    describe(job)
    assert "'salesperson':1B" in job.lexemes


def test_a_text_of_quotes_and_signs_is_stored(client):
    job = JobFactory(title="O'Brien's \\ 'x':1A & | ! <-> :*", description="a" * 400 + " " + "ñ" * 60)
    refresh_search_text(job)
    assert found(client, "o'brien's") == {None}


def many(number):
    """Postings in bulk, all of one company, over kinds and cities."""
    company, like = CompanyFactory(), Job(title="Analista", company=CompanyFactory(), kind="first_job")
    describe(like)
    kinds = Job.Kind.values
    Job.objects.bulk_create(
        (
            Job(
                company=company, title="Analista", slug="analista", kind=kinds[n % 5], city=f"Ciudad {n % 40}",
                status="published", published_at=NOW - DAY, closes_at=NOW + DAY, lexemes=like.lexemes,
                search_text="analista",
            )
            for n in range(number)
        ),
        batch_size=500,
    )  # fmt: skip


ASKED = [
    {}, {"q": "analista"}, {"page": "last"}, {"q": "analista", "page": "last"}, {"q": "anlista"}, {"q": "zzzzzzz"},
    {"q": "analista", "kind": "first_job", "order": "closing"}, {"q": "anlista", "city": "Nada"},
]  # fmt: skip


def test_ten_thousand_postings_cost_as_many_queries_as_ten(client):
    client.force_login(StudentFactory().user)
    client.get(reverse("jobs:saved"))
    costs = []
    for number in (10, 9_990):
        many(number)
        refresh_words()
        for data in ASKED:
            with CaptureQueriesContext(connection) as queries:
                assert client.get(reverse("jobs:job_list"), data).status_code == 200
            costs.append(len(queries))
    assert costs[: len(ASKED)] == costs[len(ASKED) :]
    assert max(costs) <= 10
    assert len(client.get(reverse("jobs:job_list"), {"page": "500"}).context["page"]) == 20


def test_postings_of_before_are_indexed_by_the_migration(client):
    job = JobFactory(title="Soldadora", company__name="Ópalo", skills=["python"])
    JobFactory(lexemes="'x':1A", title="Conocida")
    migration = import_module("jobs.migrations.0006_indexes_the_words_of_postings")
    migration.index_words(apps, None)
    for query in ("soldador", "opalo", "python", "servicios web"):
        assert list(client.get(reverse("jobs:job_list"), {"q": query}).context["page"]) == [job]

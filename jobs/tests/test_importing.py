"""Recruiters bring postings in a file: dry run, confirmation, and files that are not as they should be."""

import codecs
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import translation

from conftest import DAY, NOW
from jobs import importing
from jobs.models import Job
from jobs.tests.factories import JobFactory, RecruiterFactory

pytestmark = pytest.mark.django_db
TEXT = "Programarás servicios web y bases de datos para clientes del sector público."
FILE = f"""Clave;Título;Descripción;Requisitos;Modalidad;Tipo;Sueldo;Cierre;Jefe
A1;Desarrolladora;{TEXT};Python|SQL;Híbrido;Prácticas profesionales;9000;30/11/2026;Ana
A2;Analista;{TEXT} Harás reportes.;;remote;;;;
A3;=HYPERLINK(1);{TEXT};;;;;;
A4;Auxiliar;;;luna;;mucho;;
A1;Otra;Otra cosa;;;;;;
""".encode()


@pytest.fixture(autouse=True)
def recruiter(client, time_machine, settings):
    settings.ZEAL_ALLOWLIST = [{"model": "jobs.*", "field": "get()"}]  # each posting is locked and written by itself
    time_machine.move_to(NOW, tick=False)
    recruiter = RecruiterFactory()
    client.force_login(recruiter.user)
    with translation.override("en"):
        yield recruiter


def send(client, content, name="vacantes.csv"):
    return client.post(reverse("jobs:import_jobs"), {"file": SimpleUploadedFile(name, content)})


def confirm(client, answer, **data):
    packed = answer.context["packed"]
    return client.post(reverse("jobs:import_jobs"), {"rows": packed, **data}, follow=True)


def told(answer):
    return [str(message) for message in answer.context["messages"]]


def test_a_file_is_tried_and_then_stored_whole_and_twice_is_once(client, recruiter):
    assert client.get(reverse("jobs:import_jobs")).status_code == 200
    tried = send(client, FILE)
    assert (tried.status_code, Job.objects.count()) == (200, 0)
    assert [(row.line, row.outcome) for row in tried.context["others"]] == [(2, "new"), (3, "new")]
    errors = {row.line: " ".join(row.reasons) for row in tried.context["errors"]}
    assert "formula" in errors[4]
    assert all(label in errors[5] for label in ("Description", "Modality", "Pay from"))
    assert errors[6] == "The same posting stands on line 2."
    assert tried.context["unused"] == ["Jefe"]

    assert told(confirm(client, tried)) == ["2 new, 0 changed, 0 as they were. Sent to review: 0."]
    first, second = Job.objects.order_by("pk")
    assert (first.company, first.status, first.requirements) == (recruiter.company, "draft", "Python\nSQL")
    assert (first.modality, first.kind, first.pay_from) == ("hybrid", "internship", 9000)
    assert (first.closes_at.date().isoformat(), second.modality, second.kind) == ("2026-12-01", "remote", "first_job")
    confirm(client, tried)
    assert Job.objects.count() == 2
    again = send(client, FILE.replace(b"9000", b"9500"))
    assert [row.outcome for row in again.context["others"]] == ["changed", "same"]
    said = told(confirm(client, again, send="yes"))
    assert said[0] == "0 new, 1 changed, 0 as they were. Sent to review: 1."
    assert list(Job.objects.order_by("pk").values_list("status", "pay_from")) == [("in_review", 9500), ("draft", None)]


@pytest.mark.parametrize("shape", ["array", "lines", "utf-16"])
def test_json_is_read_as_an_array_or_by_lines(client, shape):
    row = {"description": TEXT, "required_skills": ["a", "b"]}
    rows = [row | {"id": n, "title": f"Puesto {n}"} for n in (1, 2)]
    text = json.dumps(rows) if shape == "array" else "\n".join(map(json.dumps, rows))
    tried = send(client, text.encode("utf-16" if shape == "utf-16" else "utf-8"), "vacantes.json")
    confirm(client, tried)
    assert list(Job.objects.order_by("pk").values_list("title", "requirements")) == [
        ("Puesto 1", "a\nb"),
        ("Puesto 2", "a\nb"),
    ]


GOOD = f"title,description\nDiseñadora,{TEXT}\n"


@pytest.mark.parametrize(
    "content",
    [
        codecs.BOM_UTF8 + GOOD.encode(),
        GOOD.encode("utf-16"),
        GOOD.encode("latin-1"),
        GOOD.replace("\n", "\r\n").replace(",", "\t", 1).replace(f",{TEXT}", f"\t{TEXT}").encode(),
    ],
    ids=["BOM", "UTF-16", "latin-1", "tabs"],
)
def test_files_of_any_spreadsheet_are_read(client, content):
    assert [row.title for row in send(client, content).context["others"]] == ["Diseñadora"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"title,description\n", "no rows"),
        (b"title,salary\na,1\n", "No column is the title"),
        (b"title,description,Title\na,b,c\n", "Two columns have the same name"),
        (b'title,description\na,"b\n', "never closes"),
        (b'[{"title": "a", "description": "b"},\n{"title": ]', "broken on line 2"),
        (b'{"a":' * 100_000, "broken on line 1"),
        (("title,description\n" + "".join(f"a{n},b\n" for n in range(201))).encode(), "too many rows"),
    ],
    ids=["empty", "no rows", "missing", "duplicate", "quote", "json", "deep", "many"],
)
def test_files_that_cannot_be_read_are_refused_with_the_line(client, content, words):
    answer = send(client, content)
    assert answer.status_code == 422
    assert words in str(answer.context["form"].errors["file"])


def test_a_bad_row_says_why_and_the_others_can_be_stored(client):
    rows = ["title,description", f"Buena,{TEXT}", "Corta", "Larga," + "x" * 1_000_000, "Nula,a\x00b"]
    tried = send(client, "\n".join(rows).encode())
    assert [row.line for row in tried.context["errors"]] == [3, 4, 5]
    odd = json.dumps([{"title": True, "description": "x"}, 7, {"title": "a\ud800", "description": "b\x00"}])
    assert [row.outcome for row in send(client, odd.encode(), "a.json").context["errors"]] == ["error"] * 3


def test_nothing_is_stored_when_a_row_cannot_be_any_more_nor_from_another_companys_page(client, recruiter, monkeypatch):
    tried = send(client, FILE)
    other = RecruiterFactory()
    client.force_login(other.user)
    assert told(confirm(client, tried)) == ["The page was out of date. Upload the file again."]
    client.force_login(recruiter.user)
    JobFactory(company=recruiter.company, status="closed", external_id=importing._external_id(recruiter.company, "A2"))
    assert "Upload it again" in told(confirm(client, tried))[0]
    assert Job.objects.filter(status="draft").count() == 0
    monkeypatch.setattr(importing, "VALID_FOR", -DAY.total_seconds())
    assert told(confirm(client, tried)) == ["The page was out of date. Upload the file again."]

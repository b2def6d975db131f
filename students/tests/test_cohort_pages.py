"""The pages of cohort imports: who may, each step, files that cannot be read, pages that are out of date."""

from __future__ import annotations

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from moirai.accounts.tests.factories import StaffFactory, UserFactory
from students.cohort_work import work
from students.models import Cohort, Student
from students.tests.factories import StudentFactory

pytestmark = pytest.mark.django_db
LIST = "/gestion/cohortes/"
FILE = (
    "Matrícula;Nombre;Carrera;Teléfono\nA1;Ana <b>Ríos</b>;Derecho;55\nA2;=HYPERLINK(1);Derecho;\nA3;;Historia;66\n"
).encode()


@pytest.fixture
def office(client):
    client.force_login(StaffFactory())
    return client


def send(client, content=FILE):
    return client.post(LIST, {"file": SimpleUploadedFile("lista.csv", content, content_type="text/csv")})


def step(client, name, /, **fields):
    cohort = Cohort.objects.get()
    answer = client.post(reverse("students:cohort", args=[cohort.public_id]), {"step": name, **fields})
    work(cohort_id=cohort.pk, now=cohort.created_at)
    return answer


def page(client):
    return client.get(reverse("students:cohort", args=[Cohort.objects.get().public_id]))


MAPPING = {"student_number": "0", "name": "1", "degree_program": "2", "phone": "3"}


def test_staff_go_from_the_file_over_the_dry_run_to_stored_and_back(office):
    known = StudentFactory(student_number="A3", degree_program="Derecho", phone="")
    assert office.get(LIST).status_code == 200
    assert send(office).status_code == 302
    form = page(office).context["form"]
    assert {name: str(form[name].value()) for name in MAPPING} == MAPPING
    assert step(office, "check", **MAPPING).status_code == 302
    text = page(office).content.decode()
    assert "<del>Derecho</del> <ins>Historia</ins>" in text
    assert ">66<" not in text  # what says who it is, is named only
    assert Student.objects.count() == 1
    step(office, "store")
    known.refresh_from_db()
    assert known.degree_program == "Historia"
    assert Student.objects.get(student_number="A1").enrolled_name == "Ana <b>Ríos</b>"
    assert page(office).status_code == 200
    step(office, "undo")
    known.refresh_from_db()
    assert (known.degree_program, Student.objects.count()) == ("Derecho", 1)
    assert page(office).status_code == 200
    assert office.get(LIST).status_code == 200


def test_the_refused_rows_are_a_file_that_no_spreadsheet_computes(office):
    send(office)
    step(office, "check", **MAPPING)
    answer = office.get(reverse("students:cohort_errors", args=[Cohort.objects.get().public_id]))
    rows = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    assert rows[0][2:] == ["Matrícula", "Nombre", "Carrera", "Teléfono"]
    assert [row[0] for row in rows[1:]] == ["3", "4"]
    assert rows[1][2:] == ["A2", "'=HYPERLINK(1)", "Derecho", ""]


@pytest.mark.parametrize(
    "content", [b"", b"\n\n", b"a,a\n1,2\n", b'a,b\n"1', b"x" * 300, "a,b\n".encode("utf-16") + b"\x00"]
)
def test_a_file_that_cannot_be_read_is_refused_where_it_is_sent(office, content):
    answer = send(office, content)
    if answer.status_code == 302:  # broken further down: the dry run finds it
        step(office, "check", student_number="0")
        assert Cohort.objects.get().status == "refused"
        assert page(office).status_code == 200
    else:
        assert answer.status_code == 422
        assert 'role="alert"' in answer.content.decode()
        assert not Cohort.objects.exists()


def test_a_header_without_rows_is_refused_by_the_dry_run(office):
    send(office, b"Matricula,Nombre\n")
    step(office, "check", student_number="0")
    assert Cohort.objects.get().problem == "rows"
    assert page(office).context["problem"]


@pytest.mark.parametrize(
    "fields", [{}, {"student_number": "99"}, {"student_number": "x\x00"}, {"student_number": "0", "name": "0"}]
)
def test_columns_that_are_missing_unknown_or_taken_twice_are_said_at_the_field(office, fields):
    send(office)
    answer = step(office, "check", **fields)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    assert Cohort.objects.get().status == "mapping"


def test_a_step_from_a_page_that_is_out_of_date_does_nothing(office):
    send(office)
    for name in ("store", "undo", "retry"):
        assert step(office, name).status_code == 302
    assert Cohort.objects.get().status == "mapping"
    assert step(office, "nonsense").status_code == 404
    step(office, "check", **MAPPING)
    step(office, "store")
    step(office, "store")
    assert Student.objects.filter(student_number="A1").count() == 1


def test_the_page_of_running_work_asks_for_itself_and_can_be_asked_by_hand(office):
    send(office)
    cohort = Cohort.objects.get()
    office.post(reverse("students:cohort", args=[cohort.public_id]), {"step": "check", **MAPPING})
    text = page(office).content.decode()
    assert 'hx-trigger="every 2s"' in text
    assert f'href="{reverse("students:cohort", args=[cohort.public_id])}"' in text


@pytest.mark.parametrize("role", ["student", "recruiter", "staff"])
def test_who_may_not_import_is_refused(client, role, office):
    send(office)
    public_id = Cohort.objects.get().public_id
    client.force_login(UserFactory(role=role, is_staff=role == "staff"))
    for name, args in (("cohorts", []), ("cohort", [public_id]), ("cohort_errors", [public_id])):
        assert client.get(reverse(f"students:{name}", args=args)).status_code == 403
    assert client.post(reverse("students:cohort", args=[public_id]), {"step": "check", **MAPPING}).status_code == 403
    assert Cohort.objects.get().status == "mapping"


def test_the_list_and_the_report_take_as_many_queries_with_many_rows(office):
    def queries(count, prefix):
        rows = "\n".join(f"{prefix}{number};P;D;" for number in range(count))
        Cohort.objects.all().delete()
        send(office, f"Matrícula;Nombre;Carrera;Teléfono\n{rows}\n".encode())
        step(office, "check", **MAPPING)
        page(office)
        with CaptureQueriesContext(connection) as captured:
            office.get(LIST)
            page(office)
        return len(captured)

    assert queries(2, "a") == queries(60, "b")

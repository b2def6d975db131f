"""Cohort imports: who a row is about, what it changes, the way back, and work that is cut off."""

from __future__ import annotations

import io

import pytest
from django.core import mail
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from conftest import DAY, NOW
from moirai.accounts.tests.factories import UserFactory
from moirai.crypto.models import PersonKey
from students import cohort_work
from students.claim import claim_profile
from students.cohort import CohortNotPossibleError, check_cohort, forget_old_cohorts, store_cohort, undo_cohort
from students.cohort import upload_cohort as upload
from students.cohort_judge import hash_of
from students.cohort_work import work
from students.models import Cohort, CohortRow, Student
from students.tests.factories import CVFactory, StudentFactory

pytestmark = pytest.mark.django_db
HEADER = "Matrícula,Nombre,Correo,Carrera,Semestre"


def check(*lines, header=HEADER, mapping=None):
    content = "\n".join([header, *lines]).encode()
    cohort = upload(file=ContentFile(content), name="lista.csv", by=None, now=NOW)
    check_cohort(cohort=cohort, mapping=cohort.mapping if mapping is None else mapping, now=NOW)
    work(cohort_id=cohort.pk, now=NOW)
    cohort.refresh_from_db()
    return cohort


def store(cohort, *, now=NOW):
    store_cohort(cohort=cohort, now=now)
    work(cohort_id=cohort.pk, now=now)
    cohort.refresh_from_db()
    return cohort


def undo(cohort, *, now=NOW):
    undo_cohort(cohort=cohort, now=now)
    work(cohort_id=cohort.pk, now=now)
    cohort.refresh_from_db()
    return cohort


def outcomes(cohort):
    return list(cohort.rows.order_by("line").values_list("line", "outcome", "reason", "detail"))


def everybody():
    return {student.pk: hash_of(student) for student in Student.objects.all()}


ANA = "A1,Ana Ríos,ana@uni.example,Derecho,3"


def test_a_dry_run_stores_nobody_and_says_what_would_happen():
    known = StudentFactory(student_number="A2", degree_program="Derecho", semester=3)
    before = everybody()
    cohort = check(ANA, "A2,,,Derecho,4", "A3,Luis Paz,,Derecho,x", "A2,,,Derecho,5")
    assert everybody() == before
    assert cohort.counts == {"new": 1, "changed": 1, "same": 0, "error": 2}
    assert outcomes(cohort) == [
        (2, "new", "", ""),
        (3, "changed", "", ""),
        (4, "error", "value", "semester"),
        (5, "error", "number_twice", "3"),
    ]
    row = cohort.rows.get(line=3)
    assert (row.data["before"], row.data["after"], row.student) == ({"semester": 3}, {"semester": 4}, known)


def test_storing_adds_and_changes_and_sends_no_mail():
    known = StudentFactory(student_number="A2", semester=3, phone="55")
    cohort = store(check(ANA, "A2,,,,4"))
    ana = Student.objects.get(student_number="a1")
    assert (ana.user, ana.enrolled_name, ana.enrolled_email) == (None, "Ana Ríos", "ana@uni.example")
    assert (ana.degree_program, ana.semester, ana.visibility) == ("Derecho", 3, "private")
    known.refresh_from_db()
    assert (known.semester, known.phone, known.degree_program) == (4, "55", "Ingeniería en Sistemas")
    assert known.needs_matching_since == NOW
    assert cohort.status == "stored"
    assert mail.outbox == []


def test_an_empty_cell_clears_nothing_and_the_same_file_again_changes_nothing():
    store(check(ANA))
    before = everybody()
    cohort = store(check("A1,,,,"), now=NOW + DAY)
    assert cohort.counts["same"] == 1
    assert store(check(ANA), now=NOW + DAY).counts["same"] == 1
    assert everybody() == before


@pytest.mark.parametrize(
    ("line", "reason", "detail"),
    [
        ("A1,Otra Persona,,,", "other_person", "name"),
        ("A1,,otra@uni.example,,", "other_person", "email"),
        ("B9,Ana Ríos,ana@uni.example,,", "number_moves", ""),
        ("B9,,nadie@uni.example,,", "missing", "name"),
        ("B9,Eva,jefa@empresa.example,,", "other_role", ""),
        (",Eva,,,", "missing", "student_number"),
        ("B9,=1+1,,,", "formula", "name"),
        ("B9,Eva,no-es-correo,,", "value", "email"),
        ("B9,Eva,,,21", "value", "semester"),
        ("B9,Eva,,", "columns", ""),
        ("B9,Eva,,,3,de más", "columns", ""),
        (f"B9,{'x' * 151},,,", "value", "name"),
        (f"B9,{'x' * 1_000_000},,,", "cell", ""),
        ("B9,E\x00va,,,", "characters", ""),
        ("R1,,,,5", "restricted", ""),
    ],
)
def test_a_row_that_cannot_be_taken_is_named_and_nobody_changes(line, reason, detail):
    store(check(ANA))
    UserFactory(email="jefa@empresa.example", role="recruiter")
    StudentFactory(student_number="R1", restricted_since=NOW)
    before = everybody()
    cohort = store(check(line))
    assert outcomes(cohort) == [(2, "error", reason, detail)]
    assert everybody() == before


def test_a_student_with_an_account_is_found_by_address_gets_the_number_and_keeps_what_is_their_own():
    student = StudentFactory(user__email="ana@uni.example", user__full_name="ANA RIOS", location="Puebla", phone="")
    cohort = store(check("A1,Ana Ríos,Ana@Uni.example,Lima,99", header="Matricula,Nombre,Email,Ciudad,Teléfono"))
    student.refresh_from_db()
    assert cohort.counts["changed"] == 1
    assert (student.student_number, student.location, student.phone) == ("A1", "Puebla", "99")
    assert (student.enrolled_name, student.enrolled_email) == ("", None)
    assert student.user.full_name == "ANA RIOS"


def test_undoing_leaves_everybody_as_before():
    StudentFactory(student_number="A2", semester=3)
    without_account = StudentFactory(user=None, student_number="A4", enrolled_name="Eva", semester=1)
    StudentFactory()
    before = everybody()
    cohort = store(check(ANA, "A2,,,Historia,4", "A3,Luis Paz,,Derecho,1", "A4,Eva,eva@uni.example,,2"), now=NOW + DAY)
    assert everybody() != before
    new_key = Student.objects.get(student_number="A1").key_id
    undo(cohort, now=NOW + 2 * DAY)
    assert everybody() == before
    assert (cohort.status, cohort.counts["undone"], cohort.counts.get("left", 0)) == ("undone", 4, 0)
    assert PersonKey.objects.get(pk=new_key).wrapped == ""
    without_account.refresh_from_db()
    assert without_account.enrolled_email is None


def test_undoing_leaves_alone_who_was_changed_since_or_has_something():
    known = StudentFactory(student_number="A2", semester=3)
    cohort = store(check(ANA, "A2,,,,4", "A3,Luis Paz,,Derecho,1"))
    known.refresh_from_db()
    known.location = "Oaxaca"
    known.save()
    CVFactory(student=Student.objects.get(student_number="A3"))
    undo(cohort)
    known.refresh_from_db()
    assert (known.semester, known.location) == (4, "Oaxaca")
    assert sorted(Student.objects.values_list("student_number", flat=True)) == ["A2", "A3"]
    assert (cohort.counts["undone"], cohort.counts["left"]) == (1, 2)


def test_people_who_changed_between_dry_run_and_storing_are_judged_again():
    cohort = check(ANA, "A2,Luis Paz,luis@uni.example,Derecho,1")
    StudentFactory(user=None, student_number="A1", enrolled_name="Otra")
    store(cohort)
    assert outcomes(cohort) == [(2, "error", "other_person", "name"), (3, "new", "", "")]
    assert Student.objects.get(student_number="A1").enrolled_name == "Otra"


def test_each_step_is_possible_once_and_in_its_place():
    cohort = check(ANA)
    with pytest.raises(CohortNotPossibleError):
        undo_cohort(cohort=cohort, now=NOW)
    store(cohort)
    for step in (store_cohort, lambda **words: check_cohort(mapping={}, **words)):
        with pytest.raises(CohortNotPossibleError):
            step(cohort=cohort, now=NOW)
    assert not work(cohort_id=cohort.pk, now=NOW)
    assert Student.objects.count() == 1


@pytest.mark.parametrize("broken", ["_check_piece", "_store_piece", "_undo_piece"])
def test_work_that_is_cut_off_goes_on_where_it_was(broken, monkeypatch):
    monkeypatch.setattr(cohort_work, "PIECE", 2)
    lines = [f"N{number},Persona {number},p{number}@uni.example,Derecho,1" for number in range(7)]
    whole, calls = getattr(cohort_work, broken), []

    def dies_once(*args):
        calls.append(1)
        if len(calls) == 3:
            raise ConnectionError
        return whole(*args)

    monkeypatch.setattr(cohort_work, broken, dies_once)
    cohort = upload(file=ContentFile("\n".join([HEADER, *lines]).encode()), name="l.csv", by=None, now=NOW)
    for step in (lambda **words: check_cohort(mapping=cohort.mapping, **words), store_cohort, undo_cohort):
        step(cohort=cohort, now=NOW)
        for _ in range(2):
            try:
                work(cohort_id=cohort.pk, now=NOW)
            except ConnectionError:
                assert Cohort.objects.get().done == 4
        cohort.refresh_from_db()
        if step is store_cohort:
            assert (cohort.counts["new"], Student.objects.count()) == (7, 7)
    assert (cohort.status, cohort.counts["undone"], Student.objects.count()) == ("undone", 7, 0)


def test_an_import_that_always_fails_is_given_up(monkeypatch):
    cohort = check(ANA)
    store_cohort(cohort=cohort, now=NOW)
    monkeypatch.setattr(cohort_work, "_store_piece", lambda *args: 1 / 0)
    for _ in range(Cohort.MAX_ATTEMPTS):
        with pytest.raises(ZeroDivisionError):
            work(cohort_id=cohort.pk, now=NOW)
    assert not work(cohort_id=cohort.pk, now=NOW)
    assert Cohort.objects.get().is_stuck


def test_the_same_columns_are_matched_as_the_last_time():
    check(ANA, mapping={"student_number": 0, "name": 1, "location": 3})
    again = upload(file=ContentFile(f"{HEADER}\n{ANA}".encode()), name="b.csv", by=None, now=NOW)
    assert again.mapping == {"student_number": 0, "name": 1, "location": 3}


def test_a_long_file_takes_as_many_queries_a_piece_as_a_short_one():
    def queries(count, start):
        lines = [f"N{start + n},Persona,p{start + n}@uni.example,Derecho,1" for n in range(count)]
        with CaptureQueriesContext(connection) as captured:
            store(check(*lines))
        return len(captured)

    queries(1, 0)
    assert queries(60, 100) <= queries(5, 1000) + 2


def test_files_and_rows_are_gone_after_thirty_days_and_cannot_be_read():
    cohort = store(check(ANA))
    assert cohort.file.storage.exists(cohort.file.name)
    assert forget_old_cohorts(NOW + 29 * DAY) == 0
    assert forget_old_cohorts(NOW + 30 * DAY) == 1
    assert forget_old_cohorts(NOW + 30 * DAY) == 0
    gone = Cohort.objects.get()
    assert (gone.file.name, gone.file_name, gone.counts["new"]) == ("", "", 1)
    assert not gone.header
    assert not CohortRow.objects.exists()
    assert not cohort.file.storage.exists(cohort.file.name)
    with pytest.raises(CohortNotPossibleError):
        undo_cohort(cohort=gone, now=NOW + 31 * DAY)
    assert Student.objects.count() == 1


def test_the_profile_of_the_list_becomes_the_person_s_with_a_verified_address_only():
    store(check(ANA))
    assert claim_profile(user=UserFactory(email="otra@uni.example"), now=NOW) is None
    user = UserFactory(email="ana@uni.example", verified=False)
    assert claim_profile(user=user, now=NOW) is None
    user.emailaddress_set.create(email="ANA@uni.example", verified=True, primary=True)
    student = claim_profile(user=user, now=NOW)
    assert (student.student_number, student.enrolled_name, student.enrolled_email) == ("A1", "", None)
    assert claim_profile(user=user, now=NOW) is None


# --- The command ------------------------------------------------------------------------------------------------------


def run(tmp_path, content, **options):
    path = tmp_path / "lista.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    out, err = io.StringIO(), io.StringIO()
    error = ""
    try:
        call_command("import_students", path, cohort=True, stdout=out, stderr=err, **options)
    except CommandError as raised:
        error = str(raised)
    return out.getvalue(), err.getvalue(), error


def test_the_command_stores_what_the_page_would_and_undoes_it(tmp_path):
    out, err, error = run(tmp_path, f"{HEADER}\n{ANA}\n")
    assert (err, error) == ("", "")
    cohort = Cohort.objects.get()
    assert f"Stored as import {cohort.public_id}: 1 new, 0 changed." in out
    undone = io.StringIO()
    call_command("import_students", cohort.public_id, undo=True, stdout=undone)
    assert "1 as before, 0 changed since and left." in undone.getvalue()
    assert not Student.objects.exists()


def test_the_command_stores_nothing_of_a_file_with_a_bad_row_unless_told(tmp_path):
    content = f"{HEADER}\n{ANA}\nA2,=cmd,,,\n"
    _, err, error = run(tmp_path, content)
    assert err.startswith("line 3: ")
    assert error == "1 rows refused, nothing was stored."
    assert not Student.objects.exists()
    assert "Nothing was stored." in run(tmp_path, f"{HEADER}\n{ANA}\n", dry_run=True)[0]
    assert not Student.objects.exists()
    assert run(tmp_path, content, skip_bad=True)[2] == "1 rows refused, the others were stored."
    assert Student.objects.get().student_number == "A1"


@pytest.mark.parametrize("content", [b"", b"Nombre\nAna\n", b"Matricula\n", b'Matricula,\xff\n"A1,', b"a,a\n1,2\n"])
def test_the_command_refuses_a_file_that_cannot_be_read(tmp_path, content):
    assert run(tmp_path, content)[2]
    assert not Student.objects.exists()
    assert not Cohort.objects.filter(status__in=["mapping", "checked"]).exists()

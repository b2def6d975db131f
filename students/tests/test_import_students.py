"""``manage.py import_students``: good files, bad files, and the same file twice."""

import csv
import gzip
import io
import json

import pytest
from django.core.management import CommandError, call_command

from moirai.skills.models import EnrichmentLog
from moirai.skills.tests.factories import SkillFactory
from students.held import held_skills
from students.models import CV, Evidence, Student, StudentSkill
from students.tests.factories import StudentFactory

pytestmark = pytest.mark.django_db

COLUMNS = ["id", "language", "degree_program", "skills", "cv_text", "location", "experience_years"]


@pytest.fixture(autouse=True)
def skills():
    return {code: SkillFactory(code=code) for code in ("python", "excel")}


def row(number=1, **values):
    return {
        "id": f"s{number}",
        "language": "es",
        "degree_program": "Contaduría",
        "skills": ["Excel intermedio", "paciencia"],
        "cv_text": "Experiencia\nProgramé en Python un inventario.",
        "location": "Puebla",
        "experience_years": 2,
        **values,
    }


def write(path, lines):
    path.write_bytes("\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines).encode())
    return path


def run(path, **options):
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command("import_students", path, stdout=out, stderr=err, **options)
    except CommandError as error:
        return out.getvalue(), err.getvalue(), str(error)
    return out.getvalue(), err.getvalue(), ""


def test_a_file_of_students_becomes_profiles_with_evidence(tmp_path, skills):
    out, err, error = run(write(tmp_path / "s.jsonl", [row(1), row(2, cv_text="")]))
    assert (err, error) == ("", "")
    assert "Students: 2 added, 0 updated." in out
    student = Student.objects.get(external_id="s1")
    assert (student.user, student.visibility, student.degree_program) == (None, "companies", "Contaduría")
    assert (student.declared_skills, student.experience_years) == ("Excel intermedio\npaciencia", 2)
    assert student.needs_matching_since is not None
    assert held_skills([student.pk]) == {student.pk: {skills["python"].pk: 1.0, skills["excel"].pk: 1.0}}
    cv = student.cvs.get()
    assert (cv.status, cv.is_current, bool(cv.file), cv.language) == (CV.Status.READ, True, False, "es")
    assert {row.words for row in Evidence.objects.filter(student_skill__student=student)} == {"Python", "Excel"}
    assert EnrichmentLog.objects.get(subject_id=cv.pk).skills_found == 1
    assert not Student.objects.get(external_id="s2").cvs.exists()


def test_importing_again_updates_and_keeps_what_people_decided(tmp_path):
    run(write(tmp_path / "s.jsonl", [row(1)]))
    student = Student.objects.get(external_id="s1")
    student.skills.filter(skill__code="python").update(status=StudentSkill.Status.REMOVED)
    Student.objects.update(visibility="private")

    changed = row(1, location="Toluca", skills=["paciencia"], cv_text="Experiencia\nUsé Python y poco más, la verdad.")
    out, _, error = run(write(tmp_path / "s.jsonl", [changed, row(2)]))

    assert error == ""
    assert "1 added, 1 updated" in out
    student.refresh_from_db()
    assert (student.location, student.visibility) == ("Toluca", "private")
    assert dict(student.skills.values_list("skill__code", "status")) == {"python": "removed"}
    assert student.cvs.count() == 1
    assert "poco más" in student.cvs.get().text


def test_the_same_file_twice_changes_nothing(tmp_path):
    path = write(tmp_path / "s.jsonl", [row(n) for n in range(1, 8)])
    run(path)
    before = (CV.objects.count(), set(Evidence.objects.values_list("student_skill", "cv", "statement", "start")))
    run(path)
    assert (
        CV.objects.count(),
        set(Evidence.objects.values_list("student_skill", "cv", "statement", "start")),
    ) == before


def test_a_cv_that_the_student_uploaded_stays(tmp_path):
    student = StudentFactory(external_id="s1")
    CV.objects.create(
        student=student, file="cv/x/y", text="Mi texto", status="read", is_current=True, uploaded_at="2026-11-01T00:00Z"
    )
    run(write(tmp_path / "s.jsonl", [row(1)]))
    assert student.cvs.get().text == "Mi texto"


@pytest.mark.parametrize("gzipped", [False, True])
def test_csv_plain_or_gzipped_is_read(tmp_path, gzipped):
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS)
    writer.writeheader()
    writer.writerow(row(1, skills="Excel; paciencia", cv_text="Experiencia\nUsé Python\nen casa"))
    data = text.getvalue().encode("utf-8-sig")
    path = tmp_path / ("s.csv.gz" if gzipped else "s.csv")
    path.write_bytes(gzip.compress(data) if gzipped else data)
    assert run(path)[2] == ""
    student = Student.objects.get()
    assert student.declared_skills == "Excel\npaciencia"
    assert student.cvs.get().text == "Experiencia\nUsé Python\nen casa"


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('{"id": "s9", ', "broken JSON"),
        ("[1, 2]", "not a JSON object"),
        ("[" * 100_000, "nested too deeply"),
        (json.dumps({**row(9), "colour": "red"}), "unknown columns: colour"),
        (json.dumps(row(1)), "id 's1' was on line 1 already"),
        (json.dumps(row(9, id="")), "id is missing"),
        (json.dumps(row(9, id="x" * 101)), "id has 101 characters"),
        (json.dumps(row(9, cv_text="a\x00b")), "cv_text holds a NUL"),
        (json.dumps(row(9, cv_text="a\ud800b")), "half a character"),
        (json.dumps(row(9, skills=["\ud800"])), "half a character"),
        (json.dumps(row(9, skills=[1])), "skills is not a list of texts"),
        (json.dumps(row(9, cv_text=["a"])), "cv_text is not text"),
        (json.dumps(row(9, language="fr")), "language is 'fr', not one of es, en"),
        (json.dumps(row(9, experience_years=-1)), "experience_years is -1"),
        (json.dumps(row(9, experience_years="muchos")), "experience_years is 'muchos', not a number"),
        (json.dumps(row(9, experience_years=float("inf"))), "not a number"),
        (json.dumps(row(9, degree_program="x" * 201)), "degree_program has 201 characters"),
        (json.dumps(row(9, cv_text="x" * 400_001)), "cv_text has 400001 characters"),
    ],
    ids=range(18),
)
def test_a_bad_row_is_named_and_nothing_is_stored(tmp_path, line, reason):
    path = write(tmp_path / "s.jsonl", [row(1), row(2), line])
    _, err, error = run(path)
    assert "s.jsonl, line 3: " in err
    assert reason in err
    assert error == "1 rows refused, nothing was stored."
    assert Student.objects.count() == 0


def test_a_file_in_latin_1_is_refused_line_by_line(tmp_path):
    path = tmp_path / "s.jsonl"
    good = json.dumps(row(1)).encode()
    path.write_bytes(good + b"\n" + json.dumps(row(2), ensure_ascii=False).encode("latin-1") + b"\n")
    _, err, error = run(path)
    assert "line 2: line is not UTF-8 text (Latin-1?)" in err
    assert error
    assert Student.objects.count() == 0


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("id,language\ns1,es\n", "line 1: missing columns: cv_text, degree_program"),
        (",".join([*COLUMNS, "color"]) + "\n", "line 1: unknown columns: 'color'"),
        (",".join(COLUMNS) + "\ns1,es,a\n", "line 2: 3 columns where the header has 7"),
        (",".join(COLUMNS) + '\ns1,es,a,b,"c,d,0\n', "broken CSV"),
        (",".join(COLUMNS) + '\ns1,es,a,b,"c\nd",e,0\ns1,es,a,b,c,d,0\n', "line 4: id 's1' was on line 2 already"),
    ],
)
def test_a_bad_csv_is_named_by_line(tmp_path, text, reason):
    path = tmp_path / "s.csv"
    path.write_text(text)
    _, err, error = run(path)
    assert reason in err
    assert error
    assert Student.objects.count() == 0


def test_skip_bad_stores_the_others_and_still_fails(tmp_path):
    path = write(tmp_path / "s.jsonl", [row(1), "{", row(2)])
    out, err, error = run(path, skip_bad=True)
    assert "s.jsonl, line 2: broken JSON" in err
    assert "2 added" in out
    assert error == "1 rows refused, the others were stored."
    assert Student.objects.count() == 2


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("s.xlsx", b"PK", "neither .jsonl nor .csv"),
        ("s.jsonl.gz", b"not gzip", "cannot be read"),
        ("s.jsonl.gz", gzip.compress(bytes(range(256)) * 9, mtime=0)[:60], "cannot be read"),
    ],
)
def test_a_file_that_is_none_is_refused(tmp_path, name, data, reason):
    path = tmp_path / name
    path.write_bytes(data)
    _, err, error = run(path)
    assert reason in err
    assert error


def test_a_missing_file_is_refused(tmp_path):
    _, err, error = run(tmp_path / "nowhere.jsonl")
    assert "cannot be read" in err
    assert error


def test_an_import_that_breaks_in_the_middle_leaves_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr("moirai.import_command.BATCH_SIZE", 2)
    breaks = "moirai.skills.models.EnrichmentLog.objects.bulk_create"  # the last thing that is written of a batch
    monkeypatch.setattr(breaks, lambda _rows: 1 // (not Student.objects.filter(external_id="s5").exists()))
    with pytest.raises(ZeroDivisionError):
        run(write(tmp_path / "s.jsonl", [row(n) for n in range(1, 7)]))
    assert Student.objects.count() == 0


def test_a_batch_costs_the_same_number_of_queries_whatever_its_size(tmp_path, django_assert_max_num_queries):
    run(write(tmp_path / "warm.jsonl", [row(0)]))
    for size in (2, 60):
        path = write(tmp_path / f"{size}.jsonl", [row(f"{size}-{n}") for n in range(size)])
        with django_assert_max_num_queries(32):
            run(path)

"""Students, postings and matches leave as files and come back as the same rows."""

import json

import pytest
from django.core.management import CommandError, call_command

from conftest import NOW
from jobs.models import Job
from matching import ranking
from matching.models import Match
from matching.tests.conftest import model, taxonomy  # noqa: F401 - fixtures
from moirai.csv_export import quoted, unquoted
from moirai.exporting import opened
from students.models import CV, Evidence, Student, StudentSkill

pytestmark = pytest.mark.django_db
ODD = ["=1+1", "'=1+1", "''@x", "-2", "'tis", 'a"b', "a;b|c", "a, b", "[no", "ñandú", "\t=2"]
STUDENTS = [
    {"id": f"s{n}", "language": "es", "degree_program": text, "skills": ["Python", text.strip(), "SQL; y más"],
     "cv_text": f"Experiencia\nProgramé en Python.\n{text} y\ftal.", "location": text, "experience_years": n}
    for n, text in enumerate(ODD)
]  # fmt: skip
JOBS = [
    {"id": f"j{n}", "language": "en", "title": text, "description": f"{text}\nUsarás Python.", "location": text,
     "required_skills": ["Python", f"{n}; años"], "preferred_skills": [text.strip()], "seniority": "mid",
     "modality": "remote"}
    for n, text in enumerate(ODD)
]  # fmt: skip


@pytest.fixture(autouse=True)
def clock(time_machine):
    time_machine.move_to(NOW, tick=False)


def rows():
    """What the files say of everybody and everything, as the database holds it."""
    students = [
        (row.external_id, row.language, row.degree_program, row.declared_skills, row.location, row.experience_years)
        for row in Student.objects.order_by("pk")
    ]
    jobs = Job.objects.order_by("pk").values_list(
        "external_id",
        "language",
        "title",
        "description",
        "requirements",
        "preferences",
        "city",
        "seniority",
        "modality",
    )
    return {
        "students": students,
        "cvs": [(row.student.external_id, row.text) for row in CV.objects.select_related("student").order_by("pk")],
        "jobs": list(jobs),
        "skills": StudentSkill.objects.count(),
        "evidence": Evidence.objects.count(),
    }


@pytest.mark.parametrize("ending", ["csv", "jsonl.gz"])
def test_students_and_postings_come_back_as_they_left(taxonomy, tmp_path, ending):  # noqa: F811
    for name, given in (("students", STUDENTS), ("jobs", JOBS)):
        (tmp_path / f"{name}.jsonl").write_text("\n".join(map(json.dumps, given)))
        call_command(f"import_{name}", tmp_path / f"{name}.jsonl")
        call_command(f"export_{name}", tmp_path / f"{name}.{ending}")
    before = rows()
    assert [row[2] for row in before["students"]] == [text.strip() for text in ODD]
    Student.objects.all().delete()
    Job.objects.all().delete()
    for name in ("students", "jobs"):
        call_command(f"import_{name}", tmp_path / f"{name}.{ending}")
    assert rows() == before
    call_command("import_students", tmp_path / f"students.{ending}")
    assert rows() == before


@pytest.mark.parametrize("ending", ["tsv", "csv.gz", "jsonl"])
def test_matches_that_were_written_are_read_and_scored_the_same(model, tmp_path, ending):  # noqa: F811
    for name, given in (("students", STUDENTS[:2]), ("jobs", JOBS[:2])):
        (tmp_path / f"{name}.jsonl").write_text("\n".join(map(json.dumps, given)))
        call_command(f"import_{name}", tmp_path / f"{name}.jsonl")
    for student in Student.objects.all():
        ranking.refresh_student(student=student, now=NOW)
    first, second = tmp_path / f"first.{ending}", tmp_path / f"second.{ending}"
    call_command("export_matches", first)
    call_command("export_matches", "--pairs", first, second)
    assert Match.objects.exists()
    with opened(first, "rt") as written, opened(second, "rt") as again:
        assert written.read() == again.read() != ""


def test_what_no_spreadsheet_computes_is_taken_back_exactly(tmp_path):
    assert [unquoted(str(quoted(text))) for text in ODD] == ODD
    with pytest.raises(CommandError, match=r"neither \.csv nor \.jsonl"):
        call_command("export_jobs", tmp_path / "jobs.xlsx")

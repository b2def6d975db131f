"""Students' pages, in both languages, with what people send them."""

import errno
from pathlib import Path

import pytest
from django.apps import apps
from django.core.files.storage import FileSystemStorage, default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from conftest import HOUR, NOW
from moirai.accounts.tests.factories import StaffFactory, UserFactory
from moirai.skills.tests.factories import SkillFactory
from students.enrich import enrich
from students.models import CV, Evidence, ProfileEntry, Student, StudentSkill
from students.tests import files
from students.tests.factories import CVFactory, StudentFactory
from students.upload import upload_cv

pytestmark = pytest.mark.django_db
TEXT = "Experiencia\nProgramé en Python un inventario.\nUsé Excel a diario.\fEducación\nIngeniería en Sistemas, 2024\n"


@pytest.fixture(autouse=True)
def clock(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture(autouse=True)
def skills():
    return {code: SkillFactory(code=code) for code in ("python", "excel")}


@pytest.fixture
def student(client):
    student = StudentFactory()
    client.force_login(student.user)
    return student


@pytest.fixture
def read(student):
    """The student with a CV that has been read."""
    cv = upload_cv(student=student, file=SimpleUploadedFile("cv.txt", TEXT.encode()), now=NOW)
    enrich(cv=cv, now=NOW)
    return student


def address(name, *args, language="es-mx"):
    with translation.override(language):
        return reverse(f"students:{name}", args=args)


def page(client, name, *args, language="es-mx"):
    response = client.get(address(name, *args, language=language))
    assert response.status_code == 200
    return response.content.decode()


PAGES = ["upload_cv", "reading", "review_skills", "profile", "edit_profile", "cv", "add_skill", "print_profile"]


@pytest.mark.parametrize("language", ["es-mx", "en"])
@pytest.mark.parametrize("name", PAGES)
def test_every_page_answers_in_both_languages(client, read, name, language):
    html = page(client, name, language=language)
    assert '<html lang="' + language in html
    assert html.count("<h1>") == 1
    assert "style=" not in html


@pytest.mark.parametrize(
    "name", ["upload_cv", "review_skills", "profile", "edit_profile", "add_skill", "print_profile"]
)
def test_pages_work_for_a_student_who_has_nothing(client, name):
    client.force_login(UserFactory())
    page(client, name)
    assert Student.objects.count() == 1


@pytest.mark.parametrize("name", [*PAGES, "start"])
def test_visitors_are_sent_to_sign_in_and_other_roles_refused(client, name):
    assert client.get(address(name)).status_code == 302
    client.force_login(UserFactory(role="recruiter"))
    assert client.get(address(name)).status_code == 403
    client.force_login(StaffFactory())
    assert client.get(address(name)).status_code == 403


def test_start_leads_where_the_student_stopped(client, student):
    def goes_to():
        return client.get(address("start")).url

    assert goes_to() == address("upload_cv")
    cv = upload_cv(student=student, file=SimpleUploadedFile("cv.txt", TEXT.encode()), now=NOW)
    assert goes_to() == address("reading")
    enrich(cv=cv, now=NOW)
    assert goes_to() == reverse("matching:for_you")


# --- Upload and reading ----------------------------------------------------------------------------------------------


def test_a_cv_is_uploaded_and_waits(client, student):
    response = client.post(address("upload_cv"), {"cv": SimpleUploadedFile("cv.pdf", files.pdf())})
    assert response.url == address("reading")
    assert student.cvs.get().status == CV.Status.WAITING


@pytest.mark.parametrize(
    "data",
    [b"", files.PROGRAM, files.spreadsheet(), files.docx_file()[:3000], files.bomb_docx(), b"x " * (3 * 1024 * 1024)],
    ids=["empty", "program", "spreadsheet", "damaged", "bomb", "six megabytes"],
)
def test_a_file_we_cannot_read_is_refused_before_it_is_stored(client, student, data):
    response = client.post(address("upload_cv"), {"cv": SimpleUploadedFile("cv.pdf", data)})
    assert response.status_code in {413, 422}
    assert not student.cvs.exists()
    if response.status_code == 422:
        assert 'role="alert"' in response.content.decode()


def test_a_full_disk_is_our_fault_and_leaves_neither_row_nor_file(client, student, monkeypatch):
    def half(storage, name, content):
        Path(storage.path(name)).parent.mkdir(parents=True, exist_ok=True)
        Path(storage.path(name)).write_bytes(content.read(10))
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(FileSystemStorage, "_save", half)
    response = client.post(address("upload_cv"), {"cv": SimpleUploadedFile("cv.txt", b"Python y SQL")})
    assert response.status_code == 503
    assert 'role="alert"' in response.content.decode()
    assert not CV.objects.exists()
    assert not [path for path in Path(default_storage.location).rglob("*") if path.is_file()]


def test_a_form_without_a_file_says_so(client, student):
    response = client.post(address("upload_cv"), {"cv": "text"})
    assert response.status_code == 422
    assert not student.cvs.exists()


def test_a_little_too_large_is_said_in_the_form(client, student, settings):
    settings.CV_MAX_BYTES = 1000
    response = client.post(address("upload_cv"), {"cv": SimpleUploadedFile("cv.txt", b"hola mundo " * 200)})
    assert response.status_code == 422
    assert not student.cvs.exists()


def test_reading_shows_steps_and_polls(client, student):
    cv = upload_cv(student=student, file=SimpleUploadedFile("cv.txt", TEXT.encode()), now=NOW)
    html = page(client, "reading")
    assert 'hx-trigger="every 2s"' in html
    assert f'href="{address("reading")}"' in html
    enrich(cv=cv, now=NOW)
    assert CV.objects.get().pages == 2
    fragment = client.get(address("reading", language="en"), headers={"hx-request": "true"})
    assert "HX-Request" in fragment["Vary"]
    assert "<html" not in fragment.content.decode()
    assert "We read 2 pages" in fragment.content.decode()
    assert "We found 2 skills" in fragment.content.decode()


def test_reading_says_that_work_waits_and_since_when(client, student, time_machine):
    upload_cv(student=student, file=SimpleUploadedFile("cv.txt", TEXT.encode()), now=NOW)
    assert "has waited" not in page(client, "reading", language="en")
    time_machine.move_to(NOW + HOUR, tick=False)
    html = page(client, "reading", language="en")
    assert "Your CV has waited to be read since" in html
    assert "It is taking longer than usual" in html


def test_reading_says_that_the_comparison_waits(client, read, time_machine):
    assert "has waited since" not in page(client, "reading", language="en")
    time_machine.move_to(NOW + HOUR, tick=False)
    assert "The comparison with the postings has waited since" in page(client, "reading", language="en")


def test_reading_ends_once_matches_are_stored(client, read):
    runs = apps.get_model("matching.MatchRun").objects  # by name: tests of this floor import none above it
    runs.create(scope="student", student=read, status="done", pairs=318, created_at=NOW, finished_at=NOW)
    Student.objects.update(needs_matching_since=None)
    html = page(client, "reading", language="en")
    assert "Compared with 318 postings" in html
    assert "hx-trigger" not in html


def test_reading_ends_for_a_student_who_wants_no_matches(client, read):
    Student.objects.update(wants_matching=False)
    html = page(client, "reading", language="en")
    assert "hx-trigger" not in html
    assert address("review_skills", language="en") in html


@pytest.mark.parametrize("failure", ["", *CV.Failure.values])
def test_reading_says_why_it_failed_and_offers_the_form(client, student, failure):
    cv = CVFactory(student=student, is_current=False, status="failed", failure=failure, text="")
    html = page(client, "reading")
    assert 'type="file"' in html
    assert "hx-trigger" not in html
    assert address("edit_profile") in html
    assert cv.original_name not in html


def test_reading_without_a_cv_leads_to_the_upload(client, student):
    assert client.get(address("reading")).url == address("upload_cv")


# --- Skills and evidence ---------------------------------------------------------------------------------------------


def test_review_shows_each_skill_with_its_quote(client, read):
    html = page(client, "review_skills")
    assert "«Programé en <mark>Python</mark> un inventario.»" in html


def test_review_stores_what_the_student_says(client, read):
    python, excel = read.skills.get(skill__code="python"), read.skills.get(skill__code="excel")
    Student.objects.update(needs_matching_since=None)
    data = {f"skill-{python.pk}": "remove", f"skill-{excel.pk}": "learning"}
    assert client.post(address("review_skills"), data).status_code == 302
    assert dict(read.skills.values_list("skill__code", "status")) == {"python": "removed", "excel": "learning"}
    read.refresh_from_db()
    assert read.needs_matching_since == NOW


def test_review_ignores_skills_of_others_and_nonsense(client, read):
    other = StudentFactory(skills=["tableau"]).skills.get()
    data = {f"skill-{other.pk}": "remove", "skill-9": "maybe", "skill-x": "yes", f"skill-{'9' * 40}": "yes"}
    assert client.post(address("review_skills"), data).status_code == 302
    other.refresh_from_db()
    assert other.status == StudentSkill.Status.CONFIRMED


def test_the_cv_page_marks_the_evidence(client, read):
    html = page(client, "cv", language="en")
    evidence = Evidence.objects.get(student_skill__skill__code="python")
    assert f'id="e{evidence.pk}"' in html
    assert "<mark>Python</mark>" in html
    assert "Page 2" in html


def test_markup_in_a_cv_is_shown_not_run(client, student):
    text = b"Experiencia\nUs\xc3\xa9 <script>alert(1)</script> Python <b>siempre</b> en casa."
    cv = upload_cv(student=student, file=SimpleUploadedFile("cv.txt", text), now=NOW)
    enrich(cv=cv, now=NOW)
    for name in ("cv", "review_skills", "profile", "print_profile"):
        assert "<script>alert" not in page(client, name)


def test_evidence_is_contested_and_counts_again(client, read):
    evidence = Evidence.objects.get(student_skill__skill__code="python")
    url = address("contest_evidence", evidence.pk)
    assert client.get(url).status_code == 200
    assert client.post(url, {"next": address("cv")}).url == address("cv")
    assert client.post(url).status_code == 302
    evidence.refresh_from_db()
    assert (evidence.is_contested, evidence.contested_at) == (True, NOW)
    page(client, "contest_evidence", evidence.pk)
    client.post(url, {"undo": "1"})
    evidence.refresh_from_db()
    assert (evidence.is_contested, evidence.contested_at) == (False, None)


def test_a_foreign_next_page_is_not_followed(client, read):
    url = address("contest_evidence", Evidence.objects.first().pk)
    assert client.post(url, {"next": "https://evil.example/"}).url == address("profile")


def test_a_skill_is_added_once_with_its_statement(client, student, skills):
    data = {"name": "  PYTHON ", "statement": "Automaticé reportes con Python en mi servicio social."}
    for _ in range(2):
        assert client.post(address("add_skill"), data).url == address("profile")
    evidence = Evidence.objects.get()
    assert (evidence.words, evidence.student_skill.status) == ("Python", "confirmed")


def test_a_misspelt_skill_gets_suggestions_and_keeps_what_was_typed(client, student):
    data = {"name": "Phyton", "statement": "Automaticé reportes en mi servicio social."}
    response = client.post(address("add_skill"), data)
    html = response.content.decode()
    assert response.status_code == 422
    assert 'name="chosen" value="Python"' in html
    assert "Automaticé reportes en mi servicio social." in html
    assert client.post(address("add_skill"), {**data, "chosen": "Python"}).status_code == 302


@pytest.mark.parametrize(
    "data",
    [{}, {"name": "Python"}, {"name": "Python", "statement": "x" * 501}, {"name": "a\x00b", "statement": "y" * 20}],
)
def test_a_skill_without_a_sound_statement_is_refused(client, student, data):
    assert client.post(address("add_skill"), data).status_code == 422
    assert not student.skills.exists()


# --- Profile ---------------------------------------------------------------------------------------------------------


def test_details_are_suggested_by_the_cv_but_not_stored(client, read):
    Student.objects.update(degree_program="")
    html = page(client, "edit_profile")
    assert "Ingeniería en Sistemas" in html
    read.refresh_from_db()
    assert read.degree_program == ""


DETAILS = {"degree_program": "Derecho", "semester": "5", "experience_years": "1", "english_level": "B2"}


def test_details_are_saved_and_matched_again(client, student):
    assert client.post(address("edit_profile"), DETAILS).url == address("profile")
    student.refresh_from_db()
    assert (student.degree_program, student.semester, student.needs_matching_since) == ("Derecho", 5, NOW)


@pytest.mark.parametrize(
    "wrong",
    [
        {"semester": "21"},
        {"semester": "9" * 30},
        {"hours_per_week": "0"},
        {"experience_years": "-1"},
        {"degree_program": "x" * 201},
        {"headline": "a\x00b"},
        {"english_level": "Z9"},
        {"declared_skills": "x" * 5001},
    ],
)
def test_wrong_details_are_refused_and_nothing_is_stored(client, student, wrong):
    response = client.post(address("edit_profile"), {**DETAILS, **wrong})
    assert response.status_code == 422
    assert 'role="alert"' in response.content.decode()
    student.refresh_from_db()
    assert student.degree_program == "Ingeniería en Sistemas"


def test_visibility_is_a_choice_of_the_student(client, student):
    client.post(address("save_settings"), {"visibility": "companies"})
    student.refresh_from_db()
    assert (student.visibility, student.wants_matching) == ("companies", False)
    assert client.post(address("save_settings"), {"visibility": "everybody"}).status_code == 422
    assert client.get(address("save_settings")).status_code == 405


ENTRY = {"title": "Becaria", "organisation": "Biblioteca", "started_on": "2024-01-01", "ended_on": "2024-06-30"}


@pytest.mark.parametrize("kind", ProfileEntry.Kind.values)
def test_an_entry_is_added_once_changed_and_deleted(client, student, kind):
    for _ in range(2):
        assert client.post(address("add_entry", kind), ENTRY).url == address("profile")
    entry = student.entries.get()
    assert (entry.kind, entry.title) == (kind, "Becaria")
    assert "Becaria" in page(client, "edit_entry", entry.pk)
    client.post(address("edit_entry", entry.pk), {**ENTRY, "title": "Analista"})
    assert "Analista" in page(client, "profile")
    page(client, "delete_entry", entry.pk)
    assert student.entries.exists()
    client.post(address("delete_entry", entry.pk))
    assert not student.entries.exists()
    assert client.post(address("delete_entry", entry.pk)).status_code == 404


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": ""},
        {"title": "x" * 201},
        {"ended_on": "2023-01-01"},
        {"started_on": "ayer"},
        {"description": "x" * 2001},
    ],
)
def test_a_wrong_entry_is_refused(client, student, wrong):
    assert client.post(address("add_entry", "experience"), {**ENTRY, **wrong}).status_code == 422
    assert not student.entries.exists()


def test_an_unknown_kind_of_entry_does_not_exist(client, student):
    assert client.get(address("add_entry", "hobby")).status_code == 404


def test_what_belongs_to_others_does_not_exist(client, student):
    other = StudentFactory(skills=["tableau"])
    entry = ProfileEntry.objects.create(student=other, kind="project", title="Secreto")
    cv = upload_cv(student=other, file=SimpleUploadedFile("cv.txt", TEXT.encode()), now=NOW)
    evidence = Evidence.objects.get(student_skill__student=other)
    for url in (
        address("edit_entry", entry.pk),
        address("delete_entry", entry.pk),
        address("cv_file", cv.public_id),
        address("contest_evidence", evidence.pk),
        address("contest_evidence", 10**30),
    ):
        assert client.get(url).status_code == 404
        assert client.post(url).status_code in {404, 405}


def test_the_owner_gets_the_file_as_an_attachment(client, student):
    cv = upload_cv(student=student, file=SimpleUploadedFile("mi cv.txt", TEXT.encode()), now=NOW)
    response = client.get(address("cv_file", cv.public_id))
    assert b"".join(response.streaming_content) == TEXT.encode()
    assert response["Content-Disposition"].startswith("attachment")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Type"] == "application/octet-stream"
    cv.file.storage.delete(cv.file.name)
    assert client.get(address("cv_file", cv.public_id)).status_code == 404


def test_an_imported_cv_has_no_file(client, student):
    assert client.get(address("cv_file", CVFactory(student=student).public_id)).status_code == 404


@pytest.mark.parametrize("name", ["profile", "review_skills", "print_profile", "cv"])
def test_a_page_costs_the_same_queries_whatever_its_length(client, student, name, django_assert_num_queries):
    def grow(size):
        codes = [f"Oficio{chr(97 + n)}" for n in range(size)]
        for code in codes:
            SkillFactory(code=code)
        text = "Experiencia\n" + "".join(f"Aprendí {code} en el taller.\n" for code in codes)
        enrich(cv=upload_cv(student=student, file=SimpleUploadedFile("a.txt", text.encode()), now=NOW), now=NOW)
        ProfileEntry.objects.bulk_create(
            ProfileEntry(student=student, kind="project", title=f"Proyecto {n}") for n in range(size)
        )
        assert student.skills.count() == size

    grow(2)
    page(client, name)  # the first request of a session writes it
    with CaptureQueriesContext(connection) as few:
        page(client, name)
    queries = len(few)
    grow(20)
    page(client, name)
    with django_assert_num_queries(queries):
        page(client, name)
    assert queries <= 18  # of them nine for session, user, site and bell

"""From an uploaded file to skills with evidence, whatever happens on the way."""

import pytest
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from conftest import HOUR, NOW
from moirai.skills.models import EnrichmentLog
from moirai.skills.tests.factories import SkillFactory
from students import enrich as enriching
from students import tasks
from students.enrich import enrich, read_again
from students.models import CV, Evidence, StudentSkill
from students.reading import Failure, ReaderCrashedError, Reading, UnreadableError
from students.signals import cv_read, student_changed
from students.tests import files
from students.tests.factories import CVFactory, StudentFactory
from students.upload import upload_cv

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def skills():
    return {code: SkillFactory(code=code) for code in ("python", "excel", "sql")}


@pytest.fixture
def heard():
    """What was announced, as (name, keyword arguments)."""
    calls = []

    def on_change(sender, student_id, **kwargs):
        calls.append(("student_changed", student_id))

    def on_read(sender, cv_id, **kwargs):
        calls.append(("cv_read", cv_id))

    student_changed.connect(on_change)
    cv_read.connect(on_read)
    yield calls
    student_changed.disconnect(on_change)
    cv_read.disconnect(on_read)


def uploaded(student=None, content=None, *, now=NOW):
    data = files.pdf() if content is None else content
    return upload_cv(student=student or StudentFactory(), file=ContentFile(data, name="cv.pdf"), now=now)


def with_text(text, student=None, *, now=NOW):
    return uploaded(student, text.encode(), now=now)


def codes(student, **conditions):
    return sorted(student.skills.filter(**conditions).values_list("skill__code", flat=True))


def test_a_cv_becomes_text_and_skills_with_evidence(heard):
    cv = uploaded()
    assert (cv.status, cv.needs_reading_since) == (CV.Status.WAITING, NOW)

    assert enrich(cv=cv, now=NOW)

    student = cv.student
    student.refresh_from_db()
    assert (cv.status, cv.is_current, cv.pages, cv.language) == (CV.Status.READ, True, 1, "es")
    assert (cv.needs_reading_since, cv.failure) == (None, "")
    assert codes(student) == ["excel", "python", "sql"]
    assert student.needs_matching_since >= NOW
    assert heard == [("student_changed", student.pk), ("cv_read", cv.pk)]
    log = EnrichmentLog.objects.get(subject_id=cv.pk)
    assert (log.outcome, log.skills_found, log.characters) == ("done", 3, len(cv.text))


def test_offsets_are_the_words_and_lie_in_their_sentence():
    cv = uploaded()
    enrich(cv=cv, now=NOW)
    rows = list(Evidence.objects.select_related("cv", "student_skill__skill"))
    assert {(row.student_skill.skill.code, cv.text[row.start : row.end]) for row in rows} == {
        ("python", "Python"),
        ("excel", "Excel"),
        ("sql", "SQL"),
    }
    assert "Programé servicios web en Python para una biblioteca." in {row.sentence for row in rows}
    assert all(row.before + row.words + row.after == row.sentence for row in rows)
    assert {row.section for row in rows} == {"experience", "skills"}


def test_offsets_stay_true_in_a_text_read_in_pieces():
    cv = with_text("Experiencia\n" + "Atendí a clientes de la tienda.\n" * 1500 + "Usé Python y SQL a diario.\n")
    enrich(cv=cv, now=NOW)
    assert {row.words for row in Evidence.objects.select_related("cv")} == {"Python", "SQL"}
    assert {row.sentence for row in Evidence.objects.select_related("cv")} == {"Usé Python y SQL a diario."}


def test_at_most_five_pieces_of_evidence_a_skill_the_strongest_kept():
    work = "".join(f"Proyecto {number} hecho con Python.\n" for number in range(7))
    cv = with_text("Habilidades\nPython, paciencia\nExperiencia\n" + work)
    enrich(cv=cv, now=NOW)
    assert [row.section for row in Evidence.objects.all()] == ["experience"] * 5


def test_a_header_on_every_page_is_one_piece_of_evidence():
    cv = with_text("Experta en Python y en datos.\nUna página.\fExperta en Python y en datos.\nOtra página.")
    enrich(cv=cv, now=NOW)
    assert Evidence.objects.count() == 1


def test_a_file_at_fault_is_final_at_once(heard):
    before = CVFactory(student=StudentFactory())
    cv = uploaded(before.student, files.encrypted_pdf(), now=NOW + HOUR)
    enrich(cv=cv, now=NOW + HOUR)
    cv.refresh_from_db()
    before.refresh_from_db()
    assert (cv.status, cv.failure, cv.needs_reading_since) == (CV.Status.FAILED, "encrypted", None)
    assert before.is_current
    assert heard == [("cv_read", cv.pk)]
    assert EnrichmentLog.objects.get(subject_id=cv.pk).reason == "encrypted"
    assert not tasks.read_cv(cv_id=cv.pk)


def test_reading_twice_changes_nothing():
    cv = uploaded()
    assert tasks.read_cv(cv_id=cv.pk)
    first = set(Evidence.objects.values_list("student_skill__skill__code", "start", "end"))
    assert not tasks.read_cv(cv_id=cv.pk)
    read_again(cvs=CV.objects.filter(pk=cv.pk), now=NOW + HOUR)
    assert tasks.read_cv(cv_id=cv.pk)
    assert set(Evidence.objects.values_list("student_skill__skill__code", "start", "end")) == first
    cv.refresh_from_db()
    assert (cv.status, cv.is_current) == (CV.Status.READ, True)


def test_two_workers_do_not_read_the_same_cv():
    cv = uploaded()
    same = CV.objects.get(pk=cv.pk)
    assert enriching._claim(cv, NOW) is not None
    assert enriching._claim(same, NOW) is None
    assert enriching._claim(CV.objects.get(pk=cv.pk), NOW) is None
    assert enriching._claim(CV.objects.get(pk=cv.pk), NOW + HOUR) is not None
    assert set(EnrichmentLog.objects.values_list("outcome", "reason")) == {("failed", "lost"), ("running", "")}


def test_a_message_that_comes_again_is_not_held_up_by_the_process_that_died_over_it():
    cv = uploaded()
    EnrichmentLog.objects.create(subject="cv", subject_id=cv.pk, extractor_version="x", started_at=timezone.now())
    assert tasks.read_cv(cv_id=cv.pk) is False
    tasks.read_cv.push_request(delivery_info={"redelivered": True})
    tasks.read_cv.run(cv_id=cv.pk)
    tasks.read_cv.pop_request()
    cv.refresh_from_db()
    assert cv.status == CV.Status.READ
    assert set(EnrichmentLog.objects.values_list("outcome", "reason")) == {("failed", "lost"), ("done", "")}


def test_a_cv_that_crashes_its_reader_is_given_up_after_three_attempts(monkeypatch, heard, time_machine):
    def crash(data):
        raise ReaderCrashedError("killed")

    monkeypatch.setattr(enriching, "read_file", crash)
    cv = uploaded()
    for attempt in range(3):
        time_machine.move_to(NOW + attempt * HOUR, tick=False)
        with pytest.raises(ReaderCrashedError):
            tasks.read_cv(cv_id=cv.pk)
    assert not tasks.read_cv(cv_id=cv.pk)
    cv.refresh_from_db()
    assert (cv.status, cv.failure, cv.attempts, cv.needs_reading_since) == (CV.Status.FAILED, "", 3, None)
    assert heard == [("cv_read", cv.pk)]
    assert EnrichmentLog.objects.filter(subject_id=cv.pk, outcome="failed").count() == 3


def test_a_cv_whose_workers_were_killed_is_given_up_by_the_sweep(monkeypatch, heard, time_machine):
    cv = uploaded()
    for attempt in range(3):  # claimed, and never heard of again
        assert enriching._claim(CV.objects.get(pk=cv.pk), NOW + attempt * HOUR) is not None
    monkeypatch.setattr(tasks.read_cv, "delay", lambda **kwargs: pytest.fail("queued"))
    time_machine.move_to(NOW + 2 * HOUR, tick=False)
    tasks.sweep()
    assert heard == []  # the last worker may still be at it
    time_machine.move_to(NOW + 3 * HOUR, tick=False)
    tasks.sweep()
    cv.refresh_from_db()
    assert (cv.status, heard) == (CV.Status.FAILED, [("cv_read", cv.pk)])


def test_the_sweep_queues_what_waits_and_nobody_reads(monkeypatch, time_machine):
    time_machine.move_to(NOW, tick=False)
    waiting, held, read = uploaded(), uploaded(), CVFactory()
    enriching._claim(held, NOW)
    queued = []
    monkeypatch.setattr(tasks.read_cv, "delay", lambda cv_id: queued.append(cv_id))
    assert tasks.sweep() == 1
    assert queued == [waiting.pk]
    assert read.pk not in queued


def test_a_dead_broker_does_not_break_the_upload(monkeypatch, django_capture_on_commit_callbacks):
    def refuse(**kwargs):
        raise ConnectionError("no broker")

    monkeypatch.setattr(tasks.read_cv, "delay", refuse)
    with django_capture_on_commit_callbacks(execute=True):
        cv = uploaded()
    assert CV.objects.waiting().get() == cv


def test_decisions_survive_a_new_cv(skills):
    student = StudentFactory()
    enrich(cv=with_text("Experiencia\nUsé Python, SQL y Excel en la biblioteca.", student), now=NOW)
    student.skills.filter(skill__code="python").update(status=StudentSkill.Status.REMOVED)
    student.skills.filter(skill__code="sql").update(status=StudentSkill.Status.LEARNING)

    enrich(cv=with_text("Experiencia\nUsé Python en la tienda de la esquina.", student, now=NOW + HOUR), now=NOW + HOUR)

    assert dict(student.skills.values_list("skill__code", "status")) == {"python": "removed", "sql": "learning"}
    assert set(Evidence.objects.values_list("cv__is_current", flat=True)) == {True}
    assert student.cvs.filter(is_current=True).count() == 1


def test_evidence_called_wrong_stays_so_when_the_same_words_come_again():
    student = StudentFactory()
    text = "Experiencia\nUsé Python en la biblioteca.\nVendí SQL en frascos."
    enrich(cv=with_text(text, student), now=NOW)
    Evidence.objects.filter(student_skill__skill__code="sql").update(is_contested=True, contested_at=NOW)

    enrich(cv=with_text(f"Resumen\nHola.\n{text}\nTambién usé SQL de verdad.", student, now=NOW + HOUR), now=NOW + HOUR)

    rows = Evidence.objects.filter(student_skill__skill__code="sql").select_related("cv")
    assert {(row.sentence, row.is_contested) for row in rows} == {
        ("Vendí SQL en frascos.", True),
        ("También usé SQL de verdad.", False),
    }


def test_own_statements_survive_a_new_cv():
    student = StudentFactory(skills=["tableau"])
    enrich(cv=with_text("Experiencia\nUsé Python en la biblioteca.", student), now=NOW)
    assert codes(student) == ["python", "tableau"]
    assert Evidence.objects.filter(cv=None).count() == 1


def test_an_older_cv_read_late_does_not_take_the_place_of_the_newer():
    student = StudentFactory()
    old = with_text("Experiencia\nUsé Excel en la biblioteca.", student)
    new = with_text("Experiencia\nUsé Python en la biblioteca.", student, now=NOW + HOUR)
    enrich(cv=new, now=NOW + HOUR)
    enrich(cv=old, now=NOW + 2 * HOUR)
    assert student.cvs.get(is_current=True) == new
    assert codes(student) == ["python"]


def test_nothing_is_stored_when_storing_fails(monkeypatch):
    student = StudentFactory()
    enrich(cv=with_text("Experiencia\nUsé Excel en la biblioteca.", student), now=NOW)
    cv = with_text("Experiencia\nUsé Python en la biblioteca.", student, now=NOW + HOUR)

    def fail(*args, **kwargs):
        raise RuntimeError("storm")

    monkeypatch.setattr(enriching, "mark_for_matching", fail)
    with pytest.raises(RuntimeError, match="storm"), transaction.atomic():
        enrich(cv=cv, now=NOW + HOUR)
    assert codes(student) == ["excel"]
    assert student.cvs.get(is_current=True) != cv


def test_too_slow_is_the_files_fault(monkeypatch):
    def slow(data):
        raise UnreadableError(Failure.TOO_SLOW)

    monkeypatch.setattr(enriching, "read_file", slow)
    cv = uploaded()
    enrich(cv=cv, now=NOW)
    cv.refresh_from_db()
    assert cv.failure == CV.Failure.TOO_SLOW


def test_an_english_cv_is_told_apart(monkeypatch):
    text = "Experience\nI wrote Python services for the library of the university and took care of the data."
    monkeypatch.setattr(enriching, "read_file", lambda data: Reading(text, 1))
    cv = uploaded()
    enrich(cv=cv, now=NOW)
    assert cv.language == "en"


def test_a_failed_second_reading_leaves_the_current_cv_current(monkeypatch, heard):
    cv = uploaded()
    enrich(cv=cv, now=NOW)
    heard.clear()
    read_again(cvs=CV.objects.filter(pk=cv.pk), now=NOW + HOUR)
    cv.file.storage.delete(cv.file.name)
    for attempt in range(3):
        with pytest.raises(FileNotFoundError):
            enrich(cv=CV.objects.get(pk=cv.pk), now=NOW + HOUR + attempt * HOUR)
    cv.refresh_from_db()
    assert (cv.status, cv.is_current, cv.needs_reading_since, heard) == (CV.Status.READ, True, None, [])

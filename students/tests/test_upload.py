"""Taking a CV in."""

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from conftest import HOUR, NOW
from students.models import CV
from students.tests import files
from students.tests.factories import CVFactory, StudentFactory
from students.upload import storable_name, upload_cv

pytestmark = pytest.mark.django_db


def upload(student, data, name="Mi CV.pdf", now=NOW):
    return upload_cv(student=student, file=ContentFile(data, name=name), now=now)


def test_the_file_lies_under_a_random_name():
    cv = upload(StudentFactory(), files.pdf())
    assert cv.original_name == "Mi CV.pdf"
    assert "Mi" not in cv.file.name
    assert len(cv.file.read()) == cv.size
    assert default_storage.size(cv.file.name) > cv.size  # encrypted


def test_the_same_bytes_twice_in_the_queue_are_one_row():
    student = StudentFactory()
    first, second = upload(student, b"uno dos tres"), upload(student, b"uno dos tres", now=NOW + HOUR)
    assert first == second
    assert upload(student, b"otro texto") != first
    assert upload(StudentFactory(), b"uno dos tres") != first


def test_bytes_that_failed_before_are_tried_again():
    student = StudentFactory()
    first = upload(student, b"uno dos tres")
    CV.objects.update(status=CV.Status.FAILED, failure="damaged", needs_reading_since=None)
    assert upload(student, b"uno dos tres") != first


def test_the_task_is_queued_on_commit(monkeypatch, django_capture_on_commit_callbacks):
    queued = []
    monkeypatch.setattr("students.tasks.read_cv.delay", lambda cv_id: queued.append(cv_id))
    with django_capture_on_commit_callbacks(execute=True):
        cv = upload(StudentFactory(), b"uno dos tres")
        assert queued == []
    assert queued == [cv.pk]


@pytest.mark.parametrize(
    ("name", "stored"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\CVs\\mi cv.pdf", "mi cv.pdf"),
        ("a\x00b\ud800c\u202egpj.pdf", "abcgpj.pdf"),
        ("ñ" * 400, "ñ" * 255),
        ("", ""),
    ],
)
def test_names_of_files_are_cleaned(name, stored):
    assert storable_name(name) == stored


def test_a_failed_save_leaves_no_file(monkeypatch):
    student = StudentFactory()

    def fail(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr(CV, "save", fail)
    with pytest.raises(RuntimeError):
        upload(student, b"uno dos tres")
    assert not default_storage.exists("cv") or not any(default_storage.listdir("cv")[1])


def test_the_file_goes_with_its_row(django_capture_on_commit_callbacks):
    cv = upload(StudentFactory(), b"uno dos tres")
    with django_capture_on_commit_callbacks(execute=True):
        cv.student.delete()
    assert not default_storage.exists(cv.file.name)


def test_a_row_without_a_file_can_be_deleted():
    CVFactory().delete()
    assert CV.objects.count() == 0

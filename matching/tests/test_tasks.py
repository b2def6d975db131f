"""The marks are the queue."""

from __future__ import annotations

import pytest
import time_machine

from conftest import HOUR, NOW
from jobs.models import Job
from jobs.signals import job_changed
from jobs.tests.factories import JobFactory
from matching import encoded, ranking, tasks
from matching.models import FittedModel, MatchRun
from students.models import Student
from students.signals import student_changed
from students.tests.factories import CVFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def queued(monkeypatch) -> list[tuple[str, dict]]:
    """What tasks were queued, as (name, arguments)."""
    calls: list[tuple[str, dict]] = []
    for name in ("refresh_student", "refresh_job", "refresh_all", "fit_model"):
        task = getattr(tasks, name)
        monkeypatch.setattr(task, "delay", lambda _name=name, **kwargs: calls.append((_name, kwargs)))
    return calls


def marked(at=NOW - HOUR) -> Student:
    student = CVFactory().student
    Student.objects.filter(pk=student.pk).update(needs_matching_since=at)
    return student


def test_a_change_queues_one_task_when_it_is_committed(queued, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        student_changed.send(Student, student_id=7)
        job_changed.send(Job, job_id=8)
        assert queued == []
    assert queued == [("refresh_student", {"student_id": 7}), ("refresh_job", {"job_id": 8})]


def test_the_mark_goes_when_the_matches_are_stored(model):
    student = marked()
    JobFactory()
    with time_machine.travel(NOW, tick=False):
        tasks.refresh_student(student_id=student.pk)
    student.refresh_from_db()
    assert student.needs_matching_since is None
    assert student.matches.count() == 1
    assert student.match_runs.get().status == MatchRun.Status.DONE


def test_a_change_while_the_task_runs_keeps_the_mark(model, monkeypatch):
    student = marked()
    again = NOW + HOUR

    def changed_meanwhile(**kwargs):
        Student.objects.filter(pk=student.pk).update(needs_matching_since=again)

    monkeypatch.setattr(ranking, "refresh_student", changed_meanwhile)
    tasks.refresh_student(student_id=student.pk)
    student.refresh_from_db()
    assert student.needs_matching_since == again


def test_a_student_erased_meanwhile_is_no_error(model):
    tasks.refresh_student(student_id=987654)
    tasks.refresh_job(job_id=987654)
    assert not MatchRun.objects.exists()


def test_what_the_sweep_queued_again_is_not_done_again(monkeypatch):
    done = []
    monkeypatch.setattr(ranking, "refresh_student", lambda **kwargs: done.append(kwargs))
    monkeypatch.setattr(ranking, "refresh_job", lambda **kwargs: done.append(kwargs))
    tasks.refresh_student(student_id=CVFactory().student_id, if_marked=True)
    tasks.refresh_job(job_id=JobFactory(needs_matching_since=None).pk, if_marked=True)
    assert done == []


def test_the_sweep_queues_what_is_still_marked(model, queued):
    student = marked()
    marked(at=NOW)  # too fresh: its own message is still on its way
    with time_machine.travel(NOW, tick=False):
        assert tasks.sweep() == 1
    assert queued == [("refresh_student", {"student_id": student.pk, "if_marked": True})]


def test_after_three_failures_a_student_waits_for_a_person(model, queued, monkeypatch):
    student = marked()

    def explode(*args, **kwargs):
        raise ValueError("poison")

    monkeypatch.setattr(encoded, "encode", explode)
    JobFactory()
    with time_machine.travel(NOW, tick=False):
        for _ in range(tasks.MOST_ATTEMPTS):
            with pytest.raises(ValueError, match="poison"):
                tasks.refresh_student(student_id=student.pk)
        assert tasks.sweep() == 0
    runs = student.match_runs.all()
    assert {(run.status, run.reason) for run in runs} == {("failed", "ValueError: poison")}
    student.refresh_from_db()
    assert student.needs_matching_since is not None


def test_without_a_model_the_work_waits_and_a_model_is_fitted(taxonomy, queued):
    encoded.forget()
    student = marked()
    JobFactory()
    tasks.refresh_student(student_id=student.pk)
    assert ("fit_model", {}) in queued
    student.refresh_from_db()
    assert student.needs_matching_since is not None

    tasks.fit_model()
    assert FittedModel.objects.get().is_serving
    assert MatchRun.objects.get(scope="all").status == MatchRun.Status.WAITING
    encoded.forget()


def test_a_full_run_is_taken_by_one_worker(model):
    CVFactory()
    JobFactory()
    run = tasks.plan_full_run()
    with time_machine.travel(NOW, tick=False):
        tasks.refresh_all(run_id=run.pk)
        tasks.refresh_all(run_id=run.pk)  # delivered twice
    run.refresh_from_db()
    assert (run.status, run.pairs, run.matches) == (MatchRun.Status.DONE, 1, 1)


def test_a_full_run_that_fails_says_why(model, monkeypatch):
    run = tasks.plan_full_run()

    def explode(**kwargs):
        raise OSError("No space left on device")

    monkeypatch.setattr(ranking, "refresh_all", explode)
    with pytest.raises(OSError, match="No space"):
        tasks.refresh_all(run_id=run.pk)
    run.refresh_from_db()
    assert (run.status, run.reason) == (MatchRun.Status.FAILED, "OSError: No space left on device")


def test_at_night_the_model_is_fitted_again_only_when_the_texts_have_moved(model, queued):
    tasks.refit_model()
    assert queued == []
    for _ in range(3):
        CVFactory()
        JobFactory()
    with time_machine.travel(NOW, tick=False):
        tasks.refit_model()
    assert queued == [("fit_model", {"again": True})]


def test_two_workers_do_not_fit_at_once(taxonomy, queued, monkeypatch):
    from django.core.cache import cache

    encoded.forget()
    cache.add(tasks.FITTING, True)
    tasks.fit_model()
    assert not FittedModel.objects.exists()
    cache.delete(tasks.FITTING)
    tasks.fit_model()
    assert FittedModel.objects.get().is_serving
    encoded.forget()

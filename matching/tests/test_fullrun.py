"""A full run survives its workers, and its result does not depend on who did what."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
import time
from datetime import timedelta

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection

from conftest import DAY, HOUR, NOW
from jobs.models import Job
from jobs.tests.factories import JobFactory
from matching import chunks, encoded, fullrun, kept, plan, ranking, staging, tasks
from matching.models import Match, MatchChunk, MatchPlan, MatchRun
from students.models import Student
from students.tests.factories import CVFactory, StudentFactory

pytestmark = pytest.mark.django_db
POINTS = ("student_id", "job_id", "score", "occupation_points", "requirement_points", "word_points")
TRADES = ("Programé servicios web en Python.", "Curé heridas y vigilé signos vitales.", "Concilié cuentas bancarias.")


def result() -> str:
    """Hash of the sorted rows of all matches."""
    rows = sorted(Match.objects.values_list(*POINTS))
    return hashlib.sha256(repr(rows).encode()).hexdigest()


@pytest.fixture
def small_chunks(monkeypatch):
    monkeypatch.setattr(plan, "FEWEST_STUDENTS", 2)
    monkeypatch.setattr(plan, "PAIRS_PER_CHUNK", 6)


@pytest.fixture
def people(model):
    """Seven students and three postings: four chunks."""
    chunks.market_of_run.cache_clear()
    students = [CVFactory(text=f"Experiencia\n{TRADES[n % 3]} Veces: {n}.").student for n in range(7)]
    JobFactory(skills=["python"])
    JobFactory(title="Enfermera", description="Curar heridas y vigilar signos vitales de pacientes.")
    JobFactory(title="Contador", description="Conciliar cuentas bancarias y elaborar declaraciones.")
    return students


def started() -> MatchRun:
    run = tasks.plan_full_run()
    assert run is not None
    MatchRun.objects.filter(pk=run.pk).update(status="running", started_at=NOW)
    run.refresh_from_db()
    with time_machine.travel(NOW, tick=False):
        fullrun.prepare(run=run, now=NOW)
    return run


def whole_run() -> MatchRun:
    with time_machine.travel(NOW, tick=False):
        run = tasks.plan_full_run()
        tasks.refresh_all(run_id=run.pk)
    run.refresh_from_db()
    assert run.status == MatchRun.Status.DONE, run.reason
    return run


def test_chunks_give_what_one_student_after_the_other_gives(people, small_chunks):
    run = whole_run()
    assert (run.pairs, run.chunks.count()) == (21, 4)
    everything = result()
    Match.objects.all().delete()
    for student in people:
        ranking.refresh_student(student=student, now=NOW)
    assert result() == everything


def test_only_the_best_of_rows_and_columns_are_stored_across_chunks(people, small_chunks, monkeypatch):
    everything = {}
    for student in people:
        ranking.refresh_student(student=student, now=NOW)
    for student, job, score in Match.objects.values_list("student_id", "job_id", "score"):
        everything[student, job] = score
    for module in (kept, chunks, plan, ranking):
        monkeypatch.setattr(module, "TOP_PER_STUDENT", 1)
        monkeypatch.setattr(module, "TOP_PER_JOB", 2)
    whole_run()
    wanted = set()
    for student in people:
        own = [pair for pair in everything if pair[0] == student.pk]
        wanted |= set(sorted(own, key=lambda pair: (-everything[pair], pair[1]))[:1])
    for job in Job.objects.all():
        own = [pair for pair in everything if pair[1] == job.pk]
        wanted |= set(sorted(own, key=lambda pair: (-everything[pair], pair[0]))[:2])
    assert set(Match.objects.values_list("student_id", "job_id")) == wanted


def test_a_task_delivered_three_times_leaves_the_same(people, small_chunks):
    run = whole_run()
    first = result()
    for _ in range(2):
        tasks.refresh_all(run_id=run.pk)
    assert result() == first
    assert MatchRun.objects.count() == 1


def test_a_chunk_whose_worker_fell_silent_is_done_by_another(people, small_chunks):
    whole_run()
    undisturbed = result()
    Match.objects.all().delete()
    run = started()
    lost = fullrun.claim(run, now=NOW)
    assert not fullrun.work(run=run, clock=lambda: NOW)
    assert fullrun.reclaim_silent(now=NOW + HOUR) == 1
    assert fullrun.work(run=run, clock=lambda: NOW + HOUR)
    assert result() == undisturbed
    fullrun.carry_out(lost, clock=lambda: NOW + HOUR)  # it was only slow
    assert result() == undisturbed
    run.refresh_from_db()
    assert run.status == MatchRun.Status.DONE


def test_after_three_attempts_chunk_and_run_have_failed_and_resume_finishes(people, small_chunks, monkeypatch):
    run = started()
    score = chunks.score_students

    def explode(**kwargs):
        raise OSError("No space left on device")

    monkeypatch.setattr(chunks, "score_students", explode)
    fullrun.work(run=run, clock=lambda: NOW)
    run.refresh_from_db()
    assert run.status == MatchRun.Status.FAILED
    assert run.reason.endswith("OSError: No space left on device")
    assert run.chunks.filter(status="failed", attempts=3).count() == 1
    assert not Match.objects.exists()

    monkeypatch.setattr(chunks, "score_students", score)
    with time_machine.travel(NOW, tick=False):
        call_command("rescore", "--resume")
    run.refresh_from_db()
    assert run.status == MatchRun.Status.DONE
    assert Match.objects.exists()


def test_a_database_that_goes_away_ends_the_work_and_keeps_what_is_done(people, small_chunks, monkeypatch):
    run = started()
    fullrun.carry_out(fullrun.claim(run, now=NOW), clock=lambda: NOW)
    monkeypatch.setattr(staging, "store_chunk", lambda *a, **k: (_ for _ in ()).throw(OperationalError("gone away")))
    with pytest.raises(OperationalError):
        fullrun.work(run=run, clock=lambda: NOW)
    monkeypatch.undo()
    assert fullrun.progress(run)[0] == 2
    assert fullrun.work(run=run, clock=lambda: NOW)
    run.refresh_from_db()
    assert run.status == MatchRun.Status.DONE


def test_two_full_runs_at_once_one_wins_the_other_says_so(people):
    assert tasks.plan_full_run()
    with pytest.raises(CommandError, match="waits or runs already"):
        call_command("rescore", "--all")


@pytest.mark.parametrize("missing", ["postings", "students"])
def test_with_nothing_to_score_the_run_fails_and_says_why(people, missing):
    whole_run()
    stored = result()
    if missing == "postings":
        Job.objects.update(status=Job.Status.CLOSED)
    else:
        Student.objects.update(wants_matching=False)
    with time_machine.travel(NOW, tick=False), pytest.raises(CommandError, match="nothing to score"):
        call_command("rescore", "--all", "--wait")
    assert MatchRun.objects.latest("pk").status == MatchRun.Status.FAILED
    assert result() == stored


def test_keeping_no_matches_is_refused(people, monkeypatch):
    monkeypatch.setattr(plan, "TOP_PER_STUDENT", 0)
    with time_machine.travel(NOW, tick=False), pytest.raises(CommandError, match="At least one match must be kept"):
        call_command("rescore", "--all", "--wait")


def test_a_student_without_text_is_passed_over(people):
    silent = StudentFactory(degree_program="")
    whole_run()
    assert not silent.matches.exists()


def test_pages_show_the_last_run_until_the_next_is_complete(people, small_chunks):
    whole_run()
    before = result()
    Match.objects.update(first_seen_at=NOW - DAY)
    gone = Job.objects.order_by("pk").first()
    Job.objects.filter(pk=gone.pk).update(status=Job.Status.CLOSED)
    run = started()
    fullrun.carry_out(fullrun.claim(run, now=NOW), clock=lambda: NOW)
    assert result() == before
    fullrun.work(run=run, clock=lambda: NOW)
    assert not gone.matches.exists()
    assert set(Match.objects.values_list("first_seen_at", flat=True)) == {NOW - DAY}


def test_what_was_scored_alone_meanwhile_stays_newer(people, small_chunks):
    student = people[0]
    run = started()
    while chunk := fullrun.claim(run, now=NOW):
        fullrun.carry_out(chunk, clock=lambda: NOW)
    student.wants_matching = False
    student.save()
    ranking.refresh_student(student=student, now=NOW + HOUR)
    Match.objects.filter(student=student).delete()
    fullrun.finish(run, clock=lambda: NOW + HOUR)
    assert not student.matches.exists()
    assert people[1].matches.exists()


def test_nothing_of_a_finished_run_is_left_over(people, small_chunks):
    run = whole_run()
    assert not MatchPlan.objects.exists()
    assert not MatchChunk.objects.filter(result__isnull=False).exists()
    assert not staging.exists(run)


def test_the_sweep_calls_workers_to_a_run_that_lost_them(people, small_chunks, monkeypatch):
    queued = []
    monkeypatch.setattr(tasks.refresh_all, "delay", lambda **kwargs: queued.append(kwargs))
    monkeypatch.setattr(tasks.refresh_student, "delay", lambda **kwargs: None)
    monkeypatch.setattr(tasks.refresh_job, "delay", lambda **kwargs: None)
    run = started()
    MatchRun.objects.filter(pk=run.pk).update(created_at=NOW)
    fullrun.claim(run, now=NOW)
    with time_machine.travel(NOW + HOUR, tick=False):
        tasks.sweep()
    assert queued == [{"run_id": run.pk}]
    assert not run.chunks.filter(status="running").exists()


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_a_large_run_changes_tables_and_leaves_the_schema_as_it_was(people, small_chunks, monkeypatch):
    whole_run()
    merged = result()
    before, first_seen = schema(), dict(Match.objects.values_list("pk", "first_seen_at"))
    assert first_seen
    monkeypatch.setattr(staging, "SWAP_FROM", 1)
    for _ in range(2):
        whole_run()
        assert result() == merged
        assert schema() == before
    assert set(Match.objects.values_list("first_seen_at", flat=True)) == {NOW}
    people[0].delete()
    assert not Match.objects.filter(student_id=people[0].pk).exists()


def schema() -> list:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'matching_match' UNION ALL"
            " SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = 'matching_match'::regclass"
            " UNION ALL SELECT pg_get_serial_sequence('matching_match', 'id'), '' ORDER BY 1"
        )
        return sorted(cursor.fetchall())


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_killing_a_worker_in_the_middle_changes_nothing(people, small_chunks, tmp_path):
    """A worker with a data folder of its own is killed with a chunk in hand; the result is that of a quiet run."""
    for _ in range(20):
        CVFactory(text=f"Experiencia\n{TRADES[_ % 3]} Otra vez: {_}.")
    whole_run()
    undisturbed = result()
    Match.objects.all().delete()
    run = started()
    MatchRun.objects.filter(pk=run.pk).update(started_at=NOW)
    elsewhere = tmp_path / "another machine"
    elsewhere.mkdir()
    name = connection.settings_dict
    url = f"postgres://{name['USER']}:{name['PASSWORD']}@{name['HOST']}:{name['PORT']}/{name['NAME']}"
    worker = subprocess.Popen(
        [sys.executable, "manage.py", "rescore", "--help-with", str(run.pk)],
        env=os.environ | {"DATABASE_URL": url, "DATA_DIR": str(elsewhere), "DEBUG": "false"},
    )
    until = time.monotonic() + 60
    while not run.chunks.filter(status="done").exists() and time.monotonic() < until:
        time.sleep(0.005)
    os.kill(worker.pid, signal.SIGKILL)
    worker.wait()
    run.refresh_from_db()
    assert run.chunks.filter(status="done").exists()
    assert run.chunks.exclude(status="done").exists()
    assert (elsewhere / "features").exists()
    fullrun.work(run=run, clock=lambda: NOW)
    MatchChunk.objects.filter(run=run, status="running").update(seen_at=NOW - timedelta(hours=1))
    fullrun.reclaim_silent(now=NOW)
    assert fullrun.work(run=run, clock=lambda: NOW)
    assert result() == undisturbed
    encoded.forget()

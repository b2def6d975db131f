"""Faults of change: a worker whose clock is wrong, and a migration of a full table while it is read."""

from __future__ import annotations

import hashlib
import shutil
import time
from datetime import timedelta

from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from benchmarks import world as rows
from conftest import DAY
from jobs.models import Job
from jobs.tests.factories import JobFactory
from matching.models import Match
from students.models import Student
from tests.embedded import until
from tests.faults import Facts, fault
from tests.faults.world import Load, World


@fault("clock", "a clear error, no early expiry")
def clock(world: World) -> tuple[bool, Facts]:
    """A worker on a machine whose clock is two days ahead, beside a posting that closes in five hours."""
    faketime = shutil.which("faketime")
    if faketime is None:
        return False, {"not_shown": "needs faketime (Debian: faketime)"}
    now = timezone.now()
    closing = JobFactory(skills=["python"], published_at=now - DAY, closes_at=now + timedelta(hours=5))
    process = world.stack.start("worker", alias="wrong", before=(faketime, "-f", "+2d"))
    try:
        until(lambda: process.poll() is not None, seconds=60, what="refusing to start")
    finally:
        code = world.stack.end("wrong")
    said = [line for line in world.stack.log("wrong").splitlines() if "clock" in line]
    closing.refresh_from_db()
    open_still = closing.status == Job.Status.PUBLISHED
    facts = {"exit_code": code, "said": said[:1], "posting_closed_early": int(not open_still)}
    return code != 0 and bool(said) and open_still, facts


APP, BEFORE = "matching", "0003_splits_full_runs_into_chunks"
STUDENTS, JOBS = 1_000, 100


@fault("migration", "rows unchanged, failed reads = 0")
def migration(world: World) -> tuple[bool, Facts]:
    """The indices of 100,000 matches made again and dropped again, while pages list them and SQL reads them."""
    world.wait_until_read(world.upload(1))
    fill()
    reader = Student.objects.filter(cvs__is_current=True).first()
    pages = [world.browser(reader.user) for _ in range(3)]
    before, took = digest(), {}
    newest = last_migration()
    with Load(*[lambda b=b: b.get("/para-ti/") for b in pages], pause=0.05) as load:
        for way, target in (("back", BEFORE), ("forward", newest)):
            began = time.monotonic()
            call_command("migrate", APP, target, verbosity=0)
            took[f"seconds_{way}"] = round(time.monotonic() - began, 2)
            time.sleep(1)
    slowest = max((b[0] - a[0] for a, b in zip(load.answers, load.answers[1:], strict=False)), default=0.0)
    same, count = digest() == before, Match.objects.count()
    for table, column in (("matching_match", "student_id"), ("jobs_job", "id"), ("students_student", "id")):
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {table} WHERE {column} >= %s", [rows.FIRST])
    failed = [answer for answer in load.answers if answer[1] != 200]
    facts = {"rows": count, "unchanged": same, **took, "reads": len(load.answers)}
    facts |= {"failed_reads": len(failed), "longest_without_an_answer": round(slowest, 2)}
    return same and not failed and count >= 100_000, facts


def last_migration() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM django_migrations WHERE app = %s ORDER BY name DESC LIMIT 1", [APP])
        return cursor.fetchone()[0]


def fill() -> None:
    rows.multiply(Student, STUDENTS)
    rows.multiply(Job, JOBS)
    version = Match.objects.values_list("model_version", flat=True)[0]
    with connection.cursor() as cursor:
        for table in ("jobs_job", "students_student"):  # an address has no 0 and no 1
            change = f"UPDATE {table} SET public_id = translate(public_id, '01', 'yz') WHERE id >= %s"
            cursor.execute(change, [rows.FIRST])
        cursor.execute(
            """
            INSERT INTO matching_match (student_id, job_id, score, occupation_points, requirement_points, word_points,
                model_version, first_seen_at, computed_at)
            SELECT s, j, 3000 + (s * 7 + j * 13) %% 6000, 1000, 2000 + (s * 7 + j * 13) %% 6000, 0, %s, now(), now()
            FROM generate_series(%s, %s) s, generate_series(%s, %s) j ON CONFLICT DO NOTHING
            """,
            [version, rows.FIRST, rows.FIRST + STUDENTS - 1, rows.FIRST, rows.FIRST + JOBS - 1],
        )


def digest() -> str:
    """All rows that nothing changes meanwhile, as one hash."""
    whole = hashlib.sha256()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, student_id, job_id, score, occupation_points, requirement_points, word_points, model_version, "
            "first_seen_at, computed_at FROM matching_match WHERE student_id >= %s ORDER BY id", [rows.FIRST]
        )  # fmt: skip
        for row in cursor:
            whole.update(repr(row).encode())
    return whole.hexdigest()

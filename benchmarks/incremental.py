"""One posting against all students, and one CV against all postings, until the matches are stored."""

from __future__ import annotations

import time

import numpy as np
from django.utils import timezone

from benchmarks import world
from jobs.models import Job
from matching import ranking, tasks, threads
from students.models import Student

SHAPES = {"desk": (5_000, 1_000), "full": (100_000, 10_000)}
TIMES = 12


def run(size: str) -> None:
    students, jobs = SHAPES[size]
    threads.pin()  # as every worker process does where it starts
    if Student.objects.filter(wants_matching=True).count() != students:
        world.populate(students, jobs)
        full = tasks.plan_full_run()
        assert full is not None
        world.drive(full, workers=2)
    rng = np.random.default_rng(3)
    some_jobs = Job.objects.filter(pk__in=(world.FIRST + rng.integers(0, jobs, TIMES)).tolist())
    some_students = Student.objects.filter(pk__in=(world.FIRST + rng.integers(0, students, TIMES)).tolist())
    for name, goal, pairs, rows, refresh in (
        ("one_posting", 1.0, students, list(some_jobs), lambda row: ranking.refresh_job(job=row, now=timezone.now())),
        (
            "one_cv",
            3.0,
            jobs,
            list(some_students),
            lambda row: ranking.refresh_student(student=row, now=timezone.now()),
        ),
    ):
        refresh(rows[0])  # a warm worker
        seconds = []
        for row in rows:
            began = time.perf_counter()
            refresh(row)
            seconds.append(time.perf_counter() - began)
        slow = float(np.percentile(seconds, 95))
        world.report(
            name, slow, ratio=slow / goal, pairs=pairs, statistic="p95", median=round(float(np.median(seconds)), 3)
        )

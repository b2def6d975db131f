"""A full run until its matches are stored, against its floor: a bare product of the shape, a bare COPY of the rows."""

from __future__ import annotations

import time

import numpy as np
from django.db import connection
from django.utils import timezone

from benchmarks import world
from matching import tasks, writing
from matching.models import MatchRun
from matching.scoring.screening import DIMENSIONS
from matching.threads import pinned_threads

SHAPES = {
    "desk": [(1_000, 1_000), (5_000, 2_000)],
    "full": [(1_000, 1_000), (5_000, 2_000), (20_000, 5_000), (100_000, 10_000)],
}


def run(size: str) -> None:
    for students, jobs in SHAPES[size]:
        world.say(f"{students:,} students x {jobs:,} postings")
        world.populate(students, jobs)
        for workers in (1, 2):
            if workers == 1 and students > 20_000:
                continue
            with connection.cursor() as cursor:
                cursor.execute("TRUNCATE matching_match")
            full = tasks.plan_full_run()
            assert full is not None
            wall, peak = world.drive(full, workers=workers)
            full.refresh_from_db()
            seconds = (full.finished_at - full.started_at).total_seconds()
            product, copy = floor(students, jobs)
            world.report(
                "full_run", seconds, ratio=seconds / (product + copy), pairs=full.pairs, students=students, jobs=jobs,
                workers=workers, matches=full.matches, with_start_of_processes=round(wall, 2), peak_mb=peak,
                floor_seconds=round(product + copy, 3), floor_product=round(product, 3), floor_copy=round(copy, 3),
            )  # fmt: skip


def floor(students: int, jobs: int) -> tuple[float, float]:
    """Seconds of one float32 product with as many dimensions as the screening, and of one COPY of the stored rows."""
    rng = np.random.default_rng(0)
    right = rng.standard_normal((DIMENSIONS, jobs), dtype=np.float32)
    block = rng.standard_normal((2_048, DIMENSIONS), dtype=np.float32)
    out = np.empty((2_048, jobs), np.float32)
    with pinned_threads(2):
        began = time.perf_counter()
        for start in range(0, students, 2_048):
            np.matmul(block[: min(2_048, students - start)], right, out=out[: min(2_048, students - start)])
        product = time.perf_counter() - began
    names = ", ".join(writing.ROW.names)
    columns = writing.read(f"SELECT {names} FROM matching_match", [], ["bigint", "bigint", *["smallint"] * 4])
    rows = np.empty(len(columns[0]), writing.ROW)
    for name, column in zip(writing.ROW.names, columns, strict=True):
        rows[name] = column
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS floor")
        cursor.execute("CREATE TABLE floor (LIKE matching_match INCLUDING DEFAULTS INCLUDING IDENTITY)")
    now = timezone.now()
    began = time.perf_counter()
    writing.write("floor", rows, version=MatchRun.objects.latest("pk").model_version,
                  first_seen=np.zeros(len(rows), np.int64), computed_at=now)  # fmt: skip
    copy = time.perf_counter() - began
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE floor")
    return product, copy

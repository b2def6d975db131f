"""The peak of a full run's largest process with few students and with many, against the same postings."""

from __future__ import annotations

from benchmarks import world
from matching import tasks

SHAPES = {"desk": ((1_000, 8_000), 1_000), "full": ((10_000, 80_000), 2_000)}


def run(size: str) -> None:
    counts, jobs = SHAPES[size]
    first = 0
    for students in counts:
        world.populate(students, jobs)
        full = tasks.plan_full_run()
        assert full is not None
        _, peak = world.drive(full, workers=1)
        full.refresh_from_db()
        seconds = (full.finished_at - full.started_at).total_seconds()
        first = first or peak
        world.report(
            "memory", seconds, ratio=peak / first, pairs=full.pairs, students=students, jobs=jobs, peak_mb=peak
        )

"""How many threads linear algebra may use in one process, so that workers side by side do not fight for cores."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings


def threads_per_process() -> int:
    """``BLAS_THREADS`` if set, else the cores of this machine shared among the worker processes, at least 1."""
    stated = os.environ.get("BLAS_THREADS", "")
    if stated.isdigit() and int(stated) > 0:
        return int(stated)
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, cores // max(1, int(settings.WORKER_PROCESSES)))


@contextmanager
def pinned_threads(count: int | None = None) -> Iterator[None]:
    """Hold BLAS and OpenMP to ``count`` threads, or this process's share, for as long as the block lasts."""
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # comes with scikit-learn

    with threadpool_limits(limits=count or threads_per_process()):
        yield


def pin() -> None:
    """Hold this process to its share for good; called where a worker process starts."""
    from threadpoolctl import threadpool_limits

    threadpool_limits(limits=threads_per_process())

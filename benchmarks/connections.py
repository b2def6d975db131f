"""A connection kept for the next request, beside none kept and beside a pool of psycopg, in the same run.

Threads of one process answer requests of three queries each by primary key, as Django starts and ends them. Ways take
turns, so that whatever else the machine does falls on all of them.
"""

from __future__ import annotations

import statistics
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.core.signals import request_finished, request_started
from django.db import connection, connections

from benchmarks import world

THREADS = 8
QUERIES = 3
SECONDS = {"desk": 1.5, "full": 5.0}
ROUNDS = 3
WAYS = {
    "none kept": {"CONN_MAX_AGE": 0, "CONN_HEALTH_CHECKS": False},
    "kept": {"CONN_MAX_AGE": 3600, "CONN_HEALTH_CHECKS": False},
    "kept and asked whether they live": {"CONN_MAX_AGE": 3600, "CONN_HEALTH_CHECKS": True},
    "pool of psycopg": {"CONN_MAX_AGE": 0, "CONN_HEALTH_CHECKS": False, "pool": {"min_size": THREADS}},
}


def run(size: str) -> None:
    call_command("migrate", "contenttypes", verbosity=0)
    rows = [ContentType(app_label="benchmark", model=str(number)) for number in range(THREADS)]
    ids = [row.pk for row in ContentType.objects.bulk_create(rows)]
    rates = defaultdict(list)
    for _round in range(ROUNDS):
        for way in WAYS:
            with configured(way):
                rates[way].append(rate(ids, seconds=SECONDS[size]))
    none = statistics.median(rates["none kept"])
    for way, measured in rates.items():
        each = statistics.median(measured)
        world.report(
            "connections", 1 / each, ratio=none / each, way=way, requests_per_second=round(each),
            times_none_kept=round(each / none, 2), threads=THREADS,
        )  # fmt: skip


@contextmanager
def configured(way: str) -> Iterator[None]:
    """Every thread makes its connection from this one dictionary of settings."""
    options = dict(WAYS[way])
    pool = options.pop("pool", None)
    own = connections.settings["default"]
    before = {**own, "OPTIONS": dict(own["OPTIONS"])}
    connection.close()
    own.update(options)
    if pool:
        own["OPTIONS"] = {**own["OPTIONS"], "pool": pool}
    yield
    if pool:
        connection.close_pool()
    own.update(before)


def rate(ids: list[int], *, seconds: float) -> float:
    """Requests a second of all threads together."""
    counts = []

    def answer(pk: int) -> None:
        count, end = 0, time.perf_counter() + seconds
        while time.perf_counter() < end:
            request_started.send(sender=None, environ={})
            for _ in range(QUERIES):
                ContentType.objects.all().get(pk=pk)
            request_finished.send(sender=None)
            count += 1
        connection.close()
        counts.append(count)

    threads = [threading.Thread(target=answer, args=(pk,)) for pk in ids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / seconds

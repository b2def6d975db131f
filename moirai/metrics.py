"""`/metrics` for Prometheus: what processes have done, and how the work stands. Labels name routes and tasks, nobody.

Processes count into files of a folder of their machine in DATA_DIR, so any web process answers for all of them. Without
METRICS_TOKEN nothing is counted and nothing answers.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from celery.signals import task_postrun, task_prerun
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError
from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

import moirai
from moirai.backup.making import backed_up_at
from moirai.health import readiness

SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
LONG_SECONDS = (0.05, 0.25, 1, 5, 15, 60, 300, 1800)
FORGOTTEN_AFTER = 3600  # seconds without a count after which the folder of a container that is gone goes too

REQUESTS = Histogram("moirai_request_seconds", "Requests by route and status.", ["route", "status"], buckets=SECONDS)
TASKS = Histogram("moirai_task_seconds", "Background tasks by name and end.", ["task", "state"], buckets=LONG_SECONDS)

Rows = Callable[[], QuerySet[Any]]
_counted: dict[str, tuple[str, Rows]] = {}
_began: dict[str, float] = {}


def register_counted(name: str, help_text: str, rows: Rows) -> None:
    """Let an app have its rows counted by their status."""
    _counted[name] = (help_text, rows)


class Standing(Collector):
    """What the database knows: the same whichever process is asked, so it is read when somebody asks."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        state = readiness(now=timezone.now())
        yield _gauge("moirai_info", "1, with the version.", "version", {moirai.__version__: 1})
        parts = {name: float(name not in state["failing"]) for name in ("database", "migrations", "broker", "worker")}
        yield _gauge("moirai_part_works", "1 while this part does its work.", "part", parts)
        yield _gauge("moirai_waiting_seconds", "Age of the oldest waiting work.", "work", state["waiting_seconds"])
        if mark := backed_up_at():
            yield GaugeMetricFamily("moirai_backup_age_seconds", "Since the last back-up.", value=time.time() - mark)
        if "database" in state["failing"]:
            return
        for name, (help_text, rows) in sorted(_counted.items()):
            counts = rows().order_by("status").values_list("status").annotate(Count("pk"))
            try:
                yield _gauge(f"moirai_{name}", help_text, "status", dict(counts))
            except DatabaseError:  # not migrated yet
                continue


class Counted(Collector):
    """What the processes of all machines and containers have counted."""

    def collect(self) -> Iterator[Any]:
        files = Path(os.environ["PROMETHEUS_MULTIPROC_DIR"]).parent.glob("*/*.db")
        yield from MultiProcessCollector.merge(map(str, files), accumulate=True)  # type: ignore[no-untyped-call]


def _gauge(name: str, help_text: str, label: str, values: dict[str, float]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, help_text, labels=[label])
    for value, number in values.items():
        family.add_metric([value], number)
    return family


@login_not_required
@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Only for who brings the token; without one set there is no such page."""
    expected = f"Bearer {settings.METRICS_TOKEN}"
    if not settings.METRICS_TOKEN or not constant_time_compare(request.headers.get("Authorization", ""), expected):
        raise Http404
    registry = CollectorRegistry()
    registry.register(Standing())
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        registry.register(Counted())
        return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)
    return HttpResponse(generate_latest(registry) + generate_latest(REGISTRY), content_type=CONTENT_TYPE_LATEST)


def prepare_folder() -> None:
    """At the start of web or worker: counts of processes that ended with this machine go, if none is left."""
    if not (path := os.environ.get("PROMETHEUS_MULTIPROC_DIR")):
        return
    folder = Path(path)
    folder.mkdir(parents=True, exist_ok=True)
    files = list(folder.glob("*.db"))
    if not any(Path(f"/proc/{file.stem.rsplit('_', 1)[-1]}").exists() for file in files):
        for file in files:
            file.unlink(missing_ok=True)
    for other in folder.parent.iterdir():
        newest = max((file.stat().st_mtime for file in other.glob("*.db")), default=time.time())
        if other != folder and time.time() - newest > FORGOTTEN_AFTER:
            shutil.rmtree(other, ignore_errors=True)


def count_request(*, route: str, status: int, seconds: float) -> None:
    if settings.METRICS_TOKEN:
        REQUESTS.labels(route, status).observe(seconds)


@task_prerun.connect
def note_start(task_id: str = "", **_: Any) -> None:
    _began[task_id] = time.perf_counter()


@task_postrun.connect
def count_task(task_id: str = "", task: Any = None, state: str | None = None, **_: Any) -> None:
    began = _began.pop(task_id, None)
    if settings.METRICS_TOKEN and began is not None and task is not None:
        TASKS.labels(task.name, state or "UNKNOWN").observe(time.perf_counter() - began)

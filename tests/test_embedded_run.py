"""`make run`: one command that starts web and worker, and ends them both however it ends."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import time
import urllib.error
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from students.tests.files import pdf
from tests.embedded import Site, Visitor, alive, descendants, free_port, until

pytestmark = [pytest.mark.embedded, pytest.mark.xdist_group("embedded")]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder on which the site has been set up once."""
    folder = tmp_path_factory.mktemp("embedded")
    Site(folder).wait().stop()
    return folder


@pytest.fixture
def start(folder: Path) -> Iterator[Callable[..., Site]]:
    sites: list[Site] = []

    def begin(**options: object) -> Site:
        sites.append(Site(folder, **options))
        return sites[-1]

    yield begin
    for site in sites:
        site.stop()


def _worker(site: Site) -> int | None:
    return next((pid for pid, line in descendants(site.process.pid, generations=1).items() if "celery" in line), None)


def _health(site: Site) -> dict:
    try:
        return json.loads(Visitor(site).get("/readyz")[1])
    except urllib.error.HTTPError as answer:  # 503 until the worker is there
        return json.load(answer)


def _worker_beats(site: Site) -> bool:
    """With its pool and beat, so that the heartbeat is not one of a run before."""
    worker = _worker(site)
    return worker is not None and len(descendants(worker)) >= 2 and _health(site)["worker"] == "ok"


def test_a_second_run_starts_in_seconds_and_says_how_it_is(start):
    began = time.monotonic()
    site = start().wait(60)
    assert time.monotonic() - began < 60
    assert f"Moirai runs at {site.address}" in site.output
    assert "<h1" in Visitor(site).get("/")[1]
    until(lambda: _worker_beats(site), seconds=100, what="a heartbeat of the worker")
    health = _health(site)
    assert (health["status"], health["database"], health["broker"]) == ("ok", "ok", "ok")
    assert isinstance(health["oldest_waiting_seconds"], float)
    assert {"cvs", "postings", "matches of students", "mails"} <= set(health["waiting_seconds"])


def test_a_cv_sent_by_a_form_is_read_by_the_worker_beside_the_web_server(start, folder):
    site = start().wait()
    visitor = Visitor(site)
    visitor.sign_up(f"ana{time.monotonic_ns()}@universidad.example")
    url, _ = visitor.post("/alta/cv/", {}, {"cv": ("cv.pdf", pdf())})
    assert url.endswith(("/alta/leyendo/", "/alta/habilidades/"))

    def read() -> list[tuple[str, str, int]]:
        with sqlite3.connect(folder / "moirai.sqlite3") as database:
            rows = database.execute(
                "SELECT cv.text, cv.language, count(evidence.id) FROM students_cv cv JOIN students_evidence evidence"
                " ON evidence.cv_id = cv.id WHERE cv.status = 'read' GROUP BY cv.id"
            )
            return rows.fetchall()

    [(text, language, evidence)] = until(read, seconds=120, what="the reading of the CV")
    assert text
    assert "Python" not in text, "a CV lies encrypted in the database"
    assert language == "es"
    assert evidence >= 2
    assert "Python" in visitor.get("/alta/habilidades/")[1]


def test_ctrl_c_stops_everything_within_seconds(start):
    site = start().wait()
    until(lambda: len(descendants(site.process.pid)) >= 4, seconds=100, what="a worker with its pool")
    family = set(descendants(site.process.pid))
    began = time.monotonic()
    site.process.send_signal(signal.SIGINT)
    assert site.process.wait(15) == 0
    assert time.monotonic() - began < 10
    assert not alive(family)


def test_killing_the_command_ends_worker_and_pool_too(start):
    site = start().wait()
    until(lambda: _worker_beats(site), seconds=100, what="a heartbeat of the worker")
    family = set(descendants(site.process.pid))
    assert len(family) >= 5  # gunicorn and its worker, celery with its pool and beat
    site.process.kill()
    site.process.wait()
    until(lambda: not alive(family), seconds=20, what="the end of all children")


def test_a_worker_that_was_killed_is_started_again_without_orphans(start):
    site = start().wait()
    until(lambda: _worker_beats(site), seconds=100, what="a heartbeat of the worker")
    first = _worker(site)
    assert first
    below = set(descendants(first))
    assert below
    os.kill(first, signal.SIGKILL)
    until(lambda: (_worker(site) or first) != first, seconds=60, what="a new worker")
    until(lambda: not alive(below), seconds=30, what="the end of the old pool")
    assert Visitor(site).get("/")[1]


def test_a_busy_port_is_said_in_one_sentence(start):
    first = start().wait()
    second = start(port=first.port)
    assert second.process.wait(60) == 1
    assert second.output.strip() == f"CommandError: Port {first.port} is taken. Choose another: make run PORT=8123"


def test_without_a_secret_key_nothing_starts_and_the_key_is_named(tmp_path):
    site = Site(tmp_path / "data", port=free_port(), SECRET_KEY="")
    assert site.process.wait(60) != 0
    assert "SECRET_KEY is empty" in site.output

"""What whoever runs the site sees of it: health, metrics and logs; and whom they never see."""

import json
import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families
from structlog.contextvars import get_contextvars

from conftest import HOUR
from moirai import health, heartbeat, logs, metrics
from moirai.celery import app
from moirai.heartbeat import logger as any_logger
from students.tests.factories import CVFactory

TOKEN = {"HTTP_AUTHORIZATION": "Bearer for-prometheus"}


@pytest.fixture
def working(monkeypatch):
    monkeypatch.setattr(health, "seconds_since_worker", lambda: 3.0)


@pytest.fixture
def lines(settings):
    """What production would write: one object a line."""

    class Kept(logging.Handler):
        def emit(self, record):
            found.append(json.loads(self.format(record)))

    found = []
    handler, root = Kept(), logging.getLogger()
    handler.setFormatter(logs.Json())
    handler.addFilter(logs.ByRoute())
    root.addHandler(handler)
    loggers = [root, logging.getLogger("moirai.requests")]
    before = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.INFO)
    yield found
    root.removeHandler(handler)
    for logger, level in zip(loggers, before, strict=True):
        logger.setLevel(level)


@pytest.mark.django_db
def test_alive_asks_no_database(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert client.get("/healthz").json()["status"] == "ok"


@pytest.mark.django_db
def test_ready_names_the_part_that_fails(client, working, monkeypatch, capsys):
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["failing"]) == (200, [])
    call_command("ready")

    CVFactory(status="waiting", is_current=False, needs_reading_since=timezone.now() - HOUR)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["failing"]) == (503, ["waiting"])
    assert answer.json()["waiting_seconds"]["cvs"] >= 3600

    monkeypatch.setattr(health, "seconds_since_worker", lambda: health.WORKER_LATE + 1)
    monkeypatch.setattr(health, "migrations_of_code", lambda: frozenset({("students", "9999_later")}))
    monkeypatch.setattr(health, "broker_answers", lambda: False)
    assert client.get("/readyz").json()["failing"] == ["migrations", "broker", "worker"]
    with pytest.raises(CommandError, match="Not ready: worker"):
        call_command("ready", "--only", "worker")

    def refuse():
        raise OperationalError

    monkeypatch.setattr(health, "missing_migrations", refuse)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["failing"]) == (503, ["database", "broker", "worker"])


@pytest.mark.django_db
def test_metrics_ask_for_the_token_and_count_by_route(client, settings, working, rf):
    assert client.get("/metrics").status_code == 404
    settings.METRICS_TOKEN = "for-prometheus"
    assert client.get("/metrics").status_code == 404
    CVFactory(status="read")
    client.get("/vacantes/?q=kanaria@x.example")
    client.get("/nada/kanaria/")
    text = client.get("/metrics", **TOKEN).content.decode()
    samples = {
        (sample.name, *sorted(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }
    assert samples["moirai_request_seconds_count", ("route", "jobs:job_list"), ("status", "200")] >= 1
    assert samples["moirai_request_seconds_count", ("route", "none"), ("status", "404")] >= 1
    assert samples["moirai_cvs", ("status", "read")] == 1
    assert samples["moirai_part_works", ("part", "worker")] == 1
    assert samples["moirai_waiting_seconds", ("work", "mails")] == 0
    assert "kanaria" not in text


def test_processes_of_all_machines_are_counted_together(tmp_path, monkeypatch):
    count = "from prometheus_client import Counter as C; C('seen', 'x', ['a']).labels('b').inc()"
    for machine in ("web", "web", "worker"):
        monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", str(tmp_path / "metrics" / machine))
        Path(os.environ["PROMETHEUS_MULTIPROC_DIR"]).mkdir(parents=True, exist_ok=True)
        subprocess.run([sys.executable, "-c", count], check=True)
    [family] = metrics.Counted().collect()
    assert [(sample.labels, sample.value) for sample in family.samples] == [({"a": "b"}, 3.0)]
    dead = tmp_path / "metrics" / "web"
    for file in dead.iterdir():
        os.utime(file, (0, 0))
    metrics.prepare_folder()
    assert not dead.exists(), "a container that is gone"
    assert not list((tmp_path / "metrics" / "worker").iterdir()), "what ended with this machine"


@pytest.mark.django_db
def test_each_request_has_an_id_that_its_lines_carry(client, lines):
    given = client.get("/nada/kanaria/", HTTP_X_REQUEST_ID="from-the-proxy-1")
    assert given["X-Request-ID"] == "from-the-proxy-1"
    [line] = [line for line in lines if line["logger"] == "moirai.requests"]
    assert line["request_id"] == "from-the-proxy-1"
    assert (line["route"], line["status"], line["method"], line["level"]) == ("none", 404, "GET", "info")
    assert "kanaria" not in json.dumps(lines)
    for bad in ("a b", "x" * 65, "ana@x.example", "short"):
        assert client.get("/healthz", HTTP_X_REQUEST_ID=bad)["X-Request-ID"] not in ("", bad)
    assert get_contextvars() == {}


def test_lines_of_failures_name_nobody_and_stay_one_object(lines):
    words = 'refused\nDETAIL: (kanaria)\nsaid "kanaria@x.example\\"'
    try:
        raise ValueError(words)
    except ValueError:
        any_logger.exception("Mail to %s failed", "kanaria@x.example")
    [line] = lines
    assert "kanaria" not in json.dumps(line)
    assert "ValueError" in line["exception"]


def test_the_id_goes_along_with_a_task_and_ends_with_it():
    @app.task(name="tests.note", bind=True, shared=False)
    def note(self):
        return get_contextvars()

    logs.begin("from-the-proxy-1")
    headers = {}
    logs.send_along(headers=headers)
    logs.end()
    note.push_request(called_directly=False, is_eager=False, **headers)
    logs.take_over(task=note, task_id="t1")
    assert get_contextvars() == {"request_id": "from-the-proxy-1", "task": "tests.note", "task_id": "t1"}
    logs.let_go(task=note)
    assert get_contextvars() == {}
    note.pop_request()
    del app.tasks["tests.note"]


def test_the_worker_writes_when_it_was_last_alive(monkeypatch):
    monkeypatch.setattr(heartbeat._stop, "is_set", iter([False, True]).__next__)
    monkeypatch.setattr(heartbeat._stop, "wait", lambda seconds: None)
    heartbeat._beat()
    assert heartbeat.seconds_since_worker() < 5

"""What is wrong is said in one sentence before anything starts."""

import os
import subprocess
import sys
import time
from types import SimpleNamespace

import pytest
from django.conf import settings as site
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder
from redis.exceptions import OutOfMemoryError

from moirai import health, starting
from moirai.starting import refusals

DAYS = 24 * 3600


def said(*, at=None):
    return list(refusals(at=time.time() if at is None else at))


@pytest.mark.django_db
def test_a_sound_machine_starts():
    assert said() == []
    call_command("check_start")


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("mysql://a:s3cret@c/d", "DATABASE_URL is wrong: it must begin with postgres:// or sqlite:///."),
        ("postgres://a:s3cret@127.0.0.1:1/d", "The database of DATABASE_URL (127.0.0.1:1/d) cannot be used: "),
    ],
)
@pytest.mark.parametrize("name", ["check_start", "migrate"])
def test_a_wrong_address_of_the_database_is_one_line_without_its_password(tmp_path, url, says, name):
    environment = os.environ | {"DATABASE_URL": url, "DATA_DIR": str(tmp_path)}
    command = [sys.executable, "manage.py", name]
    done = subprocess.run(command, env=environment, cwd=site.BASE_DIR, capture_output=True, text=True)
    assert done.returncode == 1
    [line] = done.stderr.strip().splitlines()
    assert says in line
    assert "s3cret" not in line


@pytest.mark.django_db
def test_a_database_of_a_newer_release_is_refused_by_start_and_migrate(monkeypatch):
    applied = {("jobs", "0001_initial"), ("jobs", "9999_of_tomorrow"), ("an_app_that_left", "0001_initial")}
    monkeypatch.setattr(health, "migrations_of_code", lambda: frozenset({("jobs", "0001_initial")}))
    monkeypatch.setattr(MigrationRecorder, "applied_migrations", lambda self: dict.fromkeys(applied))
    [sentence] = said()
    assert sentence.startswith("The database is of a newer release (it has jobs.9999_of_tomorrow): start that release")
    assert [error.id for error in starting.check_newer(databases=["default"])] == ["moirai.E003"]


@pytest.mark.django_db
def test_a_clock_two_days_behind_is_refused(monkeypatch):
    monkeypatch.setattr(starting, "newest_migration", time.time)
    [sentence] = said(at=time.time() - 2 * DAYS)
    assert sentence.startswith("The clock of this machine is 48.0 hours behind the database's: set it")


@pytest.mark.postgresql
@pytest.mark.django_db
def test_a_clock_two_days_ahead_of_postgresql_is_refused():
    [sentence] = said(at=time.time() + 2 * DAYS)
    assert "48.0 hours ahead of" in sentence


@pytest.mark.django_db
def test_a_full_disk_and_half_a_restore_are_refused(monkeypatch, tmp_path):
    monkeypatch.setattr(starting.shutil, "disk_usage", lambda folder: SimpleNamespace(free=3 * 2**20))
    (tmp_path / starting.UNFINISHED).touch()
    full, half = said()
    assert "is full: 3 MB are left, 64 are needed" in full
    assert "run `manage.py restore` again" in half
    with pytest.raises(CommandError, match="is full"):
        call_command("check_start")


@pytest.mark.django_db
def test_redis_that_is_away_or_full_is_refused(monkeypatch, settings):
    settings.CELERY_BROKER_URL = "unix:///nowhere/redis.sock"
    [away] = said()
    assert (
        away
        == "The Redis of CELERY_BROKER_URL cannot be used (ConnectionError): start it or correct CELERY_BROKER_URL."
    )

    def refuse(*args, **kwargs):
        raise OutOfMemoryError("command not allowed when used memory > 'maxmemory'.")

    monkeypatch.setattr(starting.redis.Redis, "set", refuse)
    [full] = said()
    assert full.startswith("The Redis of CELERY_BROKER_URL has no memory left")


def test_a_worker_does_not_start_where_the_site_does_not(monkeypatch):
    monkeypatch.setattr(starting, "refusals", lambda at: iter(["One.", "Two."]))
    with pytest.raises(SystemExit, match=r"One\.\nTwo\."):
        starting.start_celery()


def test_a_database_that_is_away_is_named_without_its_password(monkeypatch):
    def refuse():
        raise OperationalError("connection failed: refused\n")

    monkeypatch.setattr(connection, "cursor", refuse)
    assert "cannot be used: connection failed: refused. Correct the address" in starting.database()

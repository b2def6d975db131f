"""What every test has: files in a folder of its own, no sockets, a time limit, and a watch on N+1 queries."""

from __future__ import annotations

import os
import shutil
import signal
import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.utils import translation
from pytest_django.fixtures import Settings

# Playwright keeps a loop running once it has driven Chromium; Django would take every later test for async.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

NOW = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)

SECONDS = 120  # for one test; those that start programs get more
SECONDS_WITH_PROGRAMS = 400
DATABASE_FIXTURES = {"db", "transactional_db", "live_server", "admin_client", "django_db_setup"}
LOOPBACK = ("127.0.0.1", "::1", "localhost")
MEETS_PROGRAMS = ("services", "browser", "embedded")  # marks of tests that may speak to loopback


@pytest.fixture(autouse=True)
def own_folder(settings: Settings, tmp_path: Path) -> None:
    """Media, mail, cache and fitted models of a test live and die with it; broker calls run nowhere."""
    settings.DATA_DIR = tmp_path
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {**settings.STORAGES["default"], "OPTIONS": {"location": tmp_path / "media", "base_url": None}},
    }
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": str(tmp_path)}
    }
    settings.CELERY_BROKER_URL = "memory://"
    settings.WHITENOISE_AUTOREFRESH = True  # a client starts without listing every static file
    settings.REQUIRE_STAFF_SECOND_FACTOR = False  # tests/trust ask for it
    settings.SHOWS_COMPONENTS = False
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def own_keys(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keys count as compared with the database, so that it is asked the same in every test; none is at hand."""
    from moirai.crypto import keys, known
    from moirai.crypto.ring import fingerprint

    ring, lookup = settings.ENCRYPTION_KEYS[0], settings.LOOKUP_KEYS[0]
    monkeypatch.setattr(known, "_accepted", {("ring", fingerprint(ring)), ("lookup", fingerprint(lookup))})
    monkeypatch.setattr(keys, "at_hand", keys.AtHand())


@pytest.fixture(autouse=True)
def own_vocabulary(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the clock stopped, the vocabulary of one test looks as fresh as that of the next."""
    from moirai.skills import near, vocabulary

    monkeypatch.setattr(vocabulary, "_current", None)
    monkeypatch.setattr(near, "_kept", None)


@pytest.fixture(autouse=True)
def in_spanish() -> Iterator[None]:
    """A test starts in Spanish, whatever page the one before it read."""
    with translation.override("es-mx"):
        yield


@pytest.fixture(scope="session")
def zeal_watches() -> None:
    """Teach Django's querysets to tell zeal what they load; without a zeal context this changes nothing."""
    from zeal.constants import initialize_app_registry
    from zeal.patch import patch

    initialize_app_registry()
    patch()


@pytest.fixture(autouse=True)
def no_repeated_queries(zeal_watches: None, settings: Settings) -> None:
    """A page that loads related rows one by one fails its test, whatever the number of queries allowed."""
    settings.MIDDLEWARE = ["zeal.middleware.zeal_middleware", *settings.MIDDLEWARE]
    # Django's and allauth's own rows: allauth looks a person's few addresses and sessions up one by one.
    others = ["admin.*", "contenttypes.*", "auth.*", "account.*", "sessions.*", "usersessions.*"]
    settings.ZEAL_ALLOWLIST = [{"model": model} for model in others]


@pytest.fixture(autouse=True)
def no_sockets(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Python code of a test reaches no network; tests marked as meeting programs reach loopback."""
    reachable = LOOPBACK if any(map(request.node.get_closest_marker, MEETS_PROGRAMS)) else ()
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: object) -> None:
        if self.family != socket.AF_UNIX and not (isinstance(address, tuple) and address[0] in reachable):
            raise RuntimeError(f"A test may not connect to {address}.")
        connect(self, address)  # type: ignore[arg-type]

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture(autouse=True)
def time_limit(request: pytest.FixtureRequest) -> Iterator[None]:
    """End a test that hangs, where the system has alarms."""
    meets = any(map(request.node.get_closest_marker, MEETS_PROGRAMS))
    seconds = SECONDS_WITH_PROGRAMS if meets else SECONDS

    def ring(*_: object) -> None:
        pytest.fail(f"The test took longer than {seconds} s.")

    before = signal.signal(signal.SIGALRM, ring)
    signal.alarm(seconds)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


@pytest.hookimpl(tryfirst=True)  # before pytest chooses by mark
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip, with the reason, what the machine or the database under test cannot show; mark what asks for none."""
    absent = {
        "postgresql": None if connection.vendor == "postgresql" else "needs PostgreSQL; tests/run.py starts it",
        "embedded": None if connection.vendor == "sqlite" else "shows SQLite; tests/run.py runs it there",
        "services": None if os.environ.get("TEST_REDIS_URL") else "needs Redis; tests/run.py starts it",
        "browser": None if shutil.which("chromium") else "needs Chromium (Debian: chromium)",
    }
    for item in items:
        for mark, reason in absent.items():
            if reason and item.get_closest_marker(mark):
                item.add_marker(pytest.mark.skip(reason=reason))
        asks = item.get_closest_marker("django_db") or DATABASE_FIXTURES & set(getattr(item, "fixturenames", ()))
        if not asks and not any(map(item.get_closest_marker, ("postgresql", "services"))):
            item.add_marker(pytest.mark.once)

"""A site with the furnished world, and Chromium; one of each for a worker."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings

from tests.browser.office import CHROMIUM, Office, open_office
from tests.embedded import Site, until


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with open_office(tmp_path_factory.mktemp("office")) as office:
        yield office


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The site as `make run` starts it, with the rows of ``seed``, a fitted model and an idle worker."""
    folder = tmp_path_factory.mktemp("site")
    environment = os.environ | {
        "DATA_DIR": str(folder),
        "DATABASE_URL": f"sqlite:///{folder / 'moirai.sqlite3'}",
        "CELERY_BROKER_URL": "filesystem://localhost",
        "SECRET_KEY": "for-tests-only-" * 4,
    }
    order = "from tests.browser.seed import make; make()"
    for command in (["migrate", "-v", "0"], ["shell", "--no-imports", "-c", order]):
        subprocess.run([sys.executable, "manage.py", *command], cwd=settings.BASE_DIR, env=environment, check=True)
    site = Site(folder, REQUIRE_STAFF_SECOND_FACTOR="false").wait()

    def is_ready() -> bool:
        with sqlite3.connect(folder / "moirai.sqlite3") as database:
            return database.execute(READY).fetchone() == (1, 0, 0)

    until(is_ready, seconds=240, what="a fitted model, read CVs and detected skills")
    yield site
    site.stop()


READY = """SELECT (SELECT count(*) FROM matching_fittedmodel WHERE is_serving),
    (SELECT count(*) FROM jobs_job WHERE needs_detection_since IS NOT NULL OR needs_matching_since IS NOT NULL),
    (SELECT count(*) FROM students_student WHERE needs_matching_since IS NOT NULL)
        + (SELECT count(*) FROM students_cv WHERE needs_reading_since IS NOT NULL)"""

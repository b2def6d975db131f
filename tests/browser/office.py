"""A site of its own for those who look at it, in tests and for pictures."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.browser.registry import Page
from tests.embedded import free_port, until

ROOT = Path(__file__).parents[2]
CHROMIUM = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
CHROMIUM += ["--disable-component-update", "--disable-sync"]


@dataclass
class Office:
    """Where the site answers, and the keys to it."""

    origin: str
    things: dict[str, object]
    sessions: dict[str, str]

    def address(self, page: Page) -> str:
        return page.address(self.things)


@contextmanager
def open_office(folder: Path, kind: str = "world") -> Iterator[Office]:
    """Make the world, or the demo, in ``folder`` and serve it until the block ends."""
    port = free_port()
    origin = f"http://127.0.0.1:{port}"
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "tests.browser.settings",
        "DATA_DIR": str(folder),
        "DATABASE_URL": f"sqlite:///{folder / 'moirai.sqlite3'}",
        "CELERY_BROKER_URL": "filesystem://localhost",
        "SECRET_KEY": "for-tests-only-" * 4,
        "SITE_URL": origin,
        "STUDENT_EMAIL_DOMAINS": "",
    }
    log = folder / "log"
    command = [sys.executable, "-m", "tests.browser.serve", str(port), kind]
    with log.open("wb") as output:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=output, stderr=output)
    try:
        until(lambda: process.poll() is not None or _answers(origin), seconds=600, what="a site with its world")
        assert process.poll() is None, log.read_text()
        yield Office(origin, **json.loads((folder / "world.json").read_text()))
    finally:
        process.terminate()
        process.wait(20)


def _answers(origin: str) -> bool:
    try:
        with urllib.request.urlopen(f"{origin}/ayuda/", timeout=5) as answer:
            return answer.status == 200
    except OSError:
        return False

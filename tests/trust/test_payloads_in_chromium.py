"""The world with a payload in every text, opened page by page in a real browser: nothing runs or is tried."""

from __future__ import annotations

import logging
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import time_machine
from django.conf import settings as configured

from conftest import NOW
from matching.tests.conftest import model, taxonomy  # noqa: F401 - fixtures
from tests.browser.conftest import CHROMIUM
from tests.trust.payloads import EVERYTHING, cells, fill
from tests.trust.requesting import Browser, address
from tests.trust.test_matrix import TABLE, admin_cells
from tests.trust.world import ROLES, World, make_world

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser, pytest.mark.embedded]
SECONDS = 1500
WATCH = """
window.__refused = [];
document.addEventListener("securitypolicyviolation", (event) => window.__refused.push(event.violatedDirective));
"""


@pytest.fixture
def world(settings: Any, time_limit: None, model: Any) -> Iterator[World]:  # noqa: F811
    signal.alarm(SECONDS)
    settings.REQUIRE_STAFF_SECOND_FACTOR = True
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if "zeal" not in name]
    logging.disable(logging.ERROR)
    with time_machine.travel(NOW, tick=True):
        yield make_world()
    logging.disable(logging.NOTSET)


def pages_of(world: World) -> Iterator[tuple[str, str, str]]:
    """Role, name and address of what is opened; the suite takes each page as one of its roles, of the admin a third."""
    seen = set()
    for line, role in cells(world, TABLE, ROLES, "GET"):
        if line.route != "account_logout" and (EVERYTHING or (line.route, line.target) not in seen):
            seen.add((line.route, line.target))
            yield role, line.route, address(world, line.route, line.target)
    office = [(name, url) for method, name, url, _ in admin_cells(world) if method == "GET"]
    for name, url in office if EVERYTHING else office[::3]:
        yield "superuser", f"admin: {name}", url


class Witness:
    """One role's browser, and what it saw run or refused."""

    def __init__(self, chromium: Any, origin: str, session: str) -> None:
        context = chromium.new_context(base_url=origin, locale="es-MX")
        context.set_default_timeout(30_000)
        context.add_init_script(WATCH)
        if session:
            context.add_cookies([{"name": configured.SESSION_COOKIE_NAME, "value": session, "url": origin}])
        self.page = context.new_page()
        self.executed: list[str] = []
        self.refused: list[str] = []
        self.where = ""
        self.page.on("dialog", lambda dialog: (self.executed.append(self.where), dialog.dismiss()))
        self.page.on("console", lambda said: self.hear(said.text))

    def hear(self, text: str) -> None:
        if "Content Security Policy" in text:
            self.refused.append(f"{self.where}: {text}")

    def open(self, where: str, url: str) -> bool:
        """Whether the page was shown; a file that is downloaded instead shows nothing."""
        self.where = where
        try:
            answer = self.page.goto(url, wait_until="load")
        except Exception as error:
            if "Download is starting" in str(error) or "ERR_ABORTED" in str(error):
                return False
            raise
        if self.page.evaluate("window.__pwned === 1"):
            self.executed.append(where)
        if answer and "html" not in answer.headers.get("content-type", ""):
            # What is not a page is dressed by Chromium's own viewer, whose style the policy refuses as it should.
            self.refused = [said for said in self.refused if not said.startswith(f"{where}: ")]
            return True
        self.refused += [f"{where}: {name}" for name in self.page.evaluate("window.__refused || []")]
        return True


def session_of(world: World, role: str) -> str:
    if role == "anonymous":
        return ""
    return Browser(world, role).client.cookies[configured.SESSION_COOKIE_NAME].value


def test_chromium_runs_nothing_that_people_wrote(world, live_server, figure):
    from playwright.sync_api import sync_playwright

    written, _ = fill(world)
    pages, sessions = list(pages_of(world)), {role: session_of(world, role) for role in ROLES}
    witnesses: dict[str, Witness] = {}

    def look() -> int:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM)
            witnesses.update({role: Witness(browser, live_server.url, session) for role, session in sessions.items()})
            opened = sum(witnesses[role].open(f"{name} as {role}", url) for role, name, url in pages)
            browser.close()
        return opened

    with ThreadPoolExecutor(1) as thread:  # of its own: another test of this process may have a loop running
        opened = thread.submit(look).result()
    executed = [where for witness in witnesses.values() for where in witness.executed]
    refused = [where for witness in witnesses.values() for where in witness.refused]
    figure(15, f"Chromium: {written} texts with payloads, {opened} pages opened, {len(executed)} executed")
    figure(13, f"Chromium: {opened} pages opened, {len(refused)} violations of the policy")
    assert not executed
    assert not refused, "\n".join(refused)
    assert opened > 100

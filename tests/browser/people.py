"""Somebody at a browser, who uses it in one of three ways: with a mouse, without JavaScript, or by keyboard alone."""

from __future__ import annotations

import time
from typing import Any

from playwright.sync_api import TimeoutError as NothingShown

from students.tests.files import pdf
from tests.embedded import PASSWORD, Site, confirmation_link

WAYS = ["mouse", "without JavaScript", "keyboard"]
WIDE = {"width": 1280, "height": 900}
#: A transition or a request that was cut short by leaving; answers, which are heard on their own.
SILENT = ("ViewTransition", "Transition was aborted", "htmx:sendAbort", "htmx:afterRequest", "Failed to load resource")
SENTENCE = "Programé servicios web en Python para una biblioteca."
STOPS = 200  # nobody presses Tab more often than that


class Person:
    """A tab at the site; what the browser says against its pages is kept in ``complaints``."""

    def __init__(self, chromium: Any, site: Site, way: str = "mouse") -> None:
        self.site, self.way, self.javascript = site, way, way != "without JavaScript"
        self.context = chromium.new_context(
            base_url=site.address, locale="es-MX", java_script_enabled=self.javascript, viewport=WIDE
        )
        self.context.set_default_timeout(40_000)
        self.page = self.context.new_page()
        self.complaints: list[str] = []
        self.page.on("console", lambda m: m.type in ("error", "warning") and self._hear(m.text))
        self.page.on("pageerror", lambda error: self._hear(str(error)))
        self.page.on("response", lambda r: r.status >= 400 and r.status != 422 and self._hear(f"{r.status} {r.url}"))

    def _hear(self, text: str) -> None:
        if not any(word in text for word in SILENT):
            self.complaints.append(text)

    def go(self, address: str) -> None:
        self.page.goto(address)

    def find(self, selector: str) -> Any:
        return self.page.locator(selector).first

    def text(self) -> str:
        return " ".join(self.page.locator("main").inner_text().split())

    # --- Hands --------------------------------------------------------------------------------------------------------

    def reach(self, target: Any) -> None:
        """Tab until ``target`` has the focus."""
        for _ in range(STOPS):
            if target.evaluate("e => e === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"no Tab leads to {target}")

    def press(self, selector: str) -> None:
        """Follow a link or press a button, and arrive."""
        with self.page.expect_navigation():
            self.touch(selector)

    def touch(self, selector: str) -> None:
        """Press what changes the page in its place."""
        target = self.find(selector)
        if self.way == "keyboard":
            self.reach(target)
            self.page.keyboard.press("Enter")
        else:
            target.click()

    def write(self, selector: str, text: str) -> None:
        target = self.find(selector)
        if self.way == "keyboard":
            self.reach(target)
            self.page.keyboard.press("Control+A")
            self.page.keyboard.type(text)
        else:
            target.fill(text)

    def tick(self, selector: str) -> None:
        target = self.find(selector)
        if self.way == "keyboard":
            self.reach(target)
            self.page.keyboard.press("Space")
        else:
            target.locator("xpath=ancestor::label[1]").click()
        assert target.is_checked()

    def pick(self, name: str, value: str) -> None:
        """Choose one of a group of radio buttons."""
        target = self.find(f"input[name='{name}'][value='{value}']")
        if self.way != "keyboard":
            target.locator("xpath=ancestor::label[1]").click()
            assert target.is_checked()
            return
        group = self.page.locator(f"input[name='{name}']")
        chosen = self.page.locator(f"input[name='{name}']:checked")
        self.reach((chosen if chosen.count() else group).first)
        for _ in range(group.count()):
            if target.is_checked():
                return
            self.page.keyboard.press("ArrowDown")
        assert target.is_checked()

    def select(self, selector: str, value: str) -> None:
        target = self.find(selector)
        if self.way != "keyboard":
            target.select_option(value)
            return
        self.reach(target)
        self.page.keyboard.press("Home")
        for _ in range(40):
            if target.input_value() == value:
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"no arrow leads to {value}")

    def attach(self, selector: str, name: str, content: bytes) -> None:
        file = {"name": name, "mimeType": "application/pdf", "buffer": content}
        if self.way == "keyboard":
            self.ask_for_file(self.find(selector)).set_files(file)
        else:
            self.find(selector).set_input_files(file)

    def ask_for_file(self, target: Any) -> Any:
        """The chooser; Chromium drops a key pressed before a page's first paint, and who sees nothing presses again."""
        for _ in range(4):
            self.reach(target)
            try:
                with self.page.expect_file_chooser(timeout=10_000) as chooser:
                    self.page.keyboard.press("Space")
                return chooser.value
            except NothingShown:
                continue
        raise AssertionError("no key asks for a file")

    def send(self, holds: str) -> None:
        """Press the button of the form that holds a field."""
        self.press(f"main form:has({holds}) button[type=submit]:not([name])")

    def wait(self, pattern: Any) -> None:
        self.page.wait_for_url(pattern)

    # --- What people do on many ways ----------------------------------------------------------------------------------

    def sign_in(self, email: str) -> None:
        self.go("/cuenta/entrar/")
        self.write("input[name=login]", email)
        self.write("input[name=password]", PASSWORD)
        self.send("input[name=password]")
        self.wait(lambda url: "/entrar/" not in url)

    def sign_up(self) -> str:
        """From the front door to the confirmed address, which this returns."""
        email = f"ana{time.monotonic_ns()}@universidad.example"
        self.go("/")
        self.press("main a[href='/cuenta/registro/']")
        self.write("input[name=full_name]", "Ana Cruz")
        self.write("input[name=email]", email)
        self.write("input[name=password1]", PASSWORD)
        self.tick("input[name=accepts_notice]")
        self.send("input[name=password1]")
        self.wait("**/cuenta/verificar/**")
        self.go(confirmation_link(self.site.folder, email))
        self.press("main form button[type=submit]")
        self.wait("**/alta/cv/")
        return email

    def upload(self) -> None:
        """Hand in a CV and wait until it has been compared; the page asks by itself, or a link does."""
        self.attach("input[name=cv]", "cv.pdf", pdf())
        self.send("input[name=cv]")
        done = self.page.locator("#lectura a.btn[href$='/para-ti/']")
        if self.javascript:
            done.wait_for(timeout=120_000)
            return
        end = time.monotonic() + 120
        while not done.count():
            assert time.monotonic() < end, self.text()
            time.sleep(1)
            self.press("#lectura a[href$='/alta/leyendo/']")

    def evidence(self) -> tuple[str, str, list[str]]:
        """Points, their sum, and the sentences that prove requirements, as the page shows them."""
        show = self.page.locator
        quotes = show(".loom .proof blockquote").all_inner_texts()
        return show(".bigscore").inner_text(), show(".sums").inner_text(), quotes

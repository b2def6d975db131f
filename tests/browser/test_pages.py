"""Every page in both languages, light and dark, narrow and wide: axe, the policy, reflow, targets, focus, motion."""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import product
from typing import Any
from zlib import crc32

import pytest

from tests.browser import looking
from tests.browser.office import Office
from tests.browser.registry import Page, pages, planted

pytestmark = [pytest.mark.embedded, pytest.mark.browser]
#: Halves of the pages, so that two workers share them.
PAGES = [
    pytest.param(page, id=str(page), marks=pytest.mark.xdist_group(f"pages {n % 2}"))
    for n, page in enumerate([*pages(), *planted()])
]
SILENT = ("ViewTransition", "Failed to load resource: the server responded")  # cut short; pages that are to fail


class Visit:
    """A tab in which somebody looks at pages; what the browser says against them is kept."""

    def __init__(self, chromium: Any, office: Office) -> None:
        self.office = office
        self.context = chromium.new_context(base_url=office.origin, locale="es-MX", reduced_motion="reduce")
        self.context.set_default_timeout(30_000)
        self.tab = self.context.new_page()
        self.complaints: list[str] = []
        self.tab.on("console", lambda m: m.type in ("error", "warning") and self._hear(m.text))
        self.tab.on("pageerror", lambda error: self._hear(str(error)))

    def _hear(self, text: str) -> None:
        if not any(word in text for word in SILENT):
            self.complaints.append(text)

    def come(self, role: str) -> None:
        self.context.clear_cookies()
        if role != "anonymous":
            self.context.add_cookies(
                [{"name": "sessionid", "value": self.office.sessions[role], "url": self.office.origin}]
            )


@pytest.fixture(scope="module")
def visit(chromium: Any, office: Office) -> Iterator[Visit]:
    visit = Visit(chromium, office)
    yield visit
    visit.context.close()


#: Languages, widths and themes: axe looks at a page in one of these; with EVERY_LOOK set, in each.
LOOKS = list(product(("", "/en"), (1280, 320), ("light", "dark")))


def look(tab: Any, prefix: str, wanted: tuple[str, int, str]) -> list[str]:
    """All that can be seen of a page that is open, in widths and themes."""
    found = [*looking.moving(tab), *looking.nodes(tab)]
    for width in (1280, 320):
        looking.at_width(tab, width)
        found += looking.sideways(tab) + looking.small_targets(tab)
        for theme in ("light", "dark"):
            if (prefix, width, theme) != wanted and "EVERY_LOOK" not in os.environ:
                continue
            tab.emulate_media(color_scheme=theme)
            found += [f"{theme} {width}: {what}" for what in looking.axe(tab)]
    return found


@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_accessible_to_everybody(visit: Visit, page: Page) -> None:
    visit.come(page.role)
    visit.complaints.clear()
    found: list[str] = []
    wanted = LOOKS[crc32(str(page).encode()) % len(LOOKS)]
    for prefix in ("", "/en"):
        answer = visit.tab.goto(prefix + visit.office.address(page))
        assert answer.status == page.status
        assert visit.tab.locator("h1").count() == 1
        found += [f"{prefix or '/es'} {what}" for what in look(visit.tab, prefix, wanted)]
    for width in (1280, 390) if "EVERY_LOOK" in os.environ else (390,):
        looking.at_width(visit.tab, width)
        found += looking.focus_ring(visit.tab)
    assert found + visit.complaints == []

"""`make screenshots`: every page of the demo, wide and narrow, light and dark, into ``var/screenshots``.

The two pictures of the README are made on the way; they are small, because a repository keeps every version.
"""

from __future__ import annotations

import io
import re
import tempfile
from pathlib import Path
from typing import Any

from django.urls import NoReverseMatch
from PIL import Image
from playwright.sync_api import sync_playwright

from tests.browser.office import CHROMIUM, Office, open_office
from tests.browser.registry import Page, pages, planted

ROOT = Path(__file__).parents[2]
FOLDER, PICTURES = ROOT / "var" / "screenshots", ROOT / "docs" / "pictures"
WIDTHS, THEMES = (1280, 390), ("light", "dark")
IN_README = {"matches": Page("matching:for_you", "owner"), "why": Page("matching:why", "owner", "posting of A")}
COLOURS = 255


def main(only: str = "") -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        open_office(Path(folder), "demo") as office,
        sync_playwright() as play,
    ):
        browser = play.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM)
        context = browser.new_context(base_url=office.origin, locale="es-MX", reduced_motion="reduce")
        tab = context.new_page()
        for name, page in IN_README.items():
            picture(office, context, tab, name, page)
        for page in [*pages(), *planted()]:
            if only in str(page):
                shoot(office, context, tab, page)
        browser.close()


def arrive(office: Office, context: Any, tab: Any, page: Page) -> bool:
    """Open ``page`` as its person; False, and said, where the demo has no such thing or the page fails."""
    try:
        address = office.address(page)
    except (KeyError, NoReverseMatch) as missing:
        print(f"{page}: the demo has no {missing}")
        return False
    context.clear_cookies()
    if page.role != "anonymous":
        context.add_cookies([{"name": "sessionid", "value": office.sessions[page.role], "url": office.origin}])
    answer = tab.goto(address)
    if answer.status == page.status:
        return True
    print(f"{page}: {answer.status}")
    return False


def shoot(office: Office, context: Any, tab: Any, page: Page) -> None:
    """Four pictures of a page."""
    if not arrive(office, context, tab, page):
        return
    name = re.sub(r"\W+", "-", str(page)).strip("-")
    for width in WIDTHS:
        tab.set_viewport_size({"width": width, "height": 900})
        for theme in THEMES:
            tab.emulate_media(color_scheme=theme)
            tab.screenshot(path=FOLDER / f"{name}-{width}-{theme}.png", full_page=True, animations="disabled")


def picture(office: Office, context: Any, tab: Any, name: str, page: Page) -> None:
    """What a visitor sees first of a page, in few colours."""
    assert arrive(office, context, tab, page)
    tab.set_viewport_size({"width": 1280, "height": 1000})
    tab.emulate_media(color_scheme="light")
    shot = Image.open(io.BytesIO(tab.screenshot(animations="disabled"))).convert("RGB")
    PICTURES.mkdir(parents=True, exist_ok=True)
    small = shot.quantize(COLOURS, method=Image.Quantize.MEDIANCUT, kmeans=6, dither=Image.Dither.NONE)
    small.save(PICTURES / f"{name}.png", optimize=True)

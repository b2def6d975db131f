"""The admin: axe finds nothing on its start page, its lists, a form and the question before an action."""

from __future__ import annotations

import pytest

from tests.browser import looking
from tests.browser.registry import ADMIN, Page
from tests.browser.test_pages import Visit, visit

__all__ = ["visit"]
pytestmark = [pytest.mark.embedded, pytest.mark.browser, pytest.mark.xdist_group("pages 0")]


def complaints(visit: Visit) -> list[str]:
    found = []
    for width, theme in ((1280, "light"), (390, "dark")):
        looking.at_width(visit.tab, width)
        visit.tab.emulate_media(color_scheme=theme)
        found += [f"{theme} {width}: {what}" for what in looking.axe(visit.tab)]
    return found


@pytest.mark.parametrize("page", ADMIN, ids=str)
def test_a_page_of_the_admin_is_accessible(visit: Visit, page: Page) -> None:
    visit.come(page.role)
    assert visit.tab.goto(visit.office.address(page)).status == 200
    assert complaints(visit) == []


def test_the_question_before_an_action_is_accessible(visit: Visit) -> None:
    visit.come("superuser")
    looking.at_width(visit.tab, 1280)
    visit.tab.goto("/admin/students/student/")
    for row in (0, 1):
        visit.tab.locator("input.action-select").nth(row).check()
    visit.tab.select_option("select[name=action]", "merge")
    visit.tab.click("button[name=index]")
    visit.tab.wait_for_selector("input[name=target]")
    assert complaints(visit) == []

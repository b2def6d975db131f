"""The registry knows every page, and what it leaves out is none."""

from __future__ import annotations

import pytest
import time_machine

from conftest import NOW
from matching.tests.conftest import model, taxonomy  # noqa: F401 - fixtures
from tests.browser.furnish import furnish
from tests.browser.registry import EXEMPT, Page, is_page, ordinary, pages
from tests.trust import rules
from tests.trust.requesting import Browser, value_of
from tests.trust.routes import routes
from tests.trust.world import ROLES, World, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(model) -> World:  # noqa: F811
    with time_machine.travel(NOW, tick=False):
        yield furnish(make_world(), now=NOW)


def served_routes() -> set[str]:
    """Routes that answer a GET of somebody with more than a redirect."""
    rows = [line.split() for line in filter(None, map(str.strip, rules.TABLE.splitlines()))]
    return {words[0] for words in rows if words[-10] == "GET" and "+" in words[-9:]}


def test_every_page_route_has_an_entry_or_a_reason():
    entered = {page.route for page in pages()}
    missing = served_routes() - entered - EXEMPT.keys()
    assert not missing
    known = {route.name for route in routes()}
    assert entered | EXEMPT.keys() <= known, (entered | EXEMPT.keys()) - known
    assert not entered & EXEMPT.keys()
    # What the rules do not know, tests/trust/test_matrix.py finds.


def test_entries_answer_as_the_registry_says_and_what_is_exempt_is_no_page(world, settings):
    settings.ACCOUNT_RATE_LIMITS = False
    values = {name: value_of(thing) for name, thing in world.things.items()}
    browsers = {role: Browser(world, role) for role in {page.role for page in pages()}}
    wrong = []
    for page in pages():
        response = browsers[page.role].send("GET", page.address(values))
        if response.status_code != page.status or not is_page(response["Content-Type"]):
            wrong.append(f"{page}: {response.status_code} {response['Content-Type']}")
    for line in filter(None, map(str.strip, rules.TABLE.splitlines())):
        words = line.split()
        if words[0] in EXEMPT and words[-10] == "GET" and "+" in words[-9:]:
            role = ROLES[words[-9:].index("+")]
            page = Page(words[0], role, " ".join(words[1:-10]))
            response = Browser(world, role).send("GET", page.address(values))
            wrong += [f"{page} is a page"] if is_page(response["Content-Type"]) else []
    assert not wrong, "\n".join(wrong)


def test_each_page_is_entered_once():
    assert len({str(page) for page in ordinary()}) == len(ordinary())

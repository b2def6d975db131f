"""Every page asks the database at most ten questions, and as many for a thousand rows as for ten."""

from __future__ import annotations

import os
import signal

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from conftest import NOW
from matching.tests.conftest import model, taxonomy  # noqa: F401 - fixtures
from tests.browser.furnish import furnish
from tests.browser.growing import grow
from tests.browser.registry import pages
from tests.trust.requesting import Browser, value_of
from tests.trust.world import World, make_world

pytestmark = pytest.mark.django_db
LIMIT = 10
SECONDS = 600  # every page twice, at two sizes
SMALL, LARGE = 10, int(os.environ.get("QUERY_ROWS", "1000"))


@pytest.fixture
def world(model) -> World:  # noqa: F811
    with time_machine.travel(NOW, tick=False):
        yield furnish(make_world(), now=NOW)


def asked(world: World, browsers: dict[str, Browser]) -> dict[str, list[str]]:
    """Queries of each page, without those of the transaction, the second time it is opened."""
    values = {name: value_of(thing) for name, thing in world.things.items()}
    found = {}
    for page in pages():
        browser = browsers[page.role]
        browser.send("GET", page.address(values))
        with CaptureQueriesContext(connection) as queries:
            browser.send("GET", page.address(values))
        words = [query["sql"] for query in queries]
        found[str(page)] = [sql for sql in words if not sql.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK"))]
    return found


def test_pages_ask_little_and_the_same_at_any_size(world, settings):
    signal.alarm(SECONDS)
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if "zeal" not in name]
    browsers = {role: Browser(world, role) for role in {page.role for page in pages()}}
    grow(world, SMALL)
    few = asked(world, browsers)
    grow(world, LARGE - SMALL)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # as a database in use does; what it knows of an earlier test misleads it badly
    many = asked(world, browsers)
    wrong = []
    for page, queries in many.items():
        if len(queries) > LIMIT:
            wrong.append(f"{page}: {len(queries)} queries")
        if len(queries) != len(few[page]):
            wrong.append(f"{page}: {len(few[page])} at {SMALL} rows, {len(queries)} at {LARGE}")
    print(f"\n{len(many)} pages, at most {max(map(len, many.values()))} queries")
    assert not wrong, "\n".join(wrong)

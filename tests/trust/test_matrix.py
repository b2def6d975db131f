"""The authorisation matrix: every route, method and role with everybody's ids; again after consent is taken back."""

from __future__ import annotations

import logging
import os
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import time_machine
from django.core.paginator import Page
from django.http import HttpResponseBase
from django.urls import reverse

from conftest import NOW
from matching.tests.conftest import model, taxonomy  # noqa: F401 - fixtures
from tests.trust import rules
from tests.trust.requesting import Browser, address, payload, undone
from tests.trust.routes import NO_METHOD, REFUSED, asks_to_sign_in, body, called, people_in, routes
from tests.trust.world import COMPANY_A, OFFICE, ROLES, SHOWN, STATES, World, holdings, make_world, may_change

pytestmark = pytest.mark.django_db
METHODS = ("GET", "POST")
FIGURES_OF = {
    "normal": (1, 2, 4, 6),
    "consent withdrawn": (8,),
    "one company shut out": (8,),
    "restricted": (8, 18),
    "opted out": (22,),
}
SECONDS = 900  # thousands of requests
NOBODYS = "-"  # the target of a page that names no row
EVERY_CELL = "EVERY_CELL" in os.environ  # `make trust` asks in each state for everything


@dataclass(frozen=True)
class Line:
    route: str
    target: str
    method: str
    cells: tuple[str, ...]


def lines(table: str) -> dict[tuple[str, str, str], Line]:
    """The lines of a table by route, target and method; nine cells at the end, the method before them."""
    found = {}
    for text in filter(None, map(str.strip, table.splitlines())):
        words = text.split()
        route, method, cells = words[0], words[-10], tuple(words[-9:])
        line = Line(route, " ".join(words[1:-10]), method, cells)
        assert (route, line.target, method) not in found, f"said twice: {text}"
        found[route, line.target, method] = line
    return found


TABLE = lines(rules.TABLE)


#: Routes on which no visitor gets anything but the way to the sign-in, before any view is asked.
OPEN = {line.route for line in TABLE.values() if line.cells[0] != REFUSED} | rules.ANSWERS_VISITORS
CLOSED = {line.route for line in TABLE.values()} - OPEN


def too_many(world: World, line: Line, role: str, response: HttpResponseBase) -> Iterator[str]:
    """Numbers on a page that count more than the rows which this role may know of."""
    context = getattr(response, "context", None)
    for key, most in rules.AT_MOST.get((line.route, line.target, role), {}).items():
        name, _dot, part_of_it = key.partition(".")
        if context is not None and name in context:
            value = getattr(context[name], part_of_it) if part_of_it else context[name]
            shown = value.paginator.count if isinstance(value, Page) else value
            if isinstance(shown, list):
                shown = max((getattr(part, "count", len(shown)) for part in shown), default=0)
            if shown > (limit := most(world)):
                yield f"counts {shown} in {key}, of which {limit} are this role's"


def in_state(state: str) -> list[Line]:
    """The table as it reads in a state: with closed accounts everybody is a visitor."""
    changed = lines(rules.CHANGED[state])
    assert changed.keys() <= TABLE.keys(), changed.keys() - TABLE.keys()
    usual = {key: Line(*key, line.cells[:1] * 9) for key, line in TABLE.items()} if state == "deactivated" else TABLE
    return [changed.get(key, line) for key, line in usual.items()]


def telling(lines: list[Line], table: dict[tuple[str, str, str], Line], state: str) -> Iterator[tuple[Line, str, str]]:
    """Line, role and what is expected, of each cell that the state may have changed; all of them with EVERY_CELL."""
    is_whole = state == "normal" or EVERY_CELL
    for line in lines:
        usual = table[line.route, line.target, line.method]
        if not is_whole and line.target == NOBODYS and line == usual:
            continue  # names no row, and the state changes nothing about it
        for role, expected, before_it in zip(ROLES, line.cells, usual.cells, strict=True):
            if is_whole or not expected == before_it == REFUSED:  # a state takes away
                yield line, role, expected


def is_admin(name: str, path: str) -> bool:
    return path.startswith("admin/")


@pytest.fixture(autouse=True)
def many_requests(settings) -> Iterator[None]:
    """No throttle, no watch on queries and no log lines: here only answers count."""
    settings.ACCOUNT_RATE_LIMITS = False
    settings.REQUIRE_STAFF_SECOND_FACTOR = True
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if "zeal" not in name]
    signal.alarm(SECONDS)
    logging.disable(logging.WARNING)
    with time_machine.travel(NOW, tick=False):
        yield
    logging.disable(logging.NOTSET)


@pytest.fixture
def world(model) -> World:  # noqa: F811
    return make_world()


def judge(
    world: World, role: str, browser: Browser, line: Line, expected: str, before: dict[str, list[Any]]
) -> list[str]:
    """What is wrong with one cell: the answer, what it says, what it changed of what was there ``before``."""
    where = f"{line.method} {line.route} ({line.target}) as {role}"
    data = payload(world, rules.PAYLOADS.get(line.route, {})) if line.method == "POST" else None
    wrong = []
    with undone():
        try:
            response = browser.send(line.method, address(world, line.route, line.target), data)
        except Exception as error:  # a 500 for the person
            return [f"{where}: {type(error).__name__}: {error}"]
        if (answer := called(response)) != expected:
            wrong.append(f"{where}: {answer} instead of {expected}")
        if role == "anonymous" and expected == REFUSED and line.route in CLOSED and not asks_to_sign_in(response):
            wrong.append(f"{where}: is not asked to sign in")
        wrong += [f"{where}: {what}" for what in too_many(world, line, role, response)]
        text = body(response)
        wrong += [
            f"{where}: reads {mark}" for mark, readers in world.marks.items() if mark in text and role not in readers
        ]
        shown = {*SHOWN.get(role, ())}
        mine = {("student_id", world.things[name].pk) for name in shown}
        mine |= {("user_id", world.things[name].user_id) for name in shown}
        colleagues = COMPANY_A if role in COMPANY_A else (role,)
        mine |= {("user_id", world.users[name].pk) for name in colleagues if name in world.users}
        if role not in OFFICE:
            wrong += [f"{where}: holds rows of {column} {pk}" for column, pk in people_in(response) - mine]
        if line.method == "POST":
            after = holdings(world)
            allowed = set() if expected == REFUSED else may_change(world, role)
            changed = {holder for holder in before.keys() | after.keys() if before.get(holder) != after.get(holder)}
            # A person may found one company; its rows have no holder before.
            allowed = allowed | {holder for holder in changed if holder.startswith("new ") and expected != REFUSED}
            wrong += [f"{where}: changed {holder}" for holder in changed - allowed]
    return wrong


@pytest.mark.once  # pages have tests of their own on both databases, and `test_api` asks there
@pytest.mark.parametrize("state", STATES)
def test_every_role_gets_what_the_table_says_and_reads_and_changes_nothing_else(world, state, figure):
    browsers = {role: Browser(world, role) for role in ROLES}
    STATES[state](world)
    before = holdings(world)
    cells, wrong = 0, []
    for line, role, expected in telling(in_state(state), TABLE, state):
        cells += 1
        wrong += judge(world, role, browsers[role], line, expected, before)
    for promise in FIGURES_OF.get(state, (2,)):
        figure(promise, f"{state}: {cells} cells, {len(wrong)} wrong")
    assert not wrong, "\n".join(wrong)


def test_every_route_has_a_rule():
    ruled = {line.route for line in (*TABLE.values(), *lines(rules.API).values())}
    unruled = []
    for route in routes():
        if not route.path.startswith("admin/"):
            unruled += [route.name] if route.name not in ruled and route.name not in rules.WITHOUT_METHODS else []
        elif route.name.startswith("path "):
            assert "<path:object_id>" in route.path or "(?P<url>" in route.path  # redirects of the admin's own
        elif route.name not in rules.ADMIN_PAGES:
            model_name, _, action = route.name.removeprefix("admin:").rpartition("_")
            known = model_name in rules.ADMIN and action in ("changelist", "add", "history", "delete", "change")
            unruled += [] if known else [route.name]
    assert not unruled
    assert not ruled - {route.name for route in routes()}, "rules of routes that are gone"


def test_methods_without_a_line_are_refused(world):
    """Also PUT, PATCH and DELETE, which nothing here uses: they serve nobody more than GET and change nothing."""
    wrong, before = [], holdings(world)
    for role in ("owner", "recruiter"):
        browser = Browser(world, role)
        for route, target in dict.fromkeys((line.route, line.target) for line in TABLE.values()):
            for method in ("GET", "POST", "PUT", "PATCH", "DELETE"):
                if (route, target, method) in TABLE:
                    continue
                with undone():
                    answer = called(browser.send(method, address(world, route, target)))
                    if answer not in (NO_METHOD, REFUSED) and method in METHODS:
                        wrong.append(f"{method} {route} as {role}: {answer}")
                    if answer != NO_METHOD and holdings(world) != before:
                        wrong.append(f"{method} {route} as {role} changed something")
    assert not wrong


def test_every_post_without_a_token_is_refused(world, figure):
    wrong, sent = [], 0
    for role in ("anonymous", "owner", "recruiter", "superuser"):
        browser = Browser(world, role)
        browser.client.handler.enforce_csrf_checks = True
        for line in TABLE.values():
            if line.method == "POST" and line.route not in rules.WITHOUT_CSRF_TOKEN:
                sent += 1
                with undone():
                    response = browser.send("POST", address(world, line.route, line.target), {})
                    wrong += [] if response.status_code == 403 else [f"{line.route} as {role}: {response.status_code}"]
    figure(12, f"{sent} without a token, {len(wrong)} not refused")
    assert not wrong


# --- The admin --------------------------------------------------------------------------------------------------------

ACTIONS = {"changelist": "v", "history": "v", "change": "v", "add": "a", "delete": "d"}


def admin_cells(world: World) -> Iterator[tuple[str, str, str, dict[str, bool]]]:
    """Method, name, address and who is served, for each page of each model of the admin."""
    from django.contrib import admin

    for model_class in admin.site._registry:
        name = f"{model_class._meta.app_label}_{model_class._meta.model_name}"
        office, all_of_it = rules.ADMIN[name]
        row = model_class._default_manager.first()
        pk = row.pk if row is not None else 1
        for action, letter in ACTIONS.items():
            url = reverse(f"admin:{name}_{action}", args=[] if action in ("changelist", "add") else [pk])
            if row is not None or action in ("changelist", "add"):
                yield "GET", f"{name}_{action}", url, {"staff": letter in office, "superuser": letter in all_of_it}
        if row is not None:
            url = reverse(f"admin:{name}_change", args=[pk])
            sends = set("cv") if name in rules.ASKS_FOR_A_REASON else set("c")
            yield (
                "POST",
                f"{name}_change",
                url,
                {"staff": bool(sends & {*office}), "superuser": bool(sends & {*all_of_it})},
            )
            url = reverse(f"admin:{name}_delete", args=[pk])
            yield "POST", f"{name}_delete", url, {"staff": "d" in office, "superuser": "d" in all_of_it}


#: Who works nowhere near the admin; `make trust` takes everybody.
OUTSIDE = ROLES[:-2] if EVERY_CELL else ("anonymous", "owner", "recruiter")


@pytest.mark.once
@pytest.mark.parametrize("roles", [OUTSIDE, ("staff",), ("superuser",)], ids=["outside", "staff", "superuser"])
def test_the_admin_serves_staff_within_their_permissions_and_nobody_else(world, roles, figure):
    cells, wrong = 0, []
    for role in roles:
        browser = Browser(world, role)
        for method, name, url, served in admin_cells(world):
            cells += 1
            with undone():
                answer = called(browser.send(method, url))
                if (answer != REFUSED) != served.get(role, False):
                    wrong.append(f"{method} {name} as {role}: {answer}")
        for page in ("admin:index", "admin:jsi18n", "admin:password_change"):
            cells += 1
            answer = called(browser.send("GET", reverse(page)))
            if (answer != REFUSED) != (role in ("staff", "superuser")):
                wrong.append(f"{page} as {role}: {answer}")
    figure(1, f"admin, {len(roles)} roles: {cells} cells, {len(wrong)} wrong")
    assert not wrong, "\n".join(wrong)

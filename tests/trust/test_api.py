"""The matrix of the API: every endpoint, method and role's token with everybody's ids, in every state of consent."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.http import HttpResponseBase
from django.test import Client

from conftest import NOW
from matching.tests.conftest import model, taxonomy  # noqa: F401 - fixtures
from tests.trust import rules
from tests.trust.requesting import address, undone
from tests.trust.routes import REFUSED, body, called
from tests.trust.test_matrix import Line, lines
from tests.trust.world import MAY_CHANGE, ROLES, STATES, World, holdings, make_world

pytestmark = pytest.mark.django_db
TABLE = lines(rules.API)
PUBLIC = {line.route for line in TABLE.values() if line.cells[0] != REFUSED}


@pytest.fixture(autouse=True)
def at_one_moment(settings) -> Iterator[None]:
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if "zeal" not in name]
    logging.disable(logging.WARNING)
    with time_machine.travel(NOW, tick=False):
        yield
    logging.disable(logging.NOTSET)


@pytest.fixture
def world(model) -> World:  # noqa: F811
    return make_world()


def ask(world: World, role: str, line: Line) -> HttpResponseBase:
    """One cell's request, with what lets something happen where a check is missing."""
    payloads: dict[str, dict[str, Any]] = {
        "api_applications": {"job": world.things["posting of B"].public_id, "message": "Me interesa"},
        "api_move": {"to": "in_review"},
        "api_messages": {"body": "Hola"},
        "api_me": {"full_name": "Otro Nombre", "role": "staff", "is_staff": True},
    }
    headers = {"authorization": f"Bearer {world.tokens[role]}"} if role in world.tokens else {}
    url = address(world, line.route, line.target)
    if line.method == "GET":
        return Client().get(url, headers=headers)
    send = getattr(Client(), line.method.lower())
    return send(url, payloads[line.route], content_type="application/json", headers=headers)


def in_state(state: str) -> list[Line]:
    if state == "deactivated":  # a token that opens nothing is refused, where no token is asked for too
        return [Line(*key, (line.cells[0], *REFUSED * 8)) for key, line in TABLE.items() if line.route != "api_schema"]
    changed = lines(rules.API_CHANGED[state])
    assert changed.keys() <= TABLE.keys()
    return [changed.get(key, line) for key, line in TABLE.items()]


def judge(world: World, role: str, line: Line, expected: str) -> Iterator[str]:
    where = f"{line.method} {line.route} ({line.target}) as {role}"
    with undone():
        before = holdings(world)
        response = ask(world, role, line)
        if (answer := called(response)) != expected:
            yield f"{where}: {answer} ({response.status_code}) instead of {expected}"
        text = body(response)
        yield from (f"{where}: reads {mark}" for mark, who in world.marks.items() if mark in text and role not in who)
        after = holdings(world)
        changed = {holder for holder in before.keys() | after.keys() if before.get(holder) != after.get(holder)}
        looked = line.route == "api_application"  # looking marks as seen, as the page does
        allowed = MAY_CHANGE[role] if expected != REFUSED and (line.method != "GET" or looked) else set()
        yield from (f"{where}: changed {holder}" for holder in changed - allowed)


@pytest.mark.parametrize(
    "state", ["normal", *(pytest.param(state, marks=pytest.mark.once) for state in STATES if state != "normal")]
)
def test_every_token_gets_what_the_table_says_and_reads_and_changes_nothing_else(world, state, figure):
    STATES[state](world)
    cells, wrong = 0, []
    for line in in_state(state):
        for role, expected in zip(ROLES, line.cells, strict=True):
            cells += 1
            wrong += judge(world, role, line, expected)
    figure(4, f"API, {state}: {cells} cells, {len(wrong)} wrong")
    assert not wrong, "\n".join(wrong)


def test_no_session_opens_or_changes_anything(world, figure):
    """So no other site can ask in somebody's name: there is nothing for a token against forgery to protect."""
    wrong, sent = [], 0
    for role, user in world.users.items():
        client = Client()
        client.force_login(user)
        for key, line in TABLE.items():
            if line.route in PUBLIC:
                continue
            sent += 1
            with undone():
                before = holdings(world)
                response = client.generic(
                    line.method, address(world, line.route, line.target), "{}", content_type="application/json"
                )
                wrong += [] if response.status_code == 401 else [f"{key} as {role}: {response.status_code}"]
                wrong += [] if holdings(world) == before else [f"{key} as {role} changed something"]
    figure(12, f"API: {sent} with a session alone, {len(wrong)} not refused")
    assert not wrong


def test_methods_without_a_line_are_refused(world):
    wrong = []
    for route, target in dict.fromkeys((line.route, line.target) for line in TABLE.values()):
        for method in ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"):
            if (route, target, method) in TABLE:
                continue
            headers = {"authorization": f"Bearer {world.tokens['owner']}"}
            response = Client().generic(method, address(world, route, target), headers=headers)
            wrong += [] if response.status_code == 405 else [f"{method} {route}: {response.status_code}"]
    assert not wrong

"""The matrix of the API: every endpoint, method and role's token with everybody's ids, in every state of consent."""

from __future__ import annotations

import logging
import signal
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponseBase
from django.test import Client

from conftest import DAY, NOW
from matching.tests.conftest import model, taxonomy  # noqa: F401 - fixtures
from tests.trust import rules
from tests.trust.requesting import address, undone
from tests.trust.routes import REFUSED, body, called
from tests.trust.test_matrix import SECONDS, Line, lines, telling
from tests.trust.world import STATES, World, holdings, make_world, may_change

pytestmark = pytest.mark.django_db
TABLE = lines(rules.API)
PUBLIC = {line.route for line in TABLE.values() if line.cells[0] != REFUSED}


@pytest.fixture(autouse=True)
def at_one_moment(settings) -> Iterator[None]:
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if "zeal" not in name]
    signal.alarm(SECONDS)
    logging.disable(logging.WARNING)
    with time_machine.travel(NOW, tick=False):
        yield
    logging.disable(logging.NOTSET)


@pytest.fixture
def world(model) -> World:  # noqa: F811
    return make_world()


STATEMENT = {"name": "Python", "statement": "Programé con python un servicio de préstamos."}
TEXT = {"title": "Nueva", "description": "Programarás servicios en python.", "kind": "internship"}
#: What lets something happen where a check is missing, by route; ``{thing}`` is its id.
SENT: dict[str, dict[str, Any]] = {
    "api_applications": {"job": "{posting of B}", "message": "Me interesa"},
    "api_move": {"to": "in_review"},
    "api_messages": {"body": "Hola"},
    "api_me": {"full_name": "Otro Nombre", "role": "staff", "is_staff": True},
    "api_profile": {"headline": "Otra", "visibility": "companies", "restricted_since": None, "user": 1},
    "api_entries": {"kind": "project", "title": "Otro", "student": 1},
    "api_entry": {"title": "Otro"},
    "api_skills": STATEMENT,
    "api_skill": {"status": "removed"},
    "api_evidence": {"is_contested": True},
    "api_saved_jobs": {"job": "{posting of B}"},
    "api_saved_searches": {"q": "datos", "frequency": "daily", "student": 1},
    "api_saved_search": {"frequency": "weekly"},
    "api_accept": {"message": "Sí"},
    "api_preferences": {"kind": "message", "channel": "app"},
    "api_company": {"city": "Puebla", "status": "verified", "is_trusted": True},
    "api_own_jobs": TEXT | {"status": "published", "company": 1},
    "api_own_job": {"city": "Puebla", "status": "published"},
    "api_job_skills": {"name": "Python", "level": "preferred"},
    "api_job_skill": {"level": "preferred"},
    "api_close_job": {"reason": "filled"},
    "api_invite": {"person": "{consenting}"},
    "api_answer_office": {"comment": "Va el papel."},
    "api_extend_job": {"closes_at": (NOW + 30 * DAY).isoformat()},
    "api_blind_job": {"is_blind": True},
    "api_moves": {"to": "in_review", "applications": ["{application of owner}", "{application of other}"]},
    "api_interview": {"slots": ["2026-11-06T16:00:00Z"], "place": "Aquí"},
    "api_pick": {"slot": "2026-11-05T12:00:00+00:00"},
    "api_student_import": {"step": "check"},
}
FILES = {
    "api_documents": ("file", b"%PDF-1.7 x", {"kind": "tax"}),
    "api_cvs": ("cv", b"Experiencia\nProgram\xc3\xa9 en python.\n", {}),
    "api_student_imports": ("file", b"matricula,nombre\n123,Ana\n", {}),
    "api_office_jobs": ("file", b"{}", {"dry_run": "true"}),
}
LOOKS = ("api_application", "api_applicant", "api_shared_cv")  # looking marks as seen, as the page does


def ask(world: World, role: str, line: Line) -> HttpResponseBase:
    headers = {"authorization": f"Bearer {world.tokens[role]}"} if role in world.tokens else {}
    url = address(world, line.route, line.target)
    if line.method == "GET":
        return Client().get(url, headers=headers)
    if line.route in FILES:
        name, content, more = FILES[line.route]
        return Client().post(url, {name: SimpleUploadedFile("file.txt", content), **more}, headers=headers)
    _address, names_other, other = line.target.partition("+")
    sent = {
        name: [known(world, one) for one in value] if isinstance(value, list) else known(world, value)
        for name, value in SENT.get(line.route, {}).items()
    }
    if names_other:
        sent |= dict.fromkeys(sent.keys() & {"job", "person"}, world.things[other].public_id)
    return getattr(Client(), line.method.lower())(url, sent, content_type="application/json", headers=headers)


def known(world: World, value: Any) -> Any:
    """``{thing}`` as its id."""
    return world.things[value[1:-1]].public_id if str(value).startswith("{") else value


def in_state(state: str) -> list[Line]:
    if state == "deactivated":  # a token that opens nothing is refused, where no token is asked for too
        return [Line(*key, (line.cells[0], *REFUSED * 8)) for key, line in TABLE.items() if line.route != "api_schema"]
    changed = lines(rules.API_CHANGED[state])
    assert changed.keys() <= TABLE.keys()
    return [changed.get(key, line) for key, line in TABLE.items()]


def judge(world: World, role: str, line: Line, expected: str, before: dict[str, list[Any]]) -> Iterator[str]:
    """What is wrong with one cell: the answer, what it says, what it changed of what was there ``before``."""
    where = f"{line.method} {line.route} ({line.target}) as {role}"
    with undone():
        response = ask(world, role, line)
        if (answer := called(response)) != expected:
            yield f"{where}: {answer} ({response.status_code}) instead of {expected}"
        if "+" in line.target and response.status_code == 409 and b'"restricted"' not in response.content:  # type: ignore[attr-defined]
            yield f"{where}: learns that there is such a thing"
        if line.method == "GET" and response.status_code == 200 and line.route in rules.AT_MOST_LISTED:
            listed = len(response.json()["results"])  # type: ignore[attr-defined]
            if listed > (most := rules.AT_MOST_LISTED[line.route](world.users[role])):
                yield f"{where}: lists {listed}, of which {most} are this role's"
        text = body(response)
        yield from (f"{where}: reads {mark}" for mark, who in world.marks.items() if mark in text and role not in who)
        if line.method == "GET" and line.route not in LOOKS:
            return
        after = holdings(world)
        changed = {holder for holder in before.keys() | after.keys() if before.get(holder) != after.get(holder)}
        allowed = may_change(world, role) if expected != REFUSED else set()
        yield from (f"{where}: changed {holder}" for holder in changed - allowed)


@pytest.mark.parametrize(
    "state", ["normal", *(pytest.param(state, marks=pytest.mark.once) for state in STATES if state != "normal")]
)
def test_every_token_gets_what_the_table_says_and_reads_and_changes_nothing_else(world, state, figure):
    STATES[state](world)
    before = holdings(world)
    cells, wrong = 0, []
    for line, role, expected in telling(in_state(state), TABLE, state):
        cells += 1
        wrong += judge(world, role, line, expected, before)
    assert holdings(world) == before
    figure(4, f"API, {state}: {cells} cells, {len(wrong)} wrong")
    assert not wrong, "\n".join(wrong)


def test_no_session_opens_or_changes_anything(world, figure):
    """So no other site can ask in somebody's name: there is nothing for a token against forgery to protect."""
    wrong, sent, before = [], 0, holdings(world)
    for role in ("owner", "recruiter", "superuser"):
        client = Client()
        client.force_login(world.users[role])
        for key, line in TABLE.items():
            if line.route in PUBLIC:
                continue
            sent += 1
            response = client.generic(
                line.method, address(world, line.route, line.target), "{}", content_type="application/json"
            )
            wrong += [] if response.status_code == 401 else [f"{key} as {role}: {response.status_code}"]
    figure(12, f"API: {sent} with a session alone, {len(wrong)} not refused")
    assert not wrong
    assert holdings(world) == before


def test_methods_without_a_line_are_refused(world):
    wrong = []
    for route, target in dict.fromkeys((line.route, line.target) for line in TABLE.values() if "+" not in line.target):
        for method in ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"):
            if (route, target, method) in TABLE:
                continue
            headers = {"authorization": f"Bearer {world.tokens['owner']}"}
            response = Client().generic(method, address(world, route, target), headers=headers)
            wrong += [] if response.status_code == 405 else [f"{method} {route}: {response.status_code}"]
    assert not wrong

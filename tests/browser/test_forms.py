"""Every form of every page, filled in wrongly: what was typed is kept, the summary leads to it, nothing is saved."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit

import pytest
import time_machine
from django.apps import apps
from django.conf import settings
from django.contrib.staticfiles.finders import find

from conftest import NOW
from matching.tests.conftest import model, taxonomy  # noqa: F401 - fixtures
from tests.browser import looking
from tests.browser.furnish import furnish
from tests.browser.registry import Page, pages
from tests.trust.requesting import Browser, undone, value_of
from tests.trust.rules import WITHOUT_CSRF_TOKEN
from tests.trust.world import World, make_world

pytestmark = pytest.mark.django_db
LONG = "x" * 30_000
WRONG = {"email": "no es un correo", "number": "doce", "date": "ayer", "url": "no es una página", "text": LONG}
TYPED = (*WRONG, "search", "textarea", "tel", "password", "select", "datetime-local")
#: Forms that take whatever they are sent, or answer in another way, with the reason.
OTHERWISE = {
    "account_reset_password": "answers alike for every address",
    "jobs:job_skills": "its text belongs to the second button",
    "mfa_reauthenticate": "the second factor of the world is not a real one",
}  # fmt: skip
KEPT_OUT = {"password"}  # never sent back


@dataclass
class Form:
    """A form that is sent by POST: where to, what it sends as it is, and the kinds of what people fill in."""

    action: str
    sends: dict[str, str] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)
    buttons: list[dict[str, str]] = field(default_factory=list)

    @property
    def pressed(self) -> dict[str, str]:
        """The main button, which has no name; without one, the first."""
        return {} if {} in self.buttons else next(iter(self.buttons), {})


class Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[Form] = []
        self.ids: set[str] = set()
        self.links: set[str] = set()
        self.form: Form | None = None
        self.depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        self.ids.add(values.get("id", ""))
        if tag == "a" and values.get("href", "").startswith("#"):
            self.links.add(values["href"][1:])
        if tag == "main":
            self.depth = 1
        if tag == "form" and self.depth and values.get("method", "").lower() == "post":
            self.form = Form(values.get("action", ""))
            self.found.append(self.form)
        name = values.get("name", "")
        if self.form and tag == "button" and values.get("type", "submit") == "submit":
            self.form.buttons.append({name: values.get("value", "")} if name else {})
        if self.form is None or not name or tag not in ("input", "select", "textarea"):
            return
        kind = values.get("type", "text") if tag == "input" else tag
        if kind == "hidden":
            self.form.sends[name] = values.get("value", "")
        else:
            self.form.kinds[name] = kind

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.form = None
        if tag == "main":
            self.depth = 0


def read(text: str) -> Forms:
    forms = Forms()
    forms.feed(text)
    return forms


@pytest.fixture
def world(model) -> World:  # noqa: F811
    with time_machine.travel(NOW, tick=False):
        yield furnish(make_world(), now=NOW)


def rows() -> dict[str, int]:
    """How many rows there are of everything but sessions and the ledger."""
    left_out = ("Session", "UserSession", "AuditEvent")
    kinds = [kind for kind in apps.get_models() if kind.__name__ not in left_out and kind._meta.managed]
    return {kind.__name__: kind._default_manager.count() for kind in kinds}


@dataclass(frozen=True)
class Answer:
    """What came back to a form that was filled in wrongly."""

    where: str
    path: str
    text: str


@dataclass
class Round:
    """All forms filled in wrongly, once: what is wrong with the answers, and those that show errors."""

    forms: int = 0
    wrong: list[str] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)


_done: list[Round] = []  # by this process


@pytest.fixture
def done(request) -> Round:
    """The round, which the tests of this file share."""
    if not _done:
        settings = request.getfixturevalue("settings")
        settings.ACCOUNT_RATE_LIMITS = False
        settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if "zeal" not in name]
        _done.append(fill_in(request.getfixturevalue("world")))
    return _done[0]


def judge(page: Page, form: Form, address: str, browser: Browser, done: Round) -> None:
    """Send ``form`` with everything in it wrong, and write down what is wrong with the answer."""
    where = f"{page} -> {form.action or 'itself'}"
    filled = {name: WRONG.get(kind, LONG if kind in TYPED else "zz") for name, kind in form.kinds.items()}
    with undone():
        before = rows()
        response = browser.send("POST", form.action or address, form.sends | form.pressed | filled)
        after = rows()
    if changed := {name for name in before if before[name] != after[name]}:
        done.wrong.append(f"{where}: {changed} were made or lost")
    if response.status_code != 422:
        done.wrong.append(f"{where}: {response.status_code} to {sorted(form.kinds)}")
        return
    text = response.content.decode()
    done.answers.append(Answer(where, form.action or address, text))
    again = read(text)
    if 'class="error-summary"' not in text or not again.links & again.ids - {"contenido"}:
        done.wrong.append(f"{where}: no summary that leads to a field")
    if not any(form.kinds.keys() <= other.kinds.keys() for other in again.found):
        done.wrong.append(f"{where}: the form is gone")
    typed = {WRONG[kind] for kind in form.kinds.values() if kind in WRONG}
    done.wrong += [f"{where}: {value[:20]!r} was not kept" for value in typed if value not in text]


def fill_in(world: World) -> Round:
    values = {name: value_of(thing) for name, thing in world.things.items()}
    browsers = {role: Browser(world, role) for role in {page.role for page in pages()}}
    done, seen = Round(), set()
    for page in pages():
        if page.route in OTHERWISE:
            continue
        address = page.address(values)
        response = browsers[page.role].send("GET", address)
        for form in read(response.content.decode()).found:
            if "csrfmiddlewaretoken" not in form.sends and page.route not in WITHOUT_CSRF_TOKEN:
                done.wrong.append(f"{page} -> {form.action}: no token, so no browser can send it")
            asks = {name for name, kind in form.kinds.items() if kind in TYPED}
            key = (page.route, form.action if "?" not in form.action else "", frozenset(form.kinds))
            if asks and key not in seen:
                seen.add(key)
                judge(page, form, address, browsers[page.role], done)
    done.forms = len(seen)
    return done


@pytest.mark.xdist_group("forms")
def test_every_form_keeps_what_was_typed_and_leads_to_what_is_wrong(done: Round) -> None:
    print(f"\n{done.forms} forms filled in wrongly")
    assert not done.wrong, "\n".join(done.wrong)


@pytest.mark.embedded
@pytest.mark.browser
@pytest.mark.xdist_group("forms")
def test_a_form_that_shows_errors_is_accessible_to_everybody(done: Round, chromium: Any) -> None:
    """Each answer as it came, drawn with its styles by Chromium; no server is asked a second time."""
    texts: dict[str, str] = {}

    def serve(route: Any) -> None:
        path = urlsplit(route.request.url).path
        if path in texts:
            route.fulfill(body=texts[path], content_type="text/html")
        elif file := find(path.removeprefix(settings.STATIC_URL)):
            route.fulfill(path=file)
        else:
            route.fulfill(status=404, body="")

    context = chromium.new_context(reduced_motion="reduce")
    context.route("**/*", serve)
    tab, wrong = context.new_page(), []
    for answer in done.answers:
        texts[urlsplit(answer.path).path] = answer.text
        tab.goto("http://moirai.test" + answer.path)
        for width in (1280, 320) if "EVERY_LOOK" in os.environ else (320,):
            looking.at_width(tab, width)
            wrong += [f"{answer.where}, {width}: {what}" for what in looking.axe(tab, within="main")]
    context.close()
    assert not wrong, "\n".join(wrong)

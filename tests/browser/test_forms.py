"""Every form of every page, filled in wrongly: what was typed is kept, the summary leads to it, nothing is saved."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

import pytest
import time_machine
from django.apps import apps

from conftest import NOW
from matching.tests.conftest import model, taxonomy  # noqa: F401 - fixtures
from tests.browser.furnish import furnish
from tests.browser.registry import Page, pages
from tests.trust.requesting import Browser, undone, value_of
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


def judge(page: Page, form: Form, address: str, browser: Browser) -> list[str]:
    """What is wrong with the answer to ``form`` when everything in it is wrong."""
    where = f"{page} -> {form.action or 'itself'}"
    filled = {name: WRONG.get(kind, LONG if kind in TYPED else "zz") for name, kind in form.kinds.items()}
    with undone():
        before = rows()
        response = browser.send("POST", form.action or address, form.sends | form.pressed | filled)
        after = rows()
    changed = {name for name in before if before[name] != after[name]}
    wrong = [f"{where}: {changed} were made or lost"] if changed else []
    if response.status_code != 422:
        return [*wrong, f"{where}: {response.status_code} to {sorted(form.kinds)}"]
    text = response.content.decode()
    again = read(text)
    if 'class="error-summary"' not in text or not again.links & again.ids - {"contenido"}:
        wrong.append(f"{where}: no summary that leads to a field")
    kept = next((f for f in again.found if form.kinds.keys() <= f.kinds.keys()), None)
    if kept is None:
        wrong.append(f"{where}: the form is gone")
    typed = {WRONG[kind] for kind in form.kinds.values() if kind in WRONG}
    wrong += [f"{where}: {value[:20]!r} was not kept" for value in typed if value not in text]
    return wrong


def test_every_form_keeps_what_was_typed_and_leads_to_what_is_wrong(world, settings):
    settings.ACCOUNT_RATE_LIMITS = False
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if "zeal" not in name]
    values = {name: value_of(thing) for name, thing in world.things.items()}
    browsers = {role: Browser(world, role) for role in {page.role for page in pages()}}
    wrong, seen = [], set()
    for page in pages():
        if page.route in OTHERWISE:
            continue
        address = page.address(values)
        response = browsers[page.role].send("GET", address)
        for form in read(response.content.decode()).found:
            if "csrfmiddlewaretoken" not in form.sends:
                wrong.append(f"{page} -> {form.action}: no token, so no browser can send it")
            asks = {name for name, kind in form.kinds.items() if kind in TYPED}
            key = (page.route, form.action if "?" not in form.action else "", frozenset(form.kinds))
            if asks and key not in seen:
                seen.add(key)
                wrong += judge(page, form, address, browsers[page.role])
    print(f"\n{len(seen)} forms filled in wrongly")
    assert not wrong, "\n".join(wrong)

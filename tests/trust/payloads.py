"""Words that do harm where somebody forgets to escape them, put into every text that the program holds."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

from django.apps import apps
from django.db import DatabaseError, models, transaction

from moirai.accounts.audit import record
from moirai.accounts.models import AuditEvent
from tests.trust.world import World

SHORT = "\"'><i onx=1>"
PAYLOAD = (
    'zz"\'><img src=x onerror="window.__pwned=1"><script>window.__pwned=1</script>'
    "</title></textarea></script><svg onload=window.__pwned=1>{{7|add:70000}}{% debug %}${7*7}';--"
)
LINK = "javascript:window.__pwned=1"
EVALUATED = ("zz70007", "70007}")
OURS = ("accounts", "students", "jobs", "matching", "notifications", "privacy", "skills", "crypto")
#: Texts that are keys, codes or choices of the program itself: no person writes them.
KEYS = re.compile(
    r"(^|_)(id|key|code|slug|hash|sha256|token|digest|password|language|kind|status|state|path|purpose)s?$"
)
#: Models in which the program alone writes, or that refuse to change.
SEALED = {"fittedmodel", "fittedmodelfile", "encodedtext", "matchrun", "auditevent", "consent", "keyring", "personkey"}


def texts(model: type[models.Model]) -> list[Any]:
    """The columns of a model into which somebody's words go."""
    return [
        field
        for field in model._meta.concrete_fields
        if isinstance(field, models.CharField | models.TextField | models.JSONField)
        and not isinstance(field, models.FileField)
        and not field.choices
        and not KEYS.search(field.name)
    ]


def harmful(field: Any, value: Any) -> Any:
    """The payload as long as the column lets it be, in the shape of what was there."""
    if isinstance(value, list):
        return [harmful(field, item) for item in value]
    if isinstance(value, dict):
        return {name: harmful(field, item) for name, item in value.items()}
    if isinstance(value, int | float | bool) or (value is None and field.null):
        return value
    if isinstance(field, models.URLField) or "url" in field.name:
        return LINK if value else value
    room = getattr(field, "max_length", None) or 4000
    words = PAYLOAD if room > len(PAYLOAD) else SHORT
    return (words + " " + words * (3 if isinstance(field, models.TextField) and room > 1000 else 0)).strip()[:room]


def fill(world: World) -> tuple[int, set[str]]:
    """Write the payload into every text of every row; how many were written, and which columns refused."""
    written, refused = 0, set()
    for model in apps.get_models():
        if model._meta.app_label not in OURS or model._meta.model_name in SEALED:
            continue
        for row in model._base_manager.all():
            for field in texts(model):
                before = getattr(row, field.attname)
                setattr(row, field.attname, harmful(field, before))
                try:
                    with transaction.atomic():
                        row.save(update_fields=[field.attname])
                    written += 1
                except (DatabaseError, ValueError):  # unique, or bound to what stands elsewhere
                    setattr(row, field.attname, before)
                    refused.add(f"{model._meta.label}.{field.name}")
    for user in world.users.values():
        record(action=AuditEvent.Action.CV_OPENED, actor=user, subject=world.things["owner"].public_id,
               on_behalf_of=PAYLOAD[:100], reason=PAYLOAD[:100], at=user.date_joined)  # fmt: skip
    return written, refused


class Judge(HTMLParser):
    """Reads a page as a browser does and notes what would run."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self.inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.inside = tag
        for name, value in attrs:
            leads = name in ("href", "src", "action", "formaction", "data", "srcdoc", "xlink:href")
            runs = name.startswith("on") or (leads and (value or "").strip().lower().startswith("javascript:"))
            if runs or name == "style" or (tag in ("svg", "img") and value == "x"):
                self.found.append(f"<{tag} {name}={value!r}>")
        if tag in ("script", "style") and not any(name == "src" for name, _ in attrs):
            if dict(attrs).get("type") == "application/ld+json":
                self.inside = "data block"  # browsers do not run it; its end is what a text must not write
            else:
                self.found.append(f"<{tag}> in the page")

    def handle_data(self, data: str) -> None:
        if self.inside == "script" and "__pwned" in data:
            self.found.append("script with the payload")
        if self.inside == "data block" and "<" in data:
            self.found.append("data block with a tag in it")

    def handle_endtag(self, tag: str) -> None:
        self.inside = ""


def executable(page: str) -> list[str]:
    """What of a page would run, or was computed by a template, because somebody wrote it into a field."""
    judge = Judge()
    judge.feed(page)
    computed = [word for word in EVALUATED if word in page]
    return sorted(set(judge.found)) + computed


class Fields(HTMLParser):
    """The names of what the forms of a page let people write."""

    def __init__(self) -> None:
        super().__init__()
        self.names: dict[str, str] = {}
        self.select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name, kind = given.get("name") or "", given.get("type") or "text"
        if tag == "textarea" or (tag == "input" and kind in ("text", "search", "email", "tel", "url", "hidden")):
            self.names[name] = PAYLOAD
        elif tag == "input" and kind in ("radio", "checkbox"):
            self.names.setdefault(name, given.get("value") or "on")
        self.select = name if tag == "select" else self.select
        if tag == "option" and given.get("value") and self.select:
            self.names.setdefault(self.select, str(given["value"]))


def form_fields(page: str) -> dict[str, str]:
    """Every field of every form of a page, filled with the payload where it takes words."""
    fields = Fields()
    fields.feed(page)
    return {name: value for name, value in fields.names.items() if name and name != "csrfmiddlewaretoken"}


#: `make trust` asks every page as every role with every query; the suite takes a sample that covers every page.
EVERYTHING = bool(os.environ.get("EVERY_PAYLOAD"))


def cells(world: World, table: dict[Any, Any], roles: tuple[str, ...], method: str) -> Iterator[tuple[Any, str]]:
    """Each line of the table with each role that it serves, GET or POST."""
    for line in table.values():
        if line.method == method:
            for role, expected in zip(roles, line.cells, strict=True):
                if expected == "+" or (method == "POST" and expected == ">"):
                    yield line, role

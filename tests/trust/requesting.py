"""One cell of the matrix: a role asks for a route with a method and somebody's ids."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from http.cookies import SimpleCookie
from typing import Any

from django.db import models, transaction
from django.http import HttpResponseBase
from django.test import Client
from django.urls import reverse

from jobs.models import Company
from tests.trust.world import World


def value_of(thing: Any) -> Any:
    """What stands for a row in an address: its opaque id, a company's slug, else the number."""
    if isinstance(thing, Company):
        return thing.slug
    return getattr(thing, "public_id", thing.pk if isinstance(thing, models.Model) else thing)


def address(world: World, name: str, target: str) -> str:
    """The address of route ``name`` for ``target``: things of the world by name, words with a ``'`` before.

    What has a ``+`` before is sent and stands in no address.
    """
    parts = [part.strip() for part in target.split(",")] if target != "-" else []
    values = [
        part[1:] if part.startswith("'") else value_of(world.things[part]) for part in parts if not part.startswith("+")
    ]
    if name.startswith("path "):
        return "/" + name.removeprefix("path ")
    return reverse(name, args=values)


def payload(world: World, fields: dict[str, str]) -> dict[str, str]:
    """Form fields with ``{thing}`` replaced by the id of its row."""

    def filled(text: str) -> str:
        return re.sub(r"\{(.+?)\}", lambda match: str(world.things[match[1]].pk), text)

    return {filled(name): filled(value) for name, value in fields.items()}


@contextmanager
def undone() -> Iterator[None]:
    """What happens inside leaves no trace in the database."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


class Browser:
    """A role's browser; each request begins with the cookies of the first, whatever the one before did."""

    def __init__(self, world: World, role: str) -> None:
        self.client = Client()
        if role != "anonymous":
            self.client.force_login(world.users[role])
        self.cookies = self.client.cookies.output()

    def send(self, method: str, url: str, data: dict[str, str] | None = None) -> HttpResponseBase:
        self.client.cookies = SimpleCookie()
        self.client.cookies.load(self.cookies.replace("Set-Cookie: ", "").replace("\r\n", ";"))
        if method in ("GET", "POST"):
            return getattr(self.client, method.lower())(url, data)
        return self.client.generic(method, url)

"""Every route of the site, and how the answer to a request is called in the table of rules."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page
from django.db.models import Model, QuerySet
from django.http import HttpResponseBase
from django.urls import URLPattern, URLResolver, get_resolver, reverse


@dataclass(frozen=True)
class Route:
    """A pattern with the name by which the rules call it; patterns without a name are called by their path."""

    name: str
    path: str


def routes(patterns: Any = None, namespaces: tuple[str, ...] = (), prefix: str = "") -> Iterator[Route]:
    """All patterns of the URLconf, whatever app or package they come from."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        path = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = (*namespaces, pattern.namespace) if pattern.namespace else namespaces
            yield from routes(pattern.url_patterns, inner, path)
        elif isinstance(pattern, URLPattern):
            name = ":".join([*namespaces, pattern.name]) if pattern.name else f"path {path}"
            yield Route(name, path)


SERVED, SENT_ON, REFUSED, NO_METHOD = "+", ">", ".", "x"


def called(response: HttpResponseBase) -> str:
    """``+`` served, ``>`` sent to another page, ``.`` refused (403, 404, 409, sign-in), ``x`` no such method."""
    status = response.status_code
    if status in (401, 403, 404, 409):
        return REFUSED
    if status == 405:
        return NO_METHOD
    if status in (301, 302, 303, 307, 308):
        entrances = (reverse("account_login"), reverse("admin:login"), reverse("account_reauthenticate"))
        return REFUSED if response["Location"].startswith(entrances) else SENT_ON
    return SERVED if status in (200, 201, 202, 204, 304, 422, 503) else f"?{status}"


def asks_to_sign_in(response: HttpResponseBase) -> bool:
    """Whether a visitor was sent to the sign-in by the middleware, which says where to go on afterwards."""
    place = response.headers.get("Location", "")
    return place.startswith((f"{reverse('account_login')}?", f"{reverse('account_reauthenticate')}?"))


def people_in(response: HttpResponseBase) -> set[tuple[str, int]]:
    """Students and users whose rows the page was made of: what a template was handed, whatever it shows of it."""
    found: set[tuple[str, int]] = set()
    for layer in getattr(response, "context", None) or ():
        for name, value in layer.flatten().items() if hasattr(layer, "flatten") else layer.items():
            if name in ("user", "form"):
                continue
            if isinstance(value, QuerySet):
                value = value._result_cache or []  # what was read of it
            rows = value if isinstance(value, list | tuple | Page) else [value]
            for row in rows:
                for column in ("student_id", "user_id"):
                    if isinstance(row, Model) and isinstance(getattr(row, column, None), int):
                        found.add((column, getattr(row, column)))
    return found


def body(response: HttpResponseBase) -> str:
    """Everything that left the house: headers and content."""
    content = b"".join(response.streaming_content) if response.streaming else response.content
    return str(dict(response.items())) + content.decode("utf-8", "replace")

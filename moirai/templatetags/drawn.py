"""Parts of pages that are the same for everybody who reads a language: drawn once, kept in the process."""

from __future__ import annotations

from collections.abc import Hashable
from functools import lru_cache
from operator import attrgetter
from typing import Any

from django import template
from django.db.models import Model
from django.template import Context
from django.utils.safestring import SafeString
from django.utils.translation import get_language

register = template.Library()
KEPT = 4096  # parts, of about 2 kB


class Values(dict[str, Any]):
    """What a part is drawn from. Equal where all values are equal: of a row, its columns and those read with it."""

    def __init__(self, values: dict[str, Any]) -> None:
        super().__init__(values)
        self.said = tuple(values), tuple(map(_told, values.values()))

    def __hash__(self) -> int:  # type: ignore[override]
        return hash(self.said)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Values) and self.said == other.said


@register.simple_tag(takes_context=True)
def drawn(context: Context, name: str, **values: Any) -> SafeString:
    """``{% drawn "components/x.html" job=job %}``: the template with these values alone, rows read with a select.

    It must show nothing of whoever looks at the page, nor of the moment.
    """
    return _draw(context.template.engine, name, get_language(), Values(values))  # type: ignore[union-attr]


@lru_cache(maxsize=KEPT)
def _draw(engine: template.Engine, name: str, _language: str, values: Values) -> SafeString:
    return engine.get_template(name).render(Context(dict(values)))


def _told(value: Any) -> Hashable:
    if isinstance(value, Model):
        columns = map(value.__dict__.get, _columns(type(value)))
        return type(value), tuple(columns), tuple(map(_told, value._state.fields_cache.values()))
    return type(value), value if isinstance(value, str | int | None) else repr(value)  # safe text is another type


@lru_cache(maxsize=100)
def _columns(model: type[Model]) -> tuple[str, ...]:
    return tuple(map(attrgetter("attname"), model._meta.concrete_fields))

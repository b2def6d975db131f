"""Rows that belong to a row, read in the query of that one: for pages that show one thing with all there is of it.

``prefetch_related`` asks once more for every kind of child; a list of parents does better with that.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from django.db import models
from django.db.models.functions import JSONArray

from moirai.crypto.fields import Encrypted, WithKey


class RowsField(models.Field):
    """A list of instances of ``of``, from the JSON that ``Children`` asks for."""

    def __init__(self, of: type[models.Model], fields: list[Any]) -> None:
        super().__init__()
        self.of, self.fields = of, fields

    def from_db_value(self, text: str, _expression: Any, connection: Any) -> list[Any]:
        names = [field.attname for field in self.fields]
        rows = [[_value(*pair) for pair in zip(self.fields, row, strict=True)] for row in json.loads(text)]
        return [self.of.from_db(connection.alias, names, row) for row in rows]


class Children(models.Subquery):
    """The rows of ``queryset``, which filters by the parent with ``OuterRef``, with these fields (all but for some)."""

    function = {"sqlite": "json_group_array(json({}))", "postgresql": "COALESCE(jsonb_agg({}), '[]')"}

    def __init__(self, queryset: models.QuerySet[Any], *, leave: tuple[str, ...] = ()) -> None:
        fields: list[Any] = [field for field in queryset.model._meta.concrete_fields if field.name not in leave]
        parts = [WithKey(f.name, f) if isinstance(f, Encrypted) else models.F(f.attname) for f in fields]
        rows = queryset.annotate(child=JSONArray(*parts)).values("child")
        super().__init__(rows, output_field=RowsField(queryset.model, fields))

    def as_sql(self, compiler: Any, connection: Any, template: str | None = None, **extra: Any) -> Any:
        gathered = self.function[connection.vendor].format('rows."child"')
        template = f"(SELECT {gathered} FROM (%(subquery)s) rows)"  # noqa: S608 - names, no input
        return super().as_sql(compiler, connection, template=template, **extra)


class RowsOf(models.Subquery):
    """How many rows a queryset has, which filters by the parent as ``Children`` does."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) counted)"
    output_field = models.IntegerField()


def give(parent: models.Model, name: str, children: list[Any]) -> None:
    """Let ``parent.<name>.all()`` be these rows, and each of them know its parent."""
    manager = getattr(parent, name)
    rows = manager.get_queryset()
    rows._result_cache, rows._prefetch_done = children, True
    for child in children:
        setattr(child, manager.field.name, parent)
    if not hasattr(parent, "_prefetched_objects_cache"):
        parent._prefetched_objects_cache = {}  # type: ignore[attr-defined]
    parent._prefetched_objects_cache[manager.field.remote_field.cache_name] = rows  # type: ignore[attr-defined]


def forget(parent: models.Model, name: str) -> None:
    """Read ``parent.<name>`` anew when it is asked for."""
    parent._prefetched_objects_cache.pop(getattr(parent, name).field.remote_field.cache_name)  # type: ignore[attr-defined]


def _value(field: Any, value: Any) -> Any:
    """What JSON says as the field reads it from its own column."""
    if isinstance(field, Encrypted):
        return field.from_db_value(value)
    if isinstance(field, models.JSONField):
        return json.loads(value) if isinstance(value, str) else value
    value = field.to_python(value)
    return value.replace(tzinfo=UTC) if isinstance(value, datetime) and value.tzinfo is None else value

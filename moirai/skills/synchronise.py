"""Bring the rows of one source to what its files say, touching only what differs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from typing import TypeVar

from django.db import models
from django.db.models import ForeignObjectRel, QuerySet

BATCH = 1000  # rows a statement; SQLite splits further by its limit on parameters
DELETED_AT_ONCE = 500
M = TypeVar("M", bound=models.Model)


@dataclass
class Changes:
    """What a load did to the rows of one kind."""

    added: int = 0
    changed: int = 0
    removed: int = 0

    def __add__(self, other: Changes) -> Changes:
        return Changes(self.added + other.added, self.changed + other.changed, self.removed + other.removed)

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.removed)


def synchronise(
    existing: QuerySet[M], wanted: Iterable[M], *, key: tuple[str, ...], fields: tuple[str, ...], remove: bool = True
) -> Changes:
    """Make ``existing`` equal to ``wanted``: rows are the same if ``key`` is, and change where ``fields`` differ.

    Names are attribute names (``skill_id``, not ``skill``). Rows that stay as they are keep their id and are not
    written; ``remove=False`` keeps those that ``wanted`` no longer has. What ``wanted`` says twice, the first says.
    """
    stored = {
        row[1 : len(key) + 1]: (row[0], row[len(key) + 1 :])
        for row in existing.order_by().values_list("pk", *key, *fields)
    }
    new: list[M] = []
    different: list[M] = []
    seen: set[tuple[object, ...]] = set()
    for item in wanted:
        identity = tuple(getattr(item, name) for name in key)
        if identity in seen:
            continue
        seen.add(identity)
        found = stored.pop(identity, None)
        if found is None:
            new.append(item)
        elif found[1] != tuple(getattr(item, name) for name in fields):
            item.pk = found[0]
            different.append(item)
    manager = existing.model._default_manager
    if remove:
        remove_rows(existing.model, [pk for pk, _ in stored.values()])
    _update(existing.model, different, fields)
    manager.bulk_create(new, batch_size=BATCH)
    return Changes(len(new), len(different), len(stored) if remove else 0)


def codes_of_others(model: type[models.Model], source: str) -> set[str]:
    """Codes of rows that are not, or no longer, of this source: staff who change a row make it theirs."""
    return set(model._default_manager.exclude(source=source).values_list("code", flat=True))


def remove_rows(model: type[models.Model], keys: Iterable[int]) -> None:
    """Delete by primary key, a few hundred at a time."""
    rest = iter(keys)
    while chunk := list(islice(rest, DELETED_AT_ONCE)):
        model._default_manager.filter(pk__in=chunk).delete()


def remove_unused(rows: QuerySet[M], *, keep: set[str]) -> tuple[int, list[M]]:
    """Delete the rows whose ``code`` is not in ``keep``, except those that other apps point at.

    Returns how many went, and those that had to stay.
    """
    vanished = {row.pk: row for row in rows.all() if row.code not in keep}  # type: ignore[attr-defined]
    used = in_use(rows.model, set(vanished))
    remove_rows(rows.model, [pk for pk in vanished if pk not in used])
    return len(vanished) - len(used), [vanished[pk] for pk in sorted(used)]


def in_use(model: type[models.Model], keys: set[int]) -> set[int]:
    """Which of these rows another app points at."""
    used: set[int] = set()
    for relation in model._meta.get_fields(include_hidden=True) if keys else ():  # hidden: related_name="+"
        if not isinstance(relation, ForeignObjectRel) or relation.field.many_to_many:
            continue
        user = relation.related_model
        if user._meta.app_label != model._meta.app_label:
            column = relation.field.attname
            used |= keys & set(user._default_manager.order_by().values_list(column, flat=True).distinct())
    return used


def _update(model: type[M], items: list[M], fields: tuple[str, ...]) -> None:
    if not items or not fields:
        return
    stamps = [field for field in model._meta.concrete_fields if getattr(field, "auto_now", False)]
    for item in items:
        for field in stamps:  # bulk_update leaves them alone, and readers look there for what is new
            field.pre_save(item, add=False)
    names = [model._meta.get_field(name.removesuffix("_id")).name for name in fields]
    model._default_manager.bulk_update(items, [*names, *(field.name for field in stamps)], batch_size=DELETED_AT_ONCE)

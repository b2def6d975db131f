"""Two rows for one thing: what belongs to the one goes to the other."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, models, transaction


def move_rows(*, source: models.Model, target: models.Model) -> None:
    """Let every row that points to ``source`` point to ``target``; where the target has one like it, that one stays."""
    for relation in _pointing_to(source):
        name, rows = relation.field.name, relation.related_model._base_manager
        for pk in list(rows.filter(**{name: source}).values_list("pk", flat=True)):
            try:
                with transaction.atomic():
                    rows.filter(pk=pk).update(**{name: target})
            except IntegrityError:  # goes with the source
                continue


def _pointing_to(row: models.Model) -> list[Any]:
    """Relations of other tables to this one, also those without a name on this side; revisions stay as they were."""
    fields: list[Any] = list(row._meta.get_fields(include_hidden=True))
    pointing = [field for field in fields if field.auto_created and not field.concrete and not field.many_to_many]
    return [field for field in pointing if field.field.db_constraint]

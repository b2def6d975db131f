"""Encrypted columns in tables of other packages: their models get our fields, our migrations change their tables."""

from __future__ import annotations

from typing import Any

from django.db import migrations, models


def swap(model: type[models.Model], name: str, field: Any) -> None:
    """Put ``field`` in the place of another; called while models load, before anything looks at their fields."""
    options: Any = model._meta
    plain = options.get_field(name)
    options.local_fields.remove(plain)
    delattr(model, name)
    field.creation_counter = plain.creation_counter  # forms keep their order
    field.verbose_name = field._verbose_name = plain._verbose_name  # its own package translates it
    field.contribute_to_class(model, name)
    options._expire_cache()


class On(migrations.operations.base.Operation):
    """An operation of one of our migrations on a table of another app."""

    def __init__(self, app_label: str, operation: Any) -> None:
        self.app_label, self.operation = app_label, operation

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return type(self).__name__, [self.app_label, self.operation], {}

    def state_forwards(self, app_label: str, state: Any) -> None:
        self.operation.state_forwards(self.app_label, state)

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        self.operation.database_forwards(self.app_label, schema_editor, from_state, to_state)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        self.operation.database_backwards(self.app_label, schema_editor, from_state, to_state)

    def describe(self) -> str:
        return f"{self.app_label}: {self.operation.describe()}"

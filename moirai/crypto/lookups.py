"""How a column is compared that begins with the keyed hash of its value, and how it gets another hash."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models.functions import Substr
from django.db.models.lookups import Exact, In

from moirai.crypto import ring
from moirai.crypto.sealing import HASH_LENGTH, Sealed


class Rehashed(models.Func):
    """A look-up column with another hash at its head."""

    template, arg_joiner = "(%(expressions)s)", " || "
    output_field = models.TextField()

    def __init__(self, name: str, head: str) -> None:
        super().__init__(models.Value(head), Substr(name, HASH_LENGTH + 1))


class _ByHash:
    """Compares the head of the column, as `LookupHash` indexes it; the right side comes as hashes."""

    def process_lhs(self, compiler: Any, connection: Any, lhs: Any = None) -> tuple[str, Any]:
        sql, params = super().process_lhs(compiler, connection, lhs)  # type: ignore[misc]
        return f"substr({sql}, 1, {HASH_LENGTH})", params


class HashIn(_ByHash, In):
    def get_prep_lookup(self) -> Any:
        if not self.rhs_is_direct_value():
            return super().get_prep_lookup()
        field = self.lhs.output_field
        return [found for value in self.rhs for found in (field.hashes(value) if is_sought(value) else [value])]


class HashExact(_ByHash, Exact):
    lookup_name = "exact"

    def get_prep_lookup(self) -> Any:
        self.sought = self.rhs
        return super().get_prep_lookup()

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        if len(ring.lookup_keys()) > 1 and is_sought(self.sought):
            return HashIn(self.lhs, [self.sought]).as_sql(compiler, connection)
        return super().as_sql(compiler, connection)


def is_sought(value: Any) -> bool:
    return not isinstance(value, Sealed) and value not in (None, "") and not hasattr(value, "resolve_expression")

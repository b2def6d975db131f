"""Changing the operator's keys: keys of people are wrapped anew and hashes are computed anew; ciphertext stays."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import QuerySet

from moirai.crypto.checking import lookup_fields
from moirai.crypto.fields import LookupHash
from moirai.crypto.known import forget_accepted
from moirai.crypto.lookups import Rehashed
from moirai.crypto.models import KnownKey, PersonKey
from moirai.crypto.ring import Ring, fingerprint, ring, unwrap, wrap

BATCH = 200
#: Who keeps keyed hashes outside look-up columns computes them anew: yields whether each was changed.
OTHER_HASHES: list[Callable[[], Iterator[bool]]] = []


def waiting() -> QuerySet[PersonKey]:
    """Keys that the first of the ring does not wrap yet; destroyed ones need none."""
    return PersonKey.objects.exclude(wrapped="").exclude(wrapped__startswith=f"{fingerprint(ring()[0])}.")


@transaction.atomic
def rewrap_some() -> int:
    """One batch, locked while it is written; two at once take different rows. 0 when nothing is left to take."""
    skips = connection.features.has_select_for_update_skip_locked
    rows = list(waiting().select_for_update(skip_locked=skips).order_by("pk")[:BATCH])
    for row in rows:
        row.wrapped = wrap(unwrap(row.wrapped, key_id=row.pk), key_id=row.pk)
    PersonKey.objects.bulk_update(rows, ["wrapped"])
    return len(rows)


def rehash(twice: list[str]) -> Iterator[bool]:
    """Give each look-up column the hash of the first key, row by row, and say of each whether it changed.

    A row that somebody writes meanwhile has a new head, and stays as it is. Two rows that hold one value, written at
    once by processes with different keys in front, are put into ``twice``.
    """
    for model, field in lookup_fields():
        rows = model._base_manager.annotate(_head=LookupHash(field.name)).exclude(**{field.name: ""})
        for pk, head, value in rows.order_by("pk").values_list("pk", "_head", field.name).iterator(chunk_size=BATCH):
            if not value or head == field.hashes(value)[0]:  # nothing, or destroyed, or new already
                yield False
                continue
            row = model._base_manager.annotate(_head=LookupHash(field.name)).filter(pk=pk, _head=head)
            changed = _written(row, field, value)
            if changed is None:
                twice.append(f"{model._meta.db_table} {pk}: another row holds the same {field.name}")
            yield bool(changed)
    for others in OTHER_HASHES:
        yield from others()


def _written(row: QuerySet[Any], field: Any, value: str) -> int | None:
    try:
        with transaction.atomic():
            return row.update(**{field.name: Rehashed(field.name, field.hashes(value)[0])})
    except IntegrityError:
        return None


def forget_keys_out_of_use(use: KnownKey.Use, keys: Ring) -> int:
    """Keys that nothing needs any more are no longer this database's: the setting may lose them."""
    primary = fingerprint(keys[0])
    KnownKey.objects.get_or_create(use=use, fingerprint=primary)
    forget_accepted()
    return KnownKey.objects.filter(use=use).exclude(fingerprint=primary).delete()[0]

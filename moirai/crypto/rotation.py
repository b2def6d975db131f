"""Changing the operator's key: only the keys of people are wrapped anew, what they encrypt stays as it is."""

from __future__ import annotations

from django.db import connection, transaction
from django.db.models import QuerySet

from moirai.crypto.models import KnownKey, PersonKey
from moirai.crypto.ring import fingerprint, ring, unwrap, wrap

BATCH = 200


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


def forget_keys_out_of_use() -> int:
    """Keys that wrap nothing any more are no longer this database's: the ring may lose them."""
    primary = fingerprint(ring()[0])
    KnownKey.objects.get_or_create(use=KnownKey.Use.RING, fingerprint=primary)
    return KnownKey.objects.filter(use=KnownKey.Use.RING).exclude(fingerprint=primary).delete()[0]

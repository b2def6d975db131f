"""What can no longer be read, by table and id. What was destroyed on purpose is not among it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db.models import Model

from moirai.crypto.fields import Encrypted, EncryptedFileField, EncryptedLookupField, WithKey
from moirai.crypto.models import PersonKey
from moirai.crypto.ring import UnreadableError, unwrap
from moirai.crypto.sealing import HASH_LENGTH, open_bytes, open_text

Found = tuple[list[str], int]


def unreadable_keys() -> Found:
    """Every person's key that the ring does not unwrap, and how many there are."""
    found, count = [], 0
    for row in PersonKey.objects.exclude(wrapped="").iterator():
        count += 1
        try:
            unwrap(row.wrapped, key_id=row.pk)
        except (UnreadableError, ValueError) as error:
            found.append(f"{row._meta.db_table} {row.pk}: {error}")
    return found, count


def encrypted_fields() -> Iterator[tuple[type[Model], list[Any]]]:
    """Each model with its encrypted columns, those of other packages too."""
    for model in apps.get_models():
        if fields := [field for field in model._meta.local_fields if isinstance(field, Encrypted)]:
            yield model, fields


def lookup_fields() -> Iterator[tuple[type[Model], EncryptedLookupField]]:
    """Each column that rows are found by."""
    for model, fields in encrypted_fields():
        yield from ((model, field) for field in fields if isinstance(field, EncryptedLookupField))


def unreadable_values(*, limit: int | None = None) -> Found:
    """Of every table, or of its newest ``limit`` rows, the values that do not open, and how many were opened."""
    found, count = [], 0
    for model, fields in encrypted_fields():
        raw = {f"stored_{field.name}": WithKey(field.name, field) for field in fields}
        rows = model._base_manager.annotate(**raw).order_by("-pk").values("pk", *raw)[:limit]
        for row in rows.iterator(chunk_size=500):
            for field in fields:
                stored = row[f"stored_{field.name}"]
                if not stored:
                    continue
                count += 1
                try:
                    is_found_by = isinstance(field, EncryptedLookupField)
                    text = open_text(stored[HASH_LENGTH + 1 :] if is_found_by else stored, about=field.about)
                    field.from_text(text)
                    if is_found_by and text and stored[:HASH_LENGTH] not in field.hashes(text):
                        raise UnreadableError(f"{field.about}: nobody finds it, its hash is of no key of LOOKUP_KEY.")
                except (UnreadableError, ValueError) as error:
                    found.append(f"{model._meta.db_table} {row['pk']}: {error}")
    return found, count


def unreadable_files(*, limit: int | None = None) -> Found:
    """The same of files."""
    found, count = [], 0
    for model in apps.get_models():
        for field in model._meta.local_fields:
            if not isinstance(field, EncryptedFileField):
                continue
            rows = model._base_manager.exclude(**{field.name: ""}).order_by("-pk")
            for pk, name in rows.values_list("pk", field.name)[:limit]:
                count += 1
                try:
                    with field.storage.open(name, "rb") as file:
                        open_bytes(file.read(), about=field.about)
                except (UnreadableError, OSError) as error:
                    found.append(f"{model._meta.db_table} {pk}: {error}")
    return found, count

"""Operations of migrations that encrypt what a table holds already, in batches, and decrypt it on the way back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import F

from moirai.crypto.fields import Encrypted, EncryptedLookupField
from moirai.crypto.keys import keys_at_hand
from moirai.crypto.models import HOUSE, new_key_id
from moirai.crypto.sealing import FILE_MAGIC, HASH_LENGTH, VERSION, open_bytes, open_text, seal_bytes

BATCH = 500


class Stored(models.Func):
    """A column as it stands in the table, ciphertext and all."""

    template = "%(expressions)s"
    output_field = models.TextField()


def give_key_ids(app_label: str, model_name: str) -> migrations.RunPython:
    """A key id of its own for every row, where ``AddField`` gave all rows one."""

    def forwards(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
        model = apps.get_model(app_label, model_name)
        for batch in _batches(model._default_manager.order_by("pk").values_list("pk", flat=True)):
            _write(editor, model, ["key_id"], [(new_key_id(), pk) for pk in batch])

    return migrations.RunPython(forwards, migrations.RunPython.noop, elidable=True)


def encrypt(app_label: str, model_name: str, *names: str) -> migrations.RunPython:
    """Encrypt the fields ``names`` of every row; rows whose values are encrypted already stay as they are."""

    def forwards(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
        _rewrite(apps.get_model(app_label, model_name), names, editor, _sealed)

    def backwards(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
        _rewrite(apps.get_model(app_label, model_name), names, editor, _opened)

    return migrations.RunPython(forwards, backwards)


def encrypt_files(app_label: str, model_name: str, name: str) -> migrations.RunPython:
    """Encrypt the file of every row in its place; begun again after a stop, it goes on where it was."""

    def forwards(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
        field: Any = apps.get_model(app_label, model_name)._meta.get_field(name)
        for path, key_id in _files(field):
            content = path.read_bytes()
            if not content.startswith(FILE_MAGIC):
                _replace(path, seal_bytes(content, key_id=key_id, about=field.about))

    def backwards(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
        field: Any = apps.get_model(app_label, model_name)._meta.get_field(name)
        for path, _ in _files(field):
            content = path.read_bytes()
            if content.startswith(FILE_MAGIC):
                _replace(path, open_bytes(content, about=field.about))

    return migrations.RunPython(forwards, backwards)


def _files(field: Any) -> Iterator[tuple[Path, str]]:
    """Where the files of a field lie, and the id of the key of each."""
    rows = field.model._default_manager.exclude(**{field.name: ""}).order_by("pk")
    for name, key_id in rows.values_list(field.name, _key_path(field.person)).iterator(chunk_size=BATCH):
        path = Path(field.storage.path(name))
        if path.exists():
            yield path, key_id


def _replace(path: Path, content: bytes) -> None:
    beside = path.with_name(path.name + ".new")
    beside.write_bytes(content)
    beside.replace(path)


def _rewrite(
    model: type[models.Model],
    names: tuple[str, ...],
    editor: BaseDatabaseSchemaEditor,
    change: Callable[[Encrypted, str, str], str],
) -> None:
    fields: list[Any] = [model._meta.get_field(name) for name in names]
    keys = [_key_path(field.person) for field in fields]
    raw = {f"stored_{name}": Stored(F(name)) for name in names}
    paths = [path for path in dict.fromkeys(keys) if path]
    rows = model._default_manager.order_by("pk").annotate(**raw).values("pk", *paths, *raw)
    for batch in _batches(rows):
        ids = {row[path] for row in batch for path in paths if row[path]}
        with keys_at_hand(ids | {HOUSE} if None in keys else ids):
            written = [
                (
                    *(
                        change(field, row[f"stored_{field.name}"], row[path] if path else HOUSE)
                        for field, path in zip(fields, keys, strict=True)
                    ),
                    row["pk"],
                )
                for row in batch
            ]
        _write(editor, model, [field.column for field in fields], written)


def _key_path(person: str) -> str | None:
    if person == "house":
        return None
    return "key_id" if person == "self" else f"{person.replace('.', '__')}__key_id"


def _sealed(field: Encrypted, stored: str, key_id: str) -> str:
    if not stored or VERSION in stored[: HASH_LENGTH + 1 + len(VERSION)]:
        return stored
    return field.seal_under(key_id, field.from_text(stored)).token


def _opened(field: Encrypted, stored: str, key_id: str) -> str:
    if not stored:
        return stored
    token = stored[HASH_LENGTH + 1 :] if isinstance(field, EncryptedLookupField) else stored
    return open_text(token, about=field.about)


def _batches(rows: Any) -> Iterator[list[Any]]:
    batch: list[Any] = []
    for row in rows.iterator(chunk_size=BATCH):
        batch.append(row)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _write(
    editor: BaseDatabaseSchemaEditor, model: type[models.Model], columns: list[str], rows: list[tuple[Any, ...]]
) -> None:
    quote = editor.connection.ops.quote_name
    table, key = quote(model._meta.db_table), quote(str(model._meta.pk.column))
    sets = ", ".join(f"{quote(column)} = %s" for column in columns)
    with editor.connection.cursor() as cursor:
        cursor.executemany(f"UPDATE {table} SET {sets} WHERE {key} = %s", rows)  # noqa: S608 - names, no input

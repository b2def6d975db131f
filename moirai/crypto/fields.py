"""Model fields whose columns and files hold ciphertext only, under the key of the person they are about.

    class Note(models.Model):
        student = models.ForeignKey(Student, …)
        text = EncryptedTextField(_("text"), person="student")          # the key is note.student.key_id
        title = EncryptedCharField(_("title"), max_length=200, person="student", blank=True)
        data = EncryptedJSONField(_("data"), person="student", default=dict)
        file = EncryptedFileField(_("file"), person="student", upload_to=…)

``person`` is the path from the row to the one with ``key_id`` (a ``User`` or a ``Student``): "user",
"application.student", "self", or "house" for what is about nobody.

On instances, and from ``values()``, these are plain ``str`` (or JSON values): SELECT brings the wrapped key along, so
reading costs no query more. Saving and ``bulk_create`` encrypt. For ``update`` and ``bulk_update`` say
``rows.update(**seal(note, text="…"))``; a plain string is refused. Writes about many people belong inside
``with keys_at_hand(student.key_id for student in students):``, or each looks its key up.

Empty strings and NULL stay as they are, so ``filter(text="")`` and ``exclude(text="")`` work. Nothing else can be
filtered, searched or ordered by, save on a field of ``EncryptedLookupField`` (and ``EncryptedEmailField``): there
``exact``, ``iexact`` and ``in`` find a value whatever its case, by keyed hash, and
``UniqueConstraint(LookupHash("field"), name=…)`` keeps it unique.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from django.core.files.base import ContentFile, File
from django.db import models
from django.db.models.fields.files import FieldFile

from moirai.crypto import ring
from moirai.crypto.known import refuse_unknown_lookup_key
from moirai.crypto.lookups import HashExact, HashIn, Rehashed
from moirai.crypto.models import HOUSE, KEY_ID_LENGTH, PersonKey
from moirai.crypto.sealing import HASH_LENGTH, VERSION, Sealed, open_bytes, open_text, seal_bytes, seal_text


def key_id_of(instance: models.Model, person: str) -> str:
    """The id of the key under which a row is encrypted."""
    holder: Any = instance
    if person == "house":
        return HOUSE
    for name in person.split(".") if person != "self" else ():
        holder = getattr(holder, name)
    key_id: str = holder.key_id
    return key_id


class Encrypted(models.Field):
    """What the encrypted fields share."""

    person: str
    key_at = len(VERSION) + 1  # place of the key id in the column, counted from 1 as SQL does

    def __init__(self, *args: Any, person: str = "self", **kwargs: Any) -> None:
        self.person = person
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple[str, str, Any, Any]:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, kwargs | {"person": self.person}

    def get_internal_type(self) -> str:
        return "TextField"

    @property
    def about(self) -> str:
        return f"{self.model._meta.label_lower}.{self.name}"

    def to_text(self, value: Any) -> str:
        """The value as the text that is encrypted."""
        return str(value)

    def from_text(self, text: str) -> Any:
        return text

    def seal(self, instance: models.Model, value: Any) -> Any:
        """What to store for ``value`` in the row ``instance``."""
        if value is None or value == "" or isinstance(value, Sealed) or hasattr(value, "resolve_expression"):
            return value
        return self.seal_under(key_id_of(instance, self.person), value)

    def seal_under(self, key_id: str, value: Any) -> Sealed:
        return Sealed(seal_text(self.to_text(value), key_id=key_id, about=self.about))

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        return self.seal(model_instance, super().pre_save(model_instance, add))

    def get_prep_value(self, value: Any) -> Any:
        if isinstance(value, Sealed):
            return value.token
        if value is None or value == "" or hasattr(value, "resolve_expression"):
            return value
        raise TypeError(f"{self.about} is encrypted: write update(**seal(row, {self.name}=…)), and filter by nothing.")

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        """Unprepared values come from ``full_clean`` alone, which asks the database about constraints."""
        return value.token if isinstance(value, Sealed) else value

    def get_db_prep_save(self, value: Any, connection: Any) -> Any:
        return value if hasattr(value, "as_sql") else Encrypted.get_prep_value(self, value)

    def select_format(self, compiler: Any, sql: str, params: Any) -> tuple[str, Any]:
        """The column and, after a bar, the wrapped key that opens it."""
        quote = compiler.quote_name_unless_alias
        table, column, key = quote(PersonKey._meta.db_table), quote("wrapped"), quote("id")
        key_id = f"substr({sql}, {self.key_at}, {KEY_ID_LENGTH})"
        found = f"SELECT {table}.{column} FROM {table} WHERE {table}.{key} = {key_id}"  # noqa: S608 - names, no input
        return f"{sql} || COALESCE('|' || ({found}), '')", [*params, *params]

    def from_db_value(self, value: str | None, *_: Any) -> Any:
        return value if value is None or value == "" else self.from_text(open_text(value, about=self.about))

    def get_lookup(self, lookup_name: str) -> Any:
        return super().get_lookup(lookup_name) if lookup_name in ("exact", "in", "isnull") else None

    def get_transform(self, lookup_name: str) -> Any:
        return None


class EncryptedTextField(Encrypted, models.TextField):
    """Text of any length."""


class EncryptedCharField(Encrypted, models.CharField):
    """A line of text; ``max_length`` is that of the plain text, checked by forms and ``full_clean``."""


class EncryptedJSONField(Encrypted, models.JSONField):
    """Any JSON value."""

    def to_text(self, value: Any) -> str:
        return json.dumps(value, cls=self.encoder, ensure_ascii=False)

    def from_text(self, text: str) -> Any:
        return json.loads(text, cls=self.decoder) if text else {}  # empty once the key was destroyed

    def check(self, **kwargs: Any) -> list[Any]:
        return models.Field.check(self, **kwargs)


class EncryptedLookupField(Encrypted, models.CharField):
    """A line of text that rows are found by: the column begins with its keyed hash."""

    key_at = HASH_LENGTH + 1 + len(VERSION) + 1

    def hashes(self, value: Any) -> list[str]:
        """Of every key that rows may have been written with; the first is the one that is written."""
        return ring.keyed_hashes(ring.normalised(str(value)), about=self.about)

    def adopt(self, value: Any) -> None:
        """Give the rows that hold ``value`` under a key that is on its way out the hash of the first.

        So, while the key is changed, the index on the head of the column still keeps values unique.
        """
        first, *others = self.hashes(value)
        if others:
            rows = self.model._base_manager.annotate(_head=LookupHash(self.name))
            rows.filter(_head__in=others).update(**{self.name: Rehashed(self.name, first)})

    def seal(self, instance: models.Model, value: Any) -> Any:
        sealed = super().seal(instance, value)
        if sealed is not value:
            self.adopt(value)
        return sealed

    def seal_under(self, key_id: str, value: Any) -> Sealed:
        refuse_unknown_lookup_key()
        return Sealed(f"{self.hashes(value)[0]}.{super().seal_under(key_id, value).token}")

    def get_prep_value(self, value: Any) -> Any:
        """For look-ups, the hash alone; saving goes by ``get_db_prep_save``, which refuses plain text."""
        if isinstance(value, Sealed) or value is None or value == "" or hasattr(value, "resolve_expression"):
            return super().get_prep_value(value)
        return self.hashes(value)[0]

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if not prepared and isinstance(value, str) and value:  # full_clean, about to ask whether there is one already
            self.adopt(value)
        return value if prepared else self.get_prep_value(value)

    def from_db_value(self, value: str | None, *_: Any) -> Any:
        return value if value is None or value == "" else open_text(value[HASH_LENGTH + 1 :], about=self.about)

    def get_lookup(self, lookup_name: str) -> Any:
        by_hash = {"exact": HashExact, "iexact": HashExact, "in": HashIn}
        return by_hash.get(lookup_name) or super().get_lookup(lookup_name)


class EncryptedEmailField(EncryptedLookupField, models.EmailField):
    """An e-mail address that people are found by, whatever its case."""


class LookupHash(models.Func):
    """The keyed hash at the head of a look-up column, to be unique by."""

    template = f"substr(%(expressions)s, 1, {HASH_LENGTH})"
    arity = 1
    output_field = models.CharField(max_length=HASH_LENGTH)


class WithKey(models.Func):
    """A column as it stands in the table, and after a bar the wrapped key that opens it, for `sealing.open_text`."""

    output_field = models.TextField()

    def __init__(self, name: str, field: Encrypted) -> None:
        super().__init__(models.F(name))
        self.encrypted = field

    def as_sql(self, compiler: Any, connection: Any, *_: Any, **__: Any) -> tuple[str, Any]:
        return self.encrypted.select_format(compiler, *compiler.compile(self.get_source_expressions()[0]))


class EncryptedFieldFile(FieldFile):
    """Plain bytes to whoever opens it, ciphertext in the storage. Files are small: they are read as a whole."""

    field: EncryptedFileField

    def save(self, name: str, content: File, save: bool = True) -> None:
        content.seek(0)
        key_id = key_id_of(self.instance, self.field.person)
        sealed = ContentFile(seal_bytes(content.read(), key_id=key_id, about=self.field.about))
        path = self.field.generate_filename(self.instance, name)
        is_new = not self.storage.exists(path)
        try:
            super().save(name, sealed, save)
        except OSError:
            if is_new:
                self.storage.delete(path)  # the part that a full disk still took
            raise
        self._set_file(None)  # what was kept is the ciphertext

    def _get_file(self) -> Any:
        self._require_file()  # type: ignore[attr-defined]
        if getattr(self, "_file", None) is None:
            with self.storage.open(str(self.name), "rb") as stored:
                content = open_bytes(stored.read(), about=self.field.about)
            self._set_file(ContentFile(content, name=self.name))
        return self._file

    def _set_file(self, file: Any) -> None:
        self._file = file

    def _del_file(self) -> None:
        del self._file

    file = property(_get_file, _set_file, _del_file)

    def open(self, mode: str | None = "rb", *_: Any, **__: Any) -> EncryptedFieldFile:
        if mode != "rb":
            raise ValueError("An encrypted file is read as bytes, and written by save().")
        self.file.seek(0)
        return self

    def close(self) -> None:
        if (file := getattr(self, "_file", None)) is not None and self._committed:  # type: ignore[attr-defined]
            file.close()
            self._set_file(None)


class EncryptedFileField(models.FileField):
    attr_class = EncryptedFieldFile

    def __init__(self, *args: Any, person: str = "self", **kwargs: Any) -> None:
        self.person = person
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple[str, str, Any, Any]:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, kwargs | {"person": self.person}

    @property
    def about(self) -> str:
        """Says which column a value belongs to; a value moved elsewhere does not open."""
        return f"{self.model._meta.label_lower}.{self.name}"


def seal(row: models.Model, **values: Any) -> dict[str, Any]:
    """``values`` as ``update`` takes them: ``rows.update(**seal(row, text="…", status=…))``."""
    fields = {name: row._meta.get_field(name) for name in values}
    return {name: f.seal(row, values[name]) if isinstance(f, Encrypted) else values[name] for name, f in fields.items()}


def bulk_update(rows: Iterable[models.Model], fields: list[str]) -> None:
    """``bulk_update`` for rows with encrypted ``fields``; the rows keep their plain values."""
    rows = list(rows)
    plain = [{name: getattr(row, name) for name in fields} for row in rows]
    try:
        for row, values in zip(rows, plain, strict=True):
            row.__dict__.update(seal(row, **values))
        if rows:
            type(rows[0])._default_manager.bulk_update(rows, fields, batch_size=500)
    finally:
        for row, values in zip(rows, plain, strict=True):
            row.__dict__.update(values)

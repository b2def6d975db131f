"""Keys of people, wrapped; and the names of the operator's keys that this database has been written with."""

from __future__ import annotations

from secrets import token_bytes
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from moirai.crypto.ring import encode

KEY_ID_LENGTH = 22
HOUSE = "house".ljust(KEY_ID_LENGTH, "_")  # the key of what belongs to nobody: secrets of second factors, say


def new_key_id() -> str:
    """128 random bits in 22 characters: known before any row exists, and comparable on both databases as text."""
    return encode(token_bytes(16))


class KeyIdField(models.CharField):
    """On a model whose rows are people: names the key under which everything about that person is encrypted."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        defaults: dict[str, Any] = {"max_length": KEY_ID_LENGTH, "default": new_key_id, "editable": False}
        super().__init__(*args, **defaults | kwargs)


class PersonKey(models.Model):
    """A person's key, wrapped by the ring. Empty once destroyed: nothing encrypted under it can be read any more.

    There is no foreign key to the person: destroying is an act of its own, and outlives the rows. After a restored
    backup the ids of the empty rows say which keys to destroy again.
    """

    id = models.CharField(_("id"), primary_key=True, max_length=KEY_ID_LENGTH, editable=False)
    wrapped = models.CharField(_("wrapped key"), max_length=120, blank=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    destroyed_at = models.DateTimeField(_("destroyed"), null=True, blank=True)

    class Meta:
        verbose_name = _("key of a person")
        verbose_name_plural = _("keys of people")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(destroyed_at__isnull=True) | models.Q(wrapped=""), name="destroyed_key_holds_nothing"
            )
        ]

    def __str__(self) -> str:
        return self.id


class KnownKey(models.Model):
    """An operator's key that this database was written with, by its fingerprint: other keys are refused."""

    class Use(models.TextChoices):
        RING = "ring", _("wraps keys")
        LOOKUP = "lookup", _("finds people")

    fingerprint = models.CharField(_("fingerprint"), max_length=16)
    use = models.CharField(_("use"), max_length=6, choices=Use)
    first_seen_at = models.DateTimeField(_("first seen"), auto_now_add=True)

    class Meta:
        verbose_name = _("known key")
        verbose_name_plural = _("known keys")
        constraints = [models.UniqueConstraint(fields=["use", "fingerprint"], name="key_is_known_once_for_a_use")]

    def __str__(self) -> str:
        return f"{self.use}: {self.fingerprint}"

"""A migration waits for its lock a few seconds at most: behind a waiting one, readers queue as well."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import connections
from django.db.models.signals import post_migrate, pre_migrate
from django.dispatch import receiver


@receiver(pre_migrate, dispatch_uid="wait_briefly")
def wait_briefly(using: str, **_: Any) -> None:
    _set(using, f"{settings.MIGRATION_LOCK_SECONDS}s")


@receiver(post_migrate, dispatch_uid="wait_as_usual")
def wait_as_usual(using: str, **_: Any) -> None:
    _set(using, "0")


def _set(using: str, value: str) -> None:
    if connections[using].vendor == "postgresql":
        with connections[using].cursor() as cursor:
            cursor.execute("SELECT set_config('lock_timeout', %s, false)", [value])

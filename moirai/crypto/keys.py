"""The keys of people: made at the first thing encrypted for them, kept at hand for a while, destroyed on erasure."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from secrets import token_bytes

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import transaction

from moirai.backup import erased
from moirai.crypto import ring
from moirai.crypto.known import refuse_unknown_ring
from moirai.crypto.models import PersonKey

SECONDS_AT_HAND = 60
MOST_AT_HAND = 20_000


class DestroyedKeyError(Exception):
    """Something was to be written about somebody who has been erased."""


class AtHand(threading.local):
    """Wrapped keys this thread has met, and since when; and those that a rollback may yet take away."""

    def __init__(self) -> None:
        self.met: dict[str, tuple[float, str]] = {}
        self.uncommitted: set[str] = set()
        self.held: dict[str, str] = {}


at_hand = AtHand()


def cipher_of(key_id: str) -> AESGCM:
    """The key of a person to write with; made if this is the first time."""
    since, wrapped = at_hand.met.get(key_id, (0.0, ""))
    wrapped = at_hand.held.get(key_id) or (wrapped if time.monotonic() - since < SECONDS_AT_HAND else "")
    wrapped = wrapped or _load_or_make([key_id])[key_id]
    if not wrapped:
        raise DestroyedKeyError(f"The key {key_id} was destroyed: nothing more can be written about this person.")
    return ring.cipher(wrapped, key_id=key_id)


def meet(key_id: str, wrapped: str) -> None:
    """Remember a key that came with a row, so that writing about the same person need not look it up."""
    if key_id in at_hand.uncommitted:
        return
    if len(at_hand.met) >= MOST_AT_HAND:
        at_hand.met.clear()
    at_hand.met[key_id] = (time.monotonic(), wrapped)


@contextmanager
def keys_at_hand(key_ids: Iterable[str]) -> Iterator[None]:
    """Around writes about many people, inside their transaction: one query finds or makes all keys."""
    before = at_hand.held
    at_hand.held = before | _load_or_make(list(key_ids))
    try:
        yield
    finally:
        at_hand.held = before


def _load_or_make(key_ids: list[str]) -> dict[str, str]:
    """The wrapped key of each id, empty for a destroyed one."""
    found = _load(key_ids)
    if missing := [key_id for key_id in dict.fromkeys(key_ids) if key_id not in found]:
        refuse_unknown_ring(anew=True)  # a ring that is being changed notes each key it has wrapped with
        # Two processes may make the same key at once: one of them wins, both read what is stored.
        rows = [PersonKey(id=key_id, wrapped=ring.wrap(token_bytes(32), key_id=key_id)) for key_id in missing]
        PersonKey.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)
        if transaction.get_connection().in_atomic_block:
            at_hand.uncommitted.update(missing)
            transaction.on_commit(lambda: at_hand.uncommitted.difference_update(missing))
        found |= _load(missing)
    for key_id, wrapped in found.items():
        if wrapped:
            meet(key_id, wrapped)
    return found


def _load(key_ids: list[str]) -> dict[str, str]:
    if len(key_ids) == 1:
        return dict(PersonKey.objects.filter(pk=key_ids[0]).values_list("pk", "wrapped"))
    found: dict[str, str] = {}
    for start in range(0, len(key_ids), 500):
        rows = PersonKey.objects.filter(pk__in=key_ids[start : start + 500])
        found.update(rows.values_list("pk", "wrapped"))
    return found


def wrapped_key(key_id: str) -> str | None:
    """The stored wrapped key; empty once destroyed, None where the row is missing."""
    return at_hand.held.get(key_id) or _load([key_id]).get(key_id)


def destroy(key_ids: Iterable[str], *, now: datetime) -> int:
    """Make everything that was encrypted for these people unreadable, here and in every copy. There is no way back.

    Returns how many keys this call destroyed. An id that has no row yet gets an empty one, so none is made later.
    """
    ids = [key_id for key_id in key_ids if key_id]
    missing = [PersonKey(id=key_id, wrapped="", destroyed_at=now) for key_id in ids]
    PersonKey.objects.bulk_create(missing, ignore_conflicts=True)
    destroyed = PersonKey.objects.filter(pk__in=ids, destroyed_at__isnull=True).update(wrapped="", destroyed_at=now)
    for key_id in ids:
        at_hand.met.pop(key_id, None)
    # Robust: what is destroyed stays so, and the next back-up adds it to the list.
    transaction.on_commit(partial(erased.note, ids, at=now), robust=True)
    return destroyed

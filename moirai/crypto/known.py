"""Refusing keys that are not this database's, before they can write what nobody reads."""

from __future__ import annotations

import threading

from django.db import DatabaseError

from moirai.crypto import ring
from moirai.crypto.models import KnownKey
from moirai.crypto.ring import WrongKeyError, fingerprint

_lock = threading.Lock()
_accepted: set[tuple[str, str]] = set()  # what this process has compared with the database


def refuse_wrong_keys() -> None:
    """Both, where the database can be asked; whatever needs it reports if it cannot."""
    try:
        refuse_unknown_ring()
        refuse_unknown_lookup_key()
    except DatabaseError:  # not migrated yet, or away
        return


def refuse_unknown_ring(*, anew: bool = False) -> None:
    """Raise WrongKeyError if keys of people may be wrapped with keys that the ring lacks; ``anew`` asks once more."""
    primary = fingerprint(ring.ring()[0])
    if (KnownKey.Use.RING, primary) in _accepted and not anew:
        return
    with _lock:
        known = _known(KnownKey.Use.RING)
        if missing := known - set(map(fingerprint, ring.ring())):
            names = ", ".join(sorted(missing))
            raise WrongKeyError(
                f"ENCRYPTION_KEYS is wrong: this database was written with the key {names}, which the ring lacks; put "
                "it back. A key may leave the ring once `manage.py rotate_keys` says so."
            )
        _accept(KnownKey.Use.RING, primary, is_new=primary not in known)


def refuse_unknown_lookup_key() -> None:
    """Raise WrongKeyError if this database's look-ups were written with another key."""
    names = [fingerprint(key) for key in ring.lookup_keys()]
    if (KnownKey.Use.LOOKUP, names[0]) in _accepted:
        return
    with _lock:
        known = _known(KnownKey.Use.LOOKUP)
        if missing := known - set(names):
            raise WrongKeyError(
                f"LOOKUP_KEY is wrong: this database was written with {', '.join(sorted(missing))}, and this is "
                f"{', '.join(names)}; put back the key it was made with. It may leave once `manage.py rotate_keys "
                "--lookup` says so."
            )
        _accept(KnownKey.Use.LOOKUP, names[0], is_new=names[0] not in known)


def forget_accepted() -> None:
    """Compare again at the next use."""
    _accepted.clear()


def _known(use: str) -> set[str]:
    return set(KnownKey.objects.filter(use=use).values_list("fingerprint", flat=True))


def _accept(use: str, name: str, *, is_new: bool) -> None:
    if is_new:
        KnownKey.objects.bulk_create([KnownKey(use=use, fingerprint=name)], ignore_conflicts=True)
    _accepted.add((use, name))

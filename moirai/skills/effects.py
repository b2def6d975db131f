"""How many texts an alias would touch. The apps that keep texts register how to count theirs."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.functional import Promise

Counter = Callable[[str], int]
_counters: dict[str, tuple[str | Promise, Counter]] = {}


def register_counter(name: str, counter: Counter, *, label: str | Promise = "") -> None:
    """``counter(text)`` says in how many of the app's texts ``text`` stands; ``label`` is what staff read.

    Called from an app's ``ready``; a second call with the same name takes the place of the first.
    """
    _counters[name] = (label or name, counter)


def effect_of(text: str) -> list[tuple[str, int]]:
    """(label, number of texts) of every registered counter, in order of registration."""
    return [(str(label), counter(text)) for label, counter in _counters.values()]

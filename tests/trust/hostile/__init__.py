"""Files that somebody could send instead of a CV, made in memory from a seed: none of them lies in the repository.

``corpus(1200)`` gives that many, always the same: what was built by hand first, then mutants of good files.
"""

from __future__ import annotations

import random
from collections.abc import Iterator

from tests.trust.hostile import archives, lies, mutations, pdfs, texts

SEED = 20261123
HostileFile = tuple[str, bytes]


def built() -> Iterator[HostileFile]:
    """Every file built by hand, one family after the other."""
    for family in (archives, pdfs, texts, lies):
        for name, data in family.files():
            yield f"{family.__name__.rpartition('.')[2]}: {name}", data


def corpus(count: int, seed: int = SEED) -> Iterator[HostileFile]:
    """``count`` files: the built ones, and mutants of good files up to the number asked for."""
    number = 0
    for number, file in enumerate(built(), 1):
        if number > count:
            return
        yield file
    chance = random.Random(seed)
    for more in range(count - number):
        yield mutations.mutant(chance, more)

"""Which skills are near which, as pages ask it: kept in the process, and read again after a minute.

Computing matches reads the taxonomy itself; a page that explains them may be a minute behind its editors.
"""

from __future__ import annotations

import time
from collections.abc import Collection
from dataclasses import dataclass, field

from moirai.skills.models import Occupation, Skill, SkillRelation

KEPT_FOR = 60.0  # seconds


@dataclass
class Kept:
    """``pairs`` are all that are near, each once, lower id first; the rest is filled as pages ask for it."""

    until: float
    pairs: list[tuple[int, int]]
    near: dict[int, set[int]] = field(default_factory=dict)
    skills: dict[int, Skill] = field(default_factory=dict)
    occupations: dict[str, Occupation | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for lower, upper in self.pairs:
            self.near.setdefault(lower, set()).add(upper)
            self.near.setdefault(upper, set()).add(lower)


_kept: Kept | None = None


def kept() -> Kept:
    """What this process knows of the taxonomy; one query a minute."""
    global _kept
    if _kept is None or _kept.until <= time.monotonic():
        pairs = SkillRelation.objects.order_by("lower_id", "upper_id").values_list("lower_id", "upper_id")
        _kept = Kept(time.monotonic() + KEPT_FOR, list(pairs))
    return _kept


def near_to(ids: Collection[int]) -> tuple[dict[int, set[int]], dict[int, Skill]]:
    """For each of ``ids`` those near it, and all of those by id."""
    known = kept()
    near = {one: known.near[one] for one in ids if one in known.near}
    return near, skills(set().union(*near.values()))


def skills(ids: Collection[int]) -> dict[int, Skill]:
    """The skills with these ids; unknown ones are absent."""
    known = kept()
    if missing := set(ids) - known.skills.keys():
        known.skills |= Skill.objects.in_bulk(list(missing))
    return {one: known.skills[one] for one in ids if one in known.skills}


def occupations(codes: Collection[str]) -> dict[str, Occupation]:
    """The occupations with these codes; unknown ones are absent."""
    known = kept()
    if missing := set(codes) - known.occupations.keys():
        known.occupations |= dict.fromkeys(missing) | Occupation.objects.in_bulk(list(missing), field_name="code")
    return {code: row for code in codes if (row := known.occupations[code]) is not None}

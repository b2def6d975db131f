"""Fields of study and the ISCO-08 groups their graduates enter: a prior, from general knowledge.

A degree programme names a field, and a field leads to a handful of groups. It is weak evidence (graduates work
everywhere), so it only tilts what the text itself says. Words are folded stems' beginnings, Spanish and English.
"""

from __future__ import annotations

import re
import tomllib
from functools import lru_cache
from pathlib import Path

from moirai.skills.text import fold

# (beginnings of words, any of which names the field; ISCO-08 prefixes, most typical first)
FIELDS: list[tuple[str, str]] = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))["fields"]


@lru_cache(maxsize=4096)
def isco_prior(programme: str) -> dict[str, float]:
    """ISCO-08 unit groups that the field of a degree programme leads to, with weights in (0, 1].

    The first group of a field weighs 1, later ones less: 1 / (1 + 0.15 rank). A programme of several fields has the
    groups of all of them. Unknown programmes give {}.
    """
    folded = " " + re.sub(r"[^a-z0-9]+", " ", fold(programme)).strip() + " "
    weights: dict[str, float] = {}
    for names, groups in FIELDS:
        if any(" " + name.replace("~", " ") in folded for name in names.split()):
            for rank, group in enumerate(groups.split()):
                weights[group] = max(weights.get(group, 0.0), 1 / (1 + 0.15 * rank))
    return weights

"""What is wrong in the files of the shipped taxonomy, one sentence each, naming file and id."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from moirai.skills.models import Skill
from moirai.skills.seed import LANGUAGES, Seed, ambiguous_names, names_of
from moirai.skills.text import fold

FEWEST_PHRASES = 8
FEWEST_ALIASES = 3
LONGEST_ALIAS = 80


def problems(seed: Seed, isco_codes: frozenset[str]) -> Iterator[str]:
    """Everything a checker finds wrong, one sentence each, naming file and id."""
    yield from _skill_problems(seed)
    yield from _occupation_problems(seed, isco_codes)


def _skill_problems(seed: Seed) -> Iterator[str]:
    ids = Counter(row["id"] for row in seed.skills)
    owners: dict[tuple[str, str], str] = {}
    for row in seed.skills:
        place = f"{row['file']}: skill {row['id']}"
        if ids[row["id"]] > 1:
            yield f"{place} is there {ids[row['id']]} times."
        if row.get("kind") not in Skill.Kind.values:
            yield f"{place} has the unknown kind {row.get('kind')!r}."
        for language in LANGUAGES:
            if not row.get(language):
                yield f"{place} has no name in {language!r}."
        for language, name in names_of(row):
            owner = owners.setdefault((language, fold(name)), row["id"])
            if owner != row["id"]:
                yield f"{place}: {name!r} ({language}) belongs to {owner} already."
        implied = [row["implies"]] if row.get("implies") else []
        for relation, others in (("is near", row.get("near", [])), ("implies", implied)):
            for other in others:
                if other not in ids:
                    yield f"{place} {relation} {other!r}, which does not exist."
                if other == row["id"]:
                    yield f"{place} {relation} itself."
                if others.count(other) > 1:
                    yield f"{place} {relation} {other!r} twice."
        yield from _alias_problems(row, place)
    yield from _circles(seed)


def _alias_problems(row: dict[str, Any], place: str) -> Iterator[str]:
    folded = {
        fold(name) for language in LANGUAGES for name in [row.get(language, ""), *row.get(f"{language}_aliases", [])]
    }
    for name in row.get("ambiguous", []):
        if fold(name) not in folded:
            yield f"{place}: the ambiguous {name!r} is none of its names."
    for language in LANGUAGES:
        aliases = row.get(f"{language}_aliases", [])
        for name, times in Counter(fold(alias) for alias in aliases).items():
            if times > 1:
                yield f"{place}: the alias {name!r} ({language}) is there {times} times."
        for alias in aliases:
            if not alias.strip() or alias != " ".join(alias.split()) or len(alias) > LONGEST_ALIAS:
                yield f"{place}: the alias {alias!r} ({language}) is empty, too long or has stray blanks."
            elif len(alias) < 3 and fold(alias) not in ambiguous_names(row) and not alias.isupper():
                yield f"{place}: the alias {alias!r} ({language}) is too short to be sure of."


def _circles(seed: Seed) -> Iterator[str]:
    """Skills that imply themselves by way of others."""
    implied = {row["id"]: row["implies"] for row in seed.skills if row.get("implies")}
    for start in implied:
        step, seen = implied[start], {start}
        while step in implied and step not in seen:
            seen.add(step)
            step = implied[step]
        if step == start and len(seen) > 1:
            yield f"skill {start} implies itself by way of others."


def _occupation_problems(seed: Seed, isco_codes: frozenset[str]) -> Iterator[str]:
    ids = Counter(row["id"] for row in seed.occupations)
    groups = Counter(row["isco"] for row in seed.groups)
    covered = {row["isco"] for row in seed.occupations}
    for code in sorted(isco_codes - set(groups)):
        yield f"ISCO-08 unit group {code} has no name."
    for code in sorted(isco_codes - covered):
        yield f"ISCO-08 unit group {code} has no occupation."
    for row in seed.groups:
        if row["isco"] not in isco_codes:
            yield f"{row['file']}: {row['isco']} is no unit group of ISCO-08."
        if groups[row["isco"]] > 1:
            yield f"{row['file']}: group {row['isco']} is there {groups[row['isco']]} times."
        if not (row.get("es") and row.get("en")):
            yield f"{row['file']}: group {row['isco']} lacks a language."
    for row in seed.occupations:
        place = f"{row['file']}: occupation {row['id']}"
        if ids[row["id"]] > 1:
            yield f"{place} is there {ids[row['id']]} times."
        if row["isco"] not in groups:
            yield f"{place} names the group {row['isco']!r}, which does not exist."
        if len(row.get("essential", [])) < FEWEST_PHRASES:
            yield f"{place} has {len(row['essential'])} essential phrases, fewer than {FEWEST_PHRASES}."
        for pair in [*row.get("essential", []), *row.get("optional", [])]:
            if len(pair) != 2 or not all(text.strip() for text in pair):
                yield f"{place}: the phrase {pair!r} lacks a language."
        for language in LANGUAGES:
            aliases = row.get(f"{language}_aliases", [])
            if not row.get(language):
                yield f"{place} has no title in {language!r}."
            if len({fold(alias) for alias in aliases}) < max(FEWEST_ALIASES, len(aliases)):
                yield f"{place} has fewer than {FEWEST_ALIASES} aliases in {language!r}, or one twice."

"""The taxonomy that Moirai ships: readable TOML files, a reader, a checker and a loader.

`data/skills/*.toml` hold skills with their names, aliases and near skills; `data/occupations/*.toml` hold the
unit groups of ISCO-08 and at least one occupation for each. Both are written for this project.
"""

from __future__ import annotations

import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import transaction

from moirai.skills import models
from moirai.skills.synchronise import remove_rows, remove_unused, synchronise
from moirai.skills.text import fold

DATA = Path(__file__).parent / "data"
LANGUAGES = ("es", "en")
FEWEST_PHRASES = 8
FEWEST_ALIASES = 3
LONGEST_ALIAS = 80


@dataclass
class Seed:
    """The files as read: dictionaries with the keys of the files, and where each came from."""

    skills: list[dict[str, Any]] = field(default_factory=list)
    groups: list[dict[str, Any]] = field(default_factory=list)
    occupations: list[dict[str, Any]] = field(default_factory=list)

    @classmethod
    def read(cls, folder: Path = DATA) -> Seed:
        """Read every file below ``folder``; a file that is no TOML raises ``ValueError`` with its name."""
        seed = cls()
        for path in sorted(folder.glob("*/*.toml")):
            try:
                content = tomllib.loads(path.read_text(encoding="utf-8"))
            except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
                raise ValueError(f"{path}: {error}") from error
            for kind, rows in (("skill", seed.skills), ("group", seed.groups), ("occupation", seed.occupations)):
                rows += [{**row, "file": path.name} for row in content.get(kind, [])]
        return seed

    def problems(self, isco_codes: frozenset[str]) -> Iterator[str]:
        """Everything a checker finds wrong, one sentence each, naming file and id."""
        yield from self._skill_problems()
        yield from self._occupation_problems(isco_codes)

    def _skill_problems(self) -> Iterator[str]:
        ids = Counter(row["id"] for row in self.skills)
        owners: dict[tuple[str, str], str] = {}
        for row in self.skills:
            place = f"{row['file']}: skill {row['id']}"
            if ids[row["id"]] > 1:
                yield f"{place} is there {ids[row['id']]} times."
            if row.get("kind") not in models.Skill.Kind.values:
                yield f"{place} has the unknown kind {row.get('kind')!r}."
            for language in LANGUAGES:
                if not row.get(language):
                    yield f"{place} has no name in {language!r}."
            for language, name in names_of(row):
                owner = owners.setdefault((language, fold(name)), row["id"])
                if owner != row["id"]:
                    yield f"{place}: {name!r} ({language}) belongs to {owner} already."
            for relation, others in (("is near", row.get("near", [])), ("implies", as_list(row.get("implies")))):
                for other in others:
                    if other not in ids:
                        yield f"{place} {relation} {other!r}, which does not exist."
                    if other == row["id"]:
                        yield f"{place} {relation} itself."
                    if others.count(other) > 1:
                        yield f"{place} {relation} {other!r} twice."
            yield from self._alias_problems(row, place)
        yield from self._circles()

    @staticmethod
    def _alias_problems(row: dict[str, Any], place: str) -> Iterator[str]:
        folded = {fold(name) for language in LANGUAGES for name in [row.get(language, ""), *row.get(f"{language}_aliases", [])]}
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

    def _circles(self) -> Iterator[str]:
        """Skills that imply themselves by way of others."""
        implied = {row["id"]: row["implies"] for row in self.skills if row.get("implies")}
        for start in implied:
            step, seen = implied[start], {start}
            while step in implied and step not in seen:
                seen.add(step)
                step = implied[step]
            if step == start and len(seen) > 1:
                yield f"skill {start} implies itself by way of others."

    def _occupation_problems(self, isco_codes: frozenset[str]) -> Iterator[str]:
        ids = Counter(row["id"] for row in self.occupations)
        groups = Counter(row["isco"] for row in self.groups)
        covered = {row["isco"] for row in self.occupations}
        for code in sorted(isco_codes - set(groups)):
            yield f"ISCO-08 unit group {code} has no name."
        for code in sorted(isco_codes - covered):
            yield f"ISCO-08 unit group {code} has no occupation."
        for row in self.groups:
            if row["isco"] not in isco_codes:
                yield f"{row['file']}: {row['isco']} is no unit group of ISCO-08."
            if groups[row["isco"]] > 1:
                yield f"{row['file']}: group {row['isco']} is there {groups[row['isco']]} times."
            if not (row.get("es") and row.get("en")):
                yield f"{row['file']}: group {row['isco']} lacks a language."
        for row in self.occupations:
            place = f"{row['file']}: occupation {row['id']}"
            if ids[row["id"]] > 1:
                yield f"{place} is there {ids[row['id']]} times."
            if row["isco"] not in groups:
                yield f"{place} names the group {row['isco']!r}, which does not exist."
            if len(row["essential"]) < FEWEST_PHRASES:
                yield f"{place} has {len(row['essential'])} essential phrases, fewer than {FEWEST_PHRASES}."
            for pair in [*row["essential"], *row.get("optional", [])]:
                if len(pair) != 2 or not all(text.strip() for text in pair):
                    yield f"{place}: the phrase {pair!r} lacks a language."
            for language in LANGUAGES:
                aliases = row.get(f"{language}_aliases", [])
                if not row.get(language):
                    yield f"{place} has no title in {language!r}."
                if len({fold(alias) for alias in aliases}) < max(FEWEST_ALIASES, len(aliases)):
                    yield f"{place} has fewer than {FEWEST_ALIASES} aliases in {language!r}, or one twice."


def as_list(value: str | None) -> list[str]:
    return [value] if value else []


def names_of(skill: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """(language, name) of a skill's names and aliases, each folded name once a language."""
    for language in LANGUAGES:
        seen = set()
        for name in [skill.get(language, ""), *skill.get(f"{language}_aliases", [])]:
            if name and fold(name) not in seen:
                seen.add(fold(name))
                yield language, name


def ambiguous_names(skill: dict[str, Any]) -> dict[str, str]:
    """The ordinary words among a skill's names, by folded name, spelled as they count: "Go" only so, "dibujo" anyhow."""
    return {fold(name): name for name in skill.get("ambiguous", [])}


@transaction.atomic
def load(seed: Seed) -> dict[str, int]:
    """Bring the rows of the shipped seed up to date; rows of other sources stay as they are.

    Returns the number of rows of each kind. Can be run again: what is unchanged stays, with its id.
    """
    skills = _load_skills(seed)
    _load_aliases(seed, skills)
    _load_relations(seed, skills)
    occupations = _load_occupations(seed)
    return {"skills": len(skills), "occupations": len(occupations), "groups": len(seed.groups)}


def _load_skills(seed: Seed) -> dict[str, models.Skill]:
    own = models.Skill.objects.filter(source=models.Source.SEED)
    foreign = set(models.Skill.objects.exclude(source=models.Source.SEED).values_list("code", flat=True))
    synchronise(
        own,
        [
            models.Skill(code=row["id"], kind=row["kind"], name_es=row["es"], name_en=row["en"])
            for row in seed.skills
            if row["id"] not in foreign
        ],
        key=("code",),
        fields=("kind", "name_es", "name_en"),
        remove=False,
    )
    remove_unused(own, keep={row["id"] for row in seed.skills})
    skills = models.Skill.objects.in_bulk([row["id"] for row in seed.skills], field_name="code")
    for row in seed.skills:
        implied = skills[row["implies"]].pk if row.get("implies") in skills else None
        if skills[row["id"]].implies_id != implied and row["id"] not in foreign:
            models.Skill.objects.filter(code=row["id"]).update(implies_id=implied)
    return skills


def _load_aliases(seed: Seed, skills: dict[str, models.Skill]) -> None:
    """What staff gave a meaning keeps it; what an importer took goes to the seed, whose names were read by people."""
    staffs = set(models.SkillAlias.objects.filter(source=models.Source.STAFF).values_list("language", "folded"))
    wanted = [
        models.SkillAlias(
            skill=skills[row["id"]],
            language=language,
            text=ambiguous_names(row).get(fold(name), name),
            folded=fold(name),
            is_ambiguous=fold(name) in ambiguous_names(row),
        )
        for row in seed.skills
        for language, name in names_of(row)
        if (language, fold(name)) not in staffs
    ]
    shipped = {(alias.language, alias.folded) for alias in wanted}
    imported = models.SkillAlias.objects.filter(source__in=[models.Source.ESCO, models.Source.ONET])
    names = imported.values_list("pk", "language", "folded")
    remove_rows(models.SkillAlias, [pk for pk, language, folded in names if (language, folded) in shipped])
    synchronise(
        models.SkillAlias.objects.filter(source=models.Source.SEED),
        wanted,
        key=("language", "folded"),
        fields=("skill_id", "text", "is_ambiguous"),
    )


def _load_relations(seed: Seed, skills: dict[str, models.Skill]) -> None:
    foreign = set(
        models.SkillRelation.objects.exclude(source=models.Source.SEED).values_list("lower_id", "upper_id")
    )
    pairs = {
        (min(skills[row["id"]].pk, skills[near].pk), max(skills[row["id"]].pk, skills[near].pk))
        for row in seed.skills
        for near in row.get("near", [])
        if near in skills and near != row["id"]
    }
    synchronise(
        models.SkillRelation.objects.filter(source=models.Source.SEED),
        [models.SkillRelation(lower_id=lower, upper_id=upper) for lower, upper in sorted(pairs - foreign)],
        key=("lower_id", "upper_id"),
        fields=(),
    )


def _load_occupations(seed: Seed) -> dict[str, models.Occupation]:
    synchronise(
        models.OccupationGroup.objects.filter(code__in=[row["isco"] for row in seed.groups]),
        [models.OccupationGroup(code=row["isco"], name_es=row["es"], name_en=row["en"]) for row in seed.groups],
        key=("code",),
        fields=("name_es", "name_en", "source"),  # a group that an importer brought first gets the seed's names
    )
    groups = models.OccupationGroup.objects.in_bulk(field_name="code")
    own = models.Occupation.objects.filter(source=models.Source.SEED)
    synchronise(
        own,
        [
            models.Occupation(
                code=row["id"],
                group=groups[row["isco"]],
                title_es=row["es"],
                title_en=row["en"],
                description_es=row.get("es_description", ""),
                description_en=row.get("en_description", ""),
            )
            for row in seed.occupations
        ],
        key=("code",),
        fields=("group_id", "title_es", "title_en", "description_es", "description_en"),
        remove=False,
    )
    remove_unused(own, keep={row["id"] for row in seed.occupations})
    occupations = models.Occupation.objects.in_bulk([row["id"] for row in seed.occupations], field_name="code")
    synchronise(
        models.OccupationAlias.objects.filter(occupation__source=models.Source.SEED),
        aliases_of(seed, occupations),
        key=("occupation_id", "language", "text"),
        fields=(),
    )
    synchronise(
        models.OccupationPhrase.objects.filter(occupation__source=models.Source.SEED),
        phrases_of(seed, occupations),
        key=("occupation_id", "text_es", "text_en"),
        fields=("is_essential",),
    )
    return occupations


def aliases_of(seed: Seed, occupations: dict[str, models.Occupation]) -> list[models.OccupationAlias]:
    return [
        models.OccupationAlias(occupation=occupations[row["id"]], language=language, text=alias)
        for row in seed.occupations
        for language in LANGUAGES
        for alias in row.get(f"{language}_aliases", [])
    ]


def phrases_of(seed: Seed, occupations: dict[str, models.Occupation]) -> list[models.OccupationPhrase]:
    phrases: dict[str, list[tuple[str, str, bool]]] = defaultdict(list)
    for row in seed.occupations:
        for is_essential, pairs in ((True, row["essential"]), (False, row.get("optional", []))):
            phrases[row["id"]] += [(es, en, is_essential) for es, en in pairs]
    return [
        models.OccupationPhrase(occupation=occupations[code], text_es=es, text_en=en, is_essential=is_essential)
        for code, rows in phrases.items()
        for es, en, is_essential in rows
    ]

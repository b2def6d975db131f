"""The taxonomy that Moirai ships: readable TOML files, a reader and a loader; `checker.py` finds what is wrong in them.

`data/skills/*.toml` hold skills with their names, aliases and near skills; `data/occupations/*.toml` hold the
unit groups of ISCO-08 and at least one occupation for each. Both are written for this project.
"""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import transaction

from moirai.skills import models
from moirai.skills.synchronise import codes_of_others, remove_rows, remove_unused, synchronise
from moirai.skills.text import fold

DATA = Path(__file__).parent / "data"
LANGUAGES = ("es", "en")


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
                if any(("isco" if kind == "group" else "id") not in row for row in content.get(kind, [])):
                    raise ValueError(f"{path}: a {kind} has no id.")
        return seed


def names_of(skill: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """(language, name) of a skill's names and aliases, each folded name once a language."""
    for language in LANGUAGES:
        seen = set()
        for name in [skill.get(language, ""), *skill.get(f"{language}_aliases", [])]:
            if name and fold(name) not in seen:
                seen.add(fold(name))
                yield language, name


def ambiguous_names(skill: dict[str, Any]) -> dict[str, str]:
    """The ordinary words among a skill's names, by folded name, spelled as they count: "Go" only so."""
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
    foreign = codes_of_others(models.Skill, models.Source.SEED)
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
    remove_unused(own.exclude(aliases__source=models.Source.STAFF), keep={row["id"] for row in seed.skills})
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
    foreign = set(models.SkillRelation.objects.exclude(source=models.Source.SEED).values_list("lower_id", "upper_id"))
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
    foreign = codes_of_others(models.Occupation, models.Source.SEED)
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
            if row["id"] not in foreign
        ],
        key=("code",),
        fields=("group_id", "title_es", "title_en", "description_es", "description_en"),
        remove=False,
    )
    remove_unused(own, keep={row["id"] for row in seed.occupations})
    occupations = {row.code: row for row in own}
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
        if row["id"] in occupations
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
        if code in occupations
        for es, en, is_essential in rows
    ]

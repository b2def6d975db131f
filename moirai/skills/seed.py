"""The taxonomy that Moirai ships: readable TOML files, a reader and a loader; `checker.py` finds what is wrong in them.

`data/skills/*.toml` hold skills with their names, aliases and near skills; `data/occupations/*.toml` hold the
unit groups of ISCO-08 and at least one occupation for each. Both are written for this project.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import transaction

from moirai.skills import models
from moirai.skills.storing import Rows
from moirai.skills.synchronise import remove_rows, synchronise
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
    rows = Rows(models.Source.SEED)
    skills = _load_skills(seed, rows)
    _load_aliases(seed, skills, rows)
    _load_relations(seed, skills)
    occupations = _load_occupations(seed, rows)
    rows.store_titles(_titles(seed, occupations))
    rows.store_phrases(_phrases(seed, occupations))
    return {"skills": len(skills), "occupations": len(occupations), "groups": len(seed.groups)}


def _load_skills(seed: Seed, rows: Rows) -> dict[str, models.Skill]:
    rows.store_skills(
        models.Skill(code=row["id"], kind=row["kind"], name_es=row["es"], name_en=row["en"]) for row in seed.skills
    )
    skills = models.Skill.objects.in_bulk([row["id"] for row in seed.skills], field_name="code")
    for row in seed.skills:
        skill = skills[row["id"]]
        implied = skills[row["implies"]].pk if row.get("implies") in skills else None
        if skill.implies_id != implied and skill.source == models.Source.SEED:
            models.Skill.objects.filter(pk=skill.pk).update(implies_id=implied)
    return skills


def _load_aliases(seed: Seed, skills: dict[str, models.Skill], rows: Rows) -> None:
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
    rows.store_aliases(wanted)


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


def _load_occupations(seed: Seed, rows: Rows) -> dict[str, int]:
    synchronise(
        models.OccupationGroup.objects.filter(code__in=[row["isco"] for row in seed.groups]),
        [models.OccupationGroup(code=row["isco"], name_es=row["es"], name_en=row["en"]) for row in seed.groups],
        key=("code",),
        fields=("name_es", "name_en", "source"),  # a group that an importer brought first gets the seed's names
    )
    groups = dict(models.OccupationGroup.objects.values_list("code", "pk"))
    return rows.store_occupations(
        models.Occupation(
            code=row["id"],
            group_id=groups[row["isco"]],
            title_es=row["es"],
            title_en=row["en"],
            description_es=row.get("es_description", ""),
            description_en=row.get("en_description", ""),
        )
        for row in seed.occupations
    )


def _titles(seed: Seed, occupations: dict[str, int]) -> Iterator[models.OccupationAlias]:
    for row in seed.occupations:
        if occupation := occupations.get(row["id"]):
            for language in LANGUAGES:
                for alias in row.get(f"{language}_aliases", []):
                    yield models.OccupationAlias(occupation_id=occupation, language=language, text=alias)


def _phrases(seed: Seed, occupations: dict[str, int]) -> Iterator[models.OccupationPhrase]:
    for row in seed.occupations:
        if occupation := occupations.get(row["id"]):
            for is_essential, pairs in ((True, row["essential"]), (False, row.get("optional", []))):
                for es, en in pairs:
                    yield models.OccupationPhrase(
                        occupation_id=occupation, text_es=es, text_en=en, is_essential=is_essential
                    )

"""The published CSV files of ESCO as plain values; nothing here knows the database.

The layout is that of versions 1.0 to 1.2: one file a language for occupations, skills and ISCO groups, and one for the
relations between occupations and skills. © European Union, ESCO.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from moirai.skills.isco import UNIT_GROUPS
from moirai.skills.summary import Summary
from moirai.skills.tables import Line, TableError, Tables
from moirai.skills.text import fold

LANGUAGES = ("es", "en")
FILES = (
    *(f"{name}_{language}.csv" for name in ("occupations", "skills", "ISCOGroups") for language in LANGUAGES),
    "occupationSkillRelations_en.csv",
)


@dataclass
class Concept:
    """An occupation or a skill. ``labels`` and ``alternatives`` by language; a language may be missing."""

    id: str
    place: str
    labels: dict[str, str] = field(default_factory=dict)
    alternatives: dict[str, list[str]] = field(default_factory=dict)
    isco: str = ""
    kind: str = ""
    reuse: str = ""
    description: str = ""

    def label(self, language: str) -> str:
        return self.labels.get(language, "")


@dataclass
class Esco:
    """Everything that is taken from the files."""

    groups: dict[str, dict[str, str]]
    occupations: dict[str, Concept]
    skills: dict[str, Concept]
    relations: dict[str, dict[str, bool]]  # occupation id -> skill id -> is essential


def read(tables: Tables, *, summary: Summary) -> Esco:
    """Read every file. TableError names what is wrong with one; rows that fit nowhere are counted in ``summary``."""
    tables.require(*FILES)
    groups = _groups(tables)
    occupations = _concepts(tables, "occupations", ("iscoGroup",), summary)
    skills = _concepts(tables, "skills", ("skillType", "reuseLevel"), summary)
    for concept in list(occupations.values()):
        if concept.isco not in groups or not concept.label("en"):
            reason = "no English label" if concept.isco in groups else "no unit group of ISCO-08"
            summary.skip(f"occupations with {reason}", concept.place)
            del occupations[concept.id]
    relations: dict[str, dict[str, bool]] = defaultdict(dict)
    name = "occupationSkillRelations_en.csv"
    for line in tables.read(name, "occupationUri", "relationType", "skillUri"):
        occupation, skill = tail(line.cells["occupationUri"]), tail(line.cells["skillUri"])
        kind = line.cells["relationType"]
        if kind not in ("essential", "optional"):
            raise TableError(
                f"{name}, line {line.number}, column relationType: {kind!r} is neither essential nor optional."
            )
        if occupation not in occupations or skill not in skills:
            missing = "occupation" if occupation not in occupations else "skill"
            summary.skip(f"relations to an {missing} that is not there", f"{name}, line {line.number}")
            continue
        relations[occupation][skill] = relations[occupation].get(skill, False) or kind == "essential"
    return Esco(groups, occupations, skills, relations)


def _groups(tables: Tables) -> dict[str, dict[str, str]]:
    """Names of the unit groups by code and language."""
    groups: dict[str, dict[str, str]] = defaultdict(dict)
    for language in LANGUAGES:
        for line in tables.read(f"ISCOGroups_{language}.csv", "code", "preferredLabel"):
            if line.cells["code"] in UNIT_GROUPS and line.cells["preferredLabel"]:
                groups[line.cells["code"]][language] = clean(line.cells["preferredLabel"])
    return dict(groups)


def _concepts(tables: Tables, name: str, own: tuple[str, ...], summary: Summary) -> dict[str, Concept]:
    concepts: dict[str, Concept] = {}
    columns = ("conceptUri", "preferredLabel", "altLabels", "status", "description", *own)
    for language in ("en", "es"):
        file = f"{name}_{language}.csv"
        lines: dict[str, int] = {}
        for line in tables.read(file, *columns):
            identity = tail(line.cells["conceptUri"])
            place = f"{file}, line {line.number}"
            if not identity:
                raise TableError(f"{place}, column conceptUri: empty.")
            if identity in lines:
                raise TableError(f"{place}, column conceptUri: {identity} was on line {lines[identity]} already.")
            lines[identity] = line.number
            if line.cells["status"] not in ("released", ""):
                summary.skip(f"{name} that are {line.cells['status'][:20]}", place)
                continue
            concept = concepts.setdefault(identity, Concept(identity, place))
            _add(concept, line, language)
    return concepts


def _add(concept: Concept, line: Line, language: str) -> None:
    alternatives = [clean(text) for text in line.cells["altLabels"].splitlines()]
    label, *others = forms(clean(line.cells["preferredLabel"]))
    names = [name for name in [label, *others, *alternatives] if name]
    if names:
        concept.labels[language] = names[0]
        unique = {fold(name): name for name in reversed(names[1:]) if fold(name) != fold(names[0])}
        concept.alternatives[language] = sorted(unique.values())
    concept.isco = concept.isco or line.cells.get("iscoGroup", "").lstrip("C")
    concept.kind = concept.kind or line.cells.get("skillType", "")
    concept.reuse = concept.reuse or line.cells.get("reuseLevel", "")
    if language == "en":
        concept.description = clean(line.cells["description"])


def forms(label: str) -> Iterator[str]:
    """``director técnico/directora técnica`` as its two forms; other labels as they are."""
    halves = [half.strip() for half in label.split("/")]
    if len(halves) == 2 and all(halves) and fold(halves[0])[:3] == fold(halves[1])[:3]:
        yield from halves
    else:
        yield label


def tail(uri: str) -> str:
    """The last part of a URI: what names the concept from version to version."""
    return uri.rstrip("/").rpartition("/")[2]


def clean(text: str) -> str:
    """Without blanks around it, and with one blank between words."""
    return re.sub(r"\s+", " ", text).strip()

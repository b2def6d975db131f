"""The database text files of O*NET, as published: read, placed among the unit groups of ISCO-08, stored.

There is no crosswalk in the files, so an occupation goes to the group of the occupation in the database whose English
titles are most like its own. English only. O*NET is published by the U.S. Department of Labor under CC BY 4.0.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field

from django.db import transaction

from moirai.skills import models
from moirai.skills.storing import Rows
from moirai.skills.summary import Summary
from moirai.skills.synchronise import codes_of_others
from moirai.skills.tables import TableError, Tables
from moirai.skills.text import fold, stems

ONET = models.Source.ONET
OCCUPATIONS, TITLES = "Occupation Data.txt", "Alternate Titles.txt"
TASKS, TECHNOLOGY = "Task Statements.txt", "Technology Skills.txt"
CODE = re.compile(r"\d\d-\d{4}\.\d\d")
ALIKE = 0.6  # least overlap of two titles (Dice) that places an occupation
VOTES = 2  # other titles that must agree on a group where the main title finds none
LONGEST_TITLE, LONGEST_PHRASE, LONGEST_NAME = 250, 300, 200


@dataclass
class OnetOccupation:
    code: str
    place: str
    title: str
    description: str
    titles: list[str] = field(default_factory=list)
    phrases: dict[str, bool] = field(default_factory=dict)  # text -> is essential


@dataclass
class Onet:
    occupations: dict[str, OnetOccupation]
    technology: dict[str, bool]  # example -> whether postings ask for it often ("hot")


def read(tables: Tables, *, summary: Summary) -> Onet:
    """Read the four files. TableError names what is wrong; rows of unknown occupations are counted in ``summary``."""
    tables.require(OCCUPATIONS, TITLES, TASKS, TECHNOLOGY)
    onet = Onet({}, {})
    for line in tables.read(OCCUPATIONS, "O*NET-SOC Code", "Title", "Description", delimiter="\t"):
        code, place = line.cells["O*NET-SOC Code"], f"{OCCUPATIONS}, line {line.number}"
        if not CODE.fullmatch(code):
            raise TableError(f"{place}, column O*NET-SOC Code: {code[:20]!r} is no code of O*NET.")
        if code in onet.occupations or not line.cells["Title"]:
            raise TableError(f"{place}: {code} is there twice or has no title.")
        onet.occupations[code] = OnetOccupation(code, place, line.cells["Title"], line.cells["Description"])
    for occupation, text in _rows(tables, TITLES, "Alternate Title", onet, summary):
        occupation.titles.append(text)
    for occupation, text, kind in _rows(tables, TASKS, "Task", onet, summary, "Task Type"):
        occupation.phrases[text.rstrip(".")] = kind != "Supplemental"
    for occupation, text, hot in _rows(tables, TECHNOLOGY, "Example", onet, summary, "Hot Technology"):
        occupation.phrases.setdefault(text, False)
        onet.technology[text] = onet.technology.get(text, False) or hot == "Y"
    return onet


def _rows(tables: Tables, name: str, column: str, onet: Onet, summary: Summary, *others: str) -> list[tuple]:
    """(occupation, text, *other cells) of the rows that belong to an occupation there is."""
    rows: list[tuple] = []
    for line in tables.read(name, "O*NET-SOC Code", column, *others, delimiter="\t"):
        occupation = onet.occupations.get(line.cells["O*NET-SOC Code"])
        text = " ".join(line.cells[column].split())
        if occupation is None:
            summary.skip("rows of an occupation that is not there", f"{name}, line {line.number}")
        elif not text:
            summary.skip("rows without text", f"{name}, line {line.number}, column {column}")
        else:
            rows.append((occupation, text, *(line.cells[other] for other in others)))
    return rows


class Placement:
    """English titles of the database's occupations, and the group that a title points at."""

    def __init__(self) -> None:
        self.exact: dict[str, int] = {}
        self.by_stems: dict[frozenset[str], int] = {}
        self.by_stem: dict[str, set[frozenset[str]]] = defaultdict(set)
        others = models.Occupation.objects.exclude(source=ONET).order_by("pk")
        aliases = models.OccupationAlias.objects.filter(language="en", occupation__in=others).order_by("pk")
        for titles in (others.values_list("title_en", "group_id"), aliases.values_list("text", "occupation__group_id")):
            for title, group in titles:
                words = frozenset(stems(title, "en"))
                self.exact.setdefault(fold(title), group)
                if words:
                    self.by_stems.setdefault(words, group)
        for words in self.by_stems:
            for word in words:
                self.by_stem[word].add(words)

    def same(self, title: str) -> int | None:
        """The group of a title that is the same, apart from endings and order."""
        return self.exact.get(fold(title)) or self.by_stems.get(frozenset(stems(title, "en")))

    def alike(self, title: str) -> int | None:
        """The group of the title that shares most words, if it shares enough."""
        words = frozenset(stems(title, "en"))
        near = {other for word in words for other in self.by_stem.get(word, ())}
        scored = [(2 * len(words & other) / (len(words) + len(other)), sorted(other)) for other in near]
        best = max(scored, default=(0.0, []))
        return self.by_stems[frozenset(best[1])] if best[0] >= ALIKE else None

    def of(self, occupation: OnetOccupation) -> int | None:
        """By the main title, else by what most other titles say, else by likeness."""
        if group := self.same(occupation.title):
            return group
        votes = Counter(group for title in occupation.titles if (group := self.same(title)))
        if votes and votes.most_common(1)[0][1] >= VOTES:
            return votes.most_common(1)[0][0]
        return self.alike(occupation.title)


@transaction.atomic
def store(onet: Onet, *, summary: Summary) -> None:
    """Bring the rows with source O*NET to what the files say; rows of other sources stay as they are."""
    placement = Placement()
    if not placement.exact:
        raise TableError("There are no occupations yet to place those of O*NET by: run manage.py load_taxonomy first.")
    groups: dict[str, int] = {}
    for occupation in onet.occupations.values():
        group = placement.of(occupation)
        if group is None:
            summary.skip("occupations like no other in the database", f"{occupation.code} {occupation.title}")
        else:
            groups[occupation.code] = group
    rows = Rows(ONET, summary)
    keys = rows.store_occupations(
        models.Occupation(
            code=f"onet-{code}",
            group_id=group,
            title_en=onet.occupations[code].title[:LONGEST_TITLE],
            description_en=onet.occupations[code].description,
            source=ONET,
        )
        for code, group in groups.items()
    )
    found = [(onet.occupations[code.removeprefix("onet-")], key) for code, key in keys.items()]
    rows.store_titles(
        models.OccupationAlias(occupation_id=key, language="en", text=title)
        for occupation, key in found
        for title in occupation.titles
        if len(title) <= LONGEST_TITLE
    )
    rows.store_phrases(
        models.OccupationPhrase(occupation_id=key, text_es="", text_en=cut(text), is_essential=is_essential)
        for occupation, key in found
        for text, is_essential in occupation.phrases.items()
    )
    _store_tools(onet, rows)


def _store_tools(onet: Onet, rows: Rows) -> None:
    """Technology that nobody gave a meaning yet becomes a tool, under its name in both languages."""
    taken = set(models.SkillAlias.objects.exclude(source=ONET).values_list("folded", flat=True))
    tools: dict[str, str] = {}
    codes = codes_of_others(models.Skill, ONET)
    for name in sorted(onet.technology):
        if is_kind_of_software(name) or len(name) > LONGEST_NAME:
            rows.summary.skip("technology that is a kind of software, no name", repr(name))
        elif fold(name) in taken:
            rows.summary.skip("names that another source gave a meaning", repr(name))
        elif fold(name) in tools or code_of(name) in codes:
            rows.summary.skip("technology that is there twice, or that staff changed", repr(name))
        else:
            tools[fold(name)] = name
            codes.add(code_of(name))
    rows.store_skills(
        models.Skill(code=code_of(name), kind=models.Skill.Kind.TOOL, name_es=name, name_en=name, source=ONET)
        for name in tools.values()
    )
    keys = dict(models.Skill.objects.filter(source=ONET).values_list("code", "pk"))
    rows.store_aliases(
        models.SkillAlias(
            skill_id=keys[code_of(name)],
            language=language,
            text=name,
            folded=folded,
            is_ambiguous=" " not in name and (len(name) < 4 or not onet.technology[name]),
            source=ONET,
        )
        for folded, name in tools.items()
        for language in ("es", "en")
    )


def is_kind_of_software(name: str) -> bool:
    """``Web browser software`` names a kind of thing; ``Adobe Photoshop`` and ``C#`` name one thing."""
    return len(name) < 2 or fold(name).endswith(("software", "systems", "tools", "programs")) or name == name.lower()


def code_of(name: str) -> str:
    """Letters and digits of a tool's name; what tells C from C# and C++ is spelled out."""
    spelled = fold(name).replace("+", " plus ").replace("#", " sharp ")
    return ("onet-" + re.sub(r"[^a-z0-9]+", "-", spelled).strip("-"))[:100]


def cut(text: str) -> str:
    """At most as long as a phrase may be, cut between words."""
    return text if len(text) <= LONGEST_PHRASE else text[:LONGEST_PHRASE].rpartition(" ")[0]

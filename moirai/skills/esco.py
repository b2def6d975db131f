"""Store what the files of ESCO say, on top of the seed and of what staff wrote."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from django.db import transaction

from moirai.skills import models
from moirai.skills.esco_files import LANGUAGES, Concept, Esco
from moirai.skills.extract import forms
from moirai.skills.storing import Rows
from moirai.skills.summary import Summary
from moirai.skills.synchronise import synchronise
from moirai.skills.text import WORDS, fold

ESCO = models.Source.ESCO
LONGEST_ALIAS = 5  # words; longer ones are sentences that nobody writes twice
SHORTEST_ABILITY = 3  # words; "move levers", "tomar decisiones" stand in every text
LONGEST_TITLE, LONGEST_PHRASE, LONGEST_NAME = 250, 300, 200
TRANSVERSAL = "transversal"  # "trabajar en equipo": what everybody claims shows nothing
# A single lower-case word names a skill where it names a discipline; others ("dies", "análisis") stand in every text.
DISCIPLINE = re.compile(
    r".{3,}(?:logia|grafia|nomia|metria|terapia|scopia|plastia|istica|tecnia|logy|graphy|nomy|metry|therapy|scopy|ics)"
)
EVERYDAY = frozenset(WORDS["esco"]["everyday"])


@transaction.atomic
def store(esco: Esco, *, summary: Summary) -> None:
    """Bring the rows with source ESCO to what the files say; rows of other sources stay as they are."""
    rows = Rows(ESCO, summary)
    occupations = _store_occupations(esco, _store_groups(esco, summary), rows)
    rows.store_titles(_titles(esco, occupations))
    rows.store_phrases(_phrases(esco, occupations))
    _store_skills(esco, rows)


def _store_groups(esco: Esco, summary: Summary) -> dict[str, int]:
    """Unit groups that the seed lacks; what the seed or staff call the others holds."""
    others = set(models.OccupationGroup.objects.exclude(source=ESCO).values_list("code", flat=True))
    wanted = [
        models.OccupationGroup(
            code=code,
            name_es=(names.get("es") or names["en"])[:LONGEST_NAME],
            name_en=(names.get("en") or names["es"])[:LONGEST_NAME],
            source=ESCO,
        )
        for code, names in sorted(esco.groups.items())
        if code not in others
    ]
    own = models.OccupationGroup.objects.filter(source=ESCO)
    changes = synchronise(own, wanted, key=("code",), fields=("name_es", "name_en"), remove=False)
    summary.count("Groups", changes, total=own.count())
    return dict(models.OccupationGroup.objects.values_list("code", "pk"))


def _store_occupations(esco: Esco, groups: dict[str, int], rows: Rows) -> dict[str, int]:
    """Ids of the occupations by ESCO id."""
    wanted = []
    for concept in esco.occupations.values():
        title_es = concept.label("es")
        if not title_es:
            reason = "Spanish titles that the files lack; the occupation is kept in English"
            rows.summary.skip(reason, concept.place)
        wanted.append(
            models.Occupation(
                code=code_of(concept.id),
                group_id=groups[concept.isco],
                title_es=title_es if len(title_es) <= LONGEST_TITLE else "",
                title_en=concept.label("en")[:LONGEST_TITLE],
                description_en=concept.description,
                source=ESCO,
            )
        )
    keys = rows.store_occupations(wanted)
    return {identity: keys[code_of(identity)] for identity in esco.occupations if code_of(identity) in keys}


def _titles(esco: Esco, occupations: dict[str, int]) -> Iterator[models.OccupationAlias]:
    for identity, occupation in occupations.items():
        for language in LANGUAGES:
            for text in esco.occupations[identity].alternatives.get(language, []):
                if len(text) <= LONGEST_TITLE:
                    yield models.OccupationAlias(occupation_id=occupation, language=language, text=text)


def _phrases(esco: Esco, occupations: dict[str, int]) -> Iterator[models.OccupationPhrase]:
    """A relation becomes the skill's labels in both languages."""
    for occupation, skills in esco.relations.items():
        if occupation not in occupations:
            continue
        # essential ones first: two skills with the same labels are one phrase, and the first one counts
        for skill, is_essential in sorted(skills.items(), key=lambda item: not item[1]):
            texts = [esco.skills[skill].label(language)[:LONGEST_PHRASE] for language in LANGUAGES]
            if any(texts):
                yield models.OccupationPhrase(
                    occupation_id=occupations[occupation],
                    text_es=texts[0],
                    text_en=texts[1],
                    is_essential=is_essential,
                )


def _store_skills(esco: Esco, rows: Rows) -> None:
    """Skills whose names are free and telling; a skill that the seed has too only lends it its other names."""
    taken = {
        (language, folded): skill
        for language, folded, skill in models.SkillAlias.objects.exclude(source=ESCO).values_list(
            "language", "folded", "skill__code"
        )
    }
    names, owners = allot_names(esco.skills.values(), taken, rows.summary)
    new = sorted({owner for owner in owners.values() if owner.startswith("esco-")})
    rows.store_skills(_skill(esco.skills[code.removeprefix("esco-")]) for code in new)
    keys = dict(models.Skill.objects.values_list("code", "pk"))
    rows.store_aliases(
        models.SkillAlias(
            skill_id=keys[owner],
            language=place[0],
            text=names[place],
            folded=place[1],
            is_ambiguous=is_name(names[place]),
            source=ESCO,
        )
        for place, owner in owners.items()
    )


Place = tuple[str, str]  # language, folded name


def allot_names(
    concepts: Iterable[Concept], taken: dict[Place, str], summary: Summary
) -> tuple[dict[Place, str], dict[Place, str]]:
    """Which name goes to which skill: (name as written, code of the skill), both by language and folded name.

    Preferred labels come before alternatives; among equals the first in order of id has the name.
    """
    names: dict[Place, str] = {}
    owners: dict[Place, str] = {}
    ordered = sorted(concepts, key=lambda concept: concept.id)
    for is_preferred in (True, False):
        for concept in ordered:
            owner = known_as(concept, taken) or code_of(concept.id)
            for language in LANGUAGES:
                label = concept.label(language)
                texts = [label] if is_preferred else concept.alternatives.get(language, [])
                for text in map(without_brackets, texts):
                    place = (language, fold(text))
                    if not is_telling(text, concept, language):
                        summary.skip("names too general, or too long, to read texts by", repr(text))
                    elif place in taken:
                        summary.skip("names that the seed or staff gave a meaning", repr(text))
                    elif owners.setdefault(place, owner) == owner:
                        names.setdefault(place, text)
                    else:
                        summary.skip("names that another skill of ESCO has", repr(text))
    return names, owners


def known_as(concept: Concept, taken: dict[Place, str]) -> str:
    """The code of the skill that has this concept's label already, or '' (also where two skills have one each)."""
    labels = [(language, fold(without_brackets(concept.label(language)))) for language in LANGUAGES]
    codes = {taken[place] for place in labels if place in taken}
    return codes.pop() if len(codes) == 1 else ""


def is_telling(name: str, concept: Concept, language: str) -> bool:
    """Whether a text that holds this name shows the skill."""
    folded = fold(name)
    words = folded.split()
    if not words or len(words) > LONGEST_ALIAS or not 3 <= len(name) <= LONGEST_NAME:
        return False
    if concept.reuse == TRANSVERSAL or EVERYDAY & {folded, *forms(folded, language)}:
        return False
    if concept.kind != "knowledge":
        return len(words) >= SHORTEST_ABILITY
    return len(words) > 1 or is_name(name) or bool(DISCIPLINE.fullmatch(folded))


def is_name(name: str) -> bool:
    """One word with a capital: a product or a language, counted only as it is written and in a context."""
    return " " not in name and name != name.lower()


def without_brackets(label: str) -> str:
    """``Python (computer programming)`` as people write it."""
    return re.sub(r"\s*\([^)]*\)$", "", label)


def code_of(identity: str) -> str:
    return f"esco-{identity}"


def _skill(concept: Concept) -> models.Skill:
    spanish, english = concept.label("es"), concept.label("en")
    return models.Skill(
        code=code_of(concept.id),
        kind=models.Skill.Kind.KNOWLEDGE if concept.kind == "knowledge" else models.Skill.Kind.ABILITY,
        name_es=(spanish or english)[:LONGEST_NAME],
        name_en=(english or spanish)[:LONGEST_NAME],
        source=ESCO,
    )

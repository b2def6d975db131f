"""What a CV and a misspelt word suggest. Shown, never stored for the person; a name is never guessed."""

from __future__ import annotations

import re
from typing import Any

from django.utils.translation import get_language
from rapidfuzz import fuzz, process

from moirai.skills import sections
from moirai.skills.models import Skill, SkillAlias
from moirai.skills.text import fold
from students.models import CV, Student

NEAR = 70  # of 100, by rapidfuzz
SUGGESTED = 5
END_OF_FIELD = re.compile(r"[,.;|\n]|\s(?:con|with|interes\w*)\s|\s{2,}")


def from_cv(cv: CV | None, student: Student, *, this_year: int) -> dict[str, Any]:
    """Values for fields of the profile that are still empty, read from the current CV."""
    if cv is None:
        return {}
    read = sections.read_cv(cv.text, cv.language or "es")
    found: dict[str, Any] = {}
    if not student.degree_program and (degree := degree_in(cv, read)):
        found["degree_program"] = degree
    if not student.experience_years:
        experience = "\n".join(cv.text[part.start : part.end] for part in read if part.kind == "experience")
        if years := sections.months_of_experience(experience, this_year) // 12:
            found["experience_years"] = min(years, 60)
    return found


def degree_in(cv: CV, read: list[sections.Section]) -> str:
    """The first degree programme that the parts on education name, else the profile, as the CV writes it; or ''."""
    for kind in ("education", "profile"):
        for part in read:
            text = cv.text[part.start : part.end]
            match = sections.PROGRAMME.search(fold(text)) if part.kind == kind else None
            if match:
                words = text[match.start() : match.end()]
                return END_OF_FIELD.split(words)[0].strip()[:200]
    return ""


def known_skill(name: str) -> Skill | None:
    """The skill that a name stands for, in the reader's language first."""
    aliases = SkillAlias.objects.filter(folded=fold(" ".join(name.split()))).select_related("skill")
    language = (get_language() or "es")[:2]
    return next((row.skill for row in sorted(aliases, key=lambda row: row.language != language)), None)


def near_names(name: str) -> list[str]:
    """Names of known skills spelt nearly like ``name``, nearest first, each skill once."""
    language = (get_language() or "es")[:2]
    rows = SkillAlias.objects.values_list("folded", "skill_id", f"skill__name_{'en' if language == 'en' else 'es'}")
    names = {folded: (skill, shown) for folded, skill, shown in rows}
    near = process.extract(fold(name), names.keys(), scorer=fuzz.ratio, score_cutoff=NEAR, limit=4 * SUGGESTED)
    by_skill = dict(reversed([names[folded] for folded, _, _ in near]))
    return list(by_skill.values())[::-1][:SUGGESTED]

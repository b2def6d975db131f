"""The vocabulary of the database as an extractor, built once per process and again when it has changed."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Count, Max

from moirai.skills.extract import Extractor, Mention, Term
from moirai.skills.models import Skill, SkillAlias

_current: tuple[tuple[int, datetime | None], Extractor] | None = None


def extractor() -> Extractor:
    """The extractor over all aliases; costs one small query when nothing has changed."""
    global _current
    state = SkillAlias.objects.aggregate(rows=Count("pk"), changed=Max("updated_at"))
    stamp = (state["rows"], state["changed"])
    if _current is None or _current[0] != stamp:
        rows = SkillAlias.objects.values_list("skill_id", "text", "language", "is_ambiguous").order_by("pk")
        _current = stamp, Extractor(Term(*row) for row in rows)
    return _current[1]


def with_implied(mentions: list[Mention]) -> list[Mention]:
    """The mentions, and after each that of every skill it implies, on the same words.

    For texts of people: "inglés avanzado" shows English. A posting that asks for it asks for no second skill.
    """
    implied = dict(Skill.objects.filter(implies__isnull=False).values_list("pk", "implies_id"))
    found: list[Mention] = []
    for mention in mentions:
        skill: int | None = mention.skill
        seen: set[int] = set()
        while skill is not None and skill not in seen:
            seen.add(skill)
            found.append(mention._replace(skill=skill))
            skill = implied.get(skill)
    return found

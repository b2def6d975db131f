"""The vocabulary of the database as an extractor, built once per process and again when it has changed."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Count, Max

from moirai.skills.extract import Extractor, Term
from moirai.skills.models import Skill, SkillAlias

_current: tuple[tuple[int, datetime | None], Extractor] | None = None


def extractor() -> Extractor:
    """The extractor over all aliases; costs one small query when nothing has changed."""
    global _current
    state = SkillAlias.objects.aggregate(rows=Count("pk"), changed=Max("updated_at"))
    stamp = (state["rows"], state["changed"])
    if _current is None or _current[0] != stamp:
        _current = stamp, build()
    return _current[1]


def build(*, sources: list[str] | None = None) -> Extractor:
    """A fresh extractor over all aliases, or over those that come from ``sources``."""
    aliases = SkillAlias.objects.filter(source__in=sources) if sources else SkillAlias.objects.all()
    rows = aliases.values_list("skill_id", "text", "language", "is_ambiguous").order_by("pk")
    implied = dict(Skill.objects.filter(implies__isnull=False).values_list("pk", "implies_id"))
    return Extractor((Term(*row) for row in rows), implied=implied)

"""The vocabulary of the database as an extractor, built once per process and again when it has changed."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Count, Max

from moirai.skills.extract import Extractor, Term
from moirai.skills.models import SkillAlias

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

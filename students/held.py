"""What students can show, as numbers for the matching."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

from django.db.models import Exists, OuterRef

from students.models import Evidence, StudentSkill

WEIGHTS = {
    StudentSkill.Status.FOUND: 1.0,
    StudentSkill.Status.CONFIRMED: 1.0,
    StudentSkill.Status.LEARNING: 0.5,
}
IDS_AT_ONCE = 10_000  # SQLite takes at most 32,766 parameters


def held_skills(student_ids: Iterable[int]) -> dict[int, dict[int, float]]:
    """Weight in (0, 1] of each skill that each student holds: one query for every ten thousand students.

    A skill counts only with evidence that the student has not contested; students who hold nothing have an empty dict.
    """
    ids = iter(student_ids)
    held: dict[int, dict[int, float]] = {}
    while chunk := list(islice(ids, IDS_AT_ONCE)):
        held.update({student: {} for student in chunk})
        uncontested = Evidence.objects.filter(student_skill=OuterRef("pk"), is_contested=False)
        rows = StudentSkill.objects.filter(Exists(uncontested), student__in=chunk, status__in=WEIGHTS)
        for student, skill, status in rows.values_list("student_id", "skill_id", "status"):
            held[student][skill] = WEIGHTS[StudentSkill.Status(status)]
    return held

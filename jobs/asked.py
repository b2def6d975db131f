"""What postings ask for, as weights."""

from __future__ import annotations

from collections.abc import Collection

from jobs.models import JobSkill

WEIGHTS: dict[str, float] = {JobSkill.Level.REQUIRED: 1.0, JobSkill.Level.PREFERRED: 0.4}


def asked_skills(job_ids: Collection[int] | None = None) -> dict[int, dict[int, float]]:
    """Weight of each skill each posting asks for, in one query; ``None`` means all postings.

    A posting that asks for nothing is in the answer with an empty dict when its id was given.
    """
    rows = JobSkill.objects.asked()
    asked: dict[int, dict[int, float]] = {job_id: {} for job_id in job_ids or ()}
    if job_ids is not None:
        rows = rows.filter(job_id__in=job_ids)
    for job_id, skill_id, level in rows.values_list("job_id", "skill_id", "level").order_by("job_id", "skill_id"):
        asked.setdefault(job_id, {})[skill_id] = WEIGHTS[level]
    return asked

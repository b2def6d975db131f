"""What the search box reads of a posting: one folded text, the same on every database."""

from __future__ import annotations

from collections.abc import Iterable

from jobs.models import Job
from moirai.skills.text import fold


def search_text(job: Job) -> str:
    """The folded text of a posting; reads its company and its skills."""
    rows = job.skills.asked().select_related("skill") if job.pk else []
    return folded_text(job, [name for row in rows for name in (row.skill.name_es, row.skill.name_en)])


def folded_text(job: Job, skill_names: Iterable[str]) -> str:
    """Title, company, skills, city and texts, folded, without words that the database could not store."""
    names = dict.fromkeys(skill_names)
    parts = [job.title, job.company.name, *names, job.city, job.description, job.requirements, job.preferences]
    return fold(" \n".join(part for part in parts if part))


def refresh_search_text(job: Job) -> None:
    Job.objects.filter(pk=job.pk).update(search_text=search_text(job))

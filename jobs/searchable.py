"""What the search box reads of a posting: its words with their weights, the same on every database."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from django.utils import translation

from jobs.lexemes import lexemes, stems_in
from jobs.models import SEARCH_FIELDS, Job, JobQuerySet
from jobs.titles import Titles, titles
from moirai.skills.text import fold

BATCH = 200


def describe(job: Job, *, skill_names: Iterable[str] | None = None, occupations: Titles | None = None) -> None:
    """Set ``search_text`` and ``lexemes``; the caller saves. Without ``skill_names`` the posting's rows are read."""
    if skill_names is None:
        rows = job.skills.asked().select_related("skill") if job.pk else []
        skill_names = [name for row in rows for name in (row.skill.name_es, row.skill.name_en)]
    names = list(dict.fromkeys(skill_names))
    texts = [job.description, job.requirements, job.preferences]
    also = (occupations or titles()).also(job.title)
    job.search_text = fold(" \n".join(part for part in (job.title, job.company.name, *names, job.city, *texts) if part))
    job.lexemes = lexemes(
        {
            "A": [job.title],
            "B": [job.company.name, job.city, *names, *also],
            "C": [*texts, *labels(job.kind, job.modality)],
        }
    )


@cache
def labels(kind: str, modality: str) -> tuple[str, ...]:
    """What type and modality are called in both languages."""
    words = []
    for language in ("es-mx", "en"):
        with translation.override(language):
            words += [str(Job.Kind(kind).label), str(Job.Modality(modality).label)]
    return tuple(words)


def describe_again(jobs: JobQuerySet) -> int:
    """Describe each of ``jobs`` and store those that read differently now; returns how many."""
    occupations, changed = titles(), 0
    ids = list(jobs.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(ids), BATCH):
        rows = jobs.filter(pk__in=ids[start : start + BATCH]).for_list().defer(None)
        different = []
        for job in rows:
            before = stems_in(job.lexemes)
            names = [name for row in job.asked_rows for name in (row.skill.name_es, row.skill.name_en)]
            describe(job, skill_names=names, occupations=occupations)
            if before != stems_in(job.lexemes):
                different.append(job)
        Job.objects.bulk_update(different, SEARCH_FIELDS)
        changed += len(different)
    return changed

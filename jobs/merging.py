"""Two rows for one company become one."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from jobs.models import Company, Recruiter, Ruling
from jobs.moderation import Step, rule
from jobs.register import rename_in_search
from jobs.signals import job_changed
from moirai.accounts.models import User
from moirai.merging import move_rows


@transaction.atomic
def merge_companies(*, source: Company, target: Company, actor: User, now: datetime) -> Ruling:
    """Everything of ``source`` goes to ``target``, whose people stay in charge; then ``source`` is gone."""
    if source.pk == target.pk:
        raise ValueError("A company is not merged with itself.")
    Recruiter.objects.filter(company=source).update(is_owner=False)
    moved = list(source.jobs.values_list("pk", flat=True))
    move_rows(source=source, target=target)
    target.jobs.filter(pk__in=moved).update(needs_matching_since=now)
    rename_in_search(company=target)
    comment = f"{source.name} ({source.slug})"
    source.delete()
    for job_id in moved:
        job_changed.send(sender=Company, job_id=job_id)
    return rule(company=target, step=Step.MERGED, actor=actor, comment=comment, now=now)

"""What matching does when students or postings change: one line each, queued on commit."""

from __future__ import annotations

from typing import Any

from django.core.cache import cache
from django.db import transaction
from django.dispatch import receiver

from jobs.signals import job_changed
from matching import market, tasks
from matching.signals import matches_stored
from moirai.queueing import queue
from students.signals import student_changed


@receiver(student_changed)
def refresh_student(student_id: int, **_: Any) -> None:
    queue(tasks.refresh_student, student_id=student_id)


@receiver(job_changed)
def refresh_job(job_id: int, **_: Any) -> None:
    queue(tasks.refresh_job, job_id=job_id)


@receiver(matches_stored)
def forget_hint(student_id: int, **_: Any) -> None:
    transaction.on_commit(lambda: cache.delete(market.hint_key(student_id)))

"""What matching does when students or postings change: one line each, queued on commit."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from jobs.signals import job_changed
from matching import tasks
from moirai.queueing import queue
from students.signals import student_changed


@receiver(student_changed)
def refresh_student(student_id: int, **_: Any) -> None:
    queue(tasks.refresh_student, student_id=student_id)


@receiver(job_changed)
def refresh_job(job_id: int, **_: Any) -> None:
    queue(tasks.refresh_job, job_id=job_id)

"""Background work of matching; the marks in students, postings and runs are the queue, messages only hurry it."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from celery import shared_task
from celery.signals import worker_process_init
from django.conf import settings
from django.core.cache import cache
from django.db import IntegrityError, OperationalError, connection, transaction
from django.db.models import Count, F, Q
from django.utils import timezone

from jobs.models import Job
from matching import fullrun, modelstore, ranking, threads
from matching.models import FittedModel, MatchChunk, MatchRun
from matching.plan import PlanError
from students.models import Student

PATIENCE = timedelta(seconds=20)  # a mark older than this has lost its message
FITTING = "matching-model-is-being-fitted"
FIT_SECONDS = 1800  # after which a fit has lost its worker
MOST_ATTEMPTS = 3  # failed runs since the mark after which a student or posting waits for a person
AT_ONCE = 500  # marks that one sweep re-queues
RUN_SILENT = timedelta(hours=1)  # a run of one student or posting that takes longer has lost its worker
MOST_HELPERS = 31  # messages that call other workers to a full run
WORK_SECONDS = settings.TASK_TIME_LIMIT / 3  # after which a worker of a full run lets another task have its turn
logger = logging.getLogger(__name__)
RETRIED = {"autoretry_for": (OperationalError,), "retry_backoff": True, "max_retries": 5, "acks_late": True}


@worker_process_init.connect
def hold_threads(**_: Any) -> None:
    """Workers side by side must not fight for cores."""
    threads.pin()


@shared_task(**RETRIED)
def refresh_student(*, student_id: int, if_marked: bool = False) -> None:
    """Run ``ranking.refresh_student`` and take the mark away, unless the student changed again meanwhile."""
    student = Student.objects.filter(pk=student_id).first()
    if student is None or (if_marked and student.needs_matching_since is None):  # erased, or done since it was queued
        return
    mark, now = student.needs_matching_since, timezone.now()
    try:
        ranking.refresh_student(student=student, now=now)
    except modelstore.NoModelError:
        fit_model.delay()  # the mark stays; the sweep comes back when a model serves
        return
    except OperationalError:
        raise
    except Exception as error:
        _failed(MatchRun.Scope.STUDENT, error, student=student)
        raise
    Student.objects.filter(pk=student_id, needs_matching_since=mark).update(needs_matching_since=None)


@shared_task(**RETRIED)
def refresh_job(*, job_id: int, if_marked: bool = False) -> None:
    """Run ``ranking.refresh_job`` and take the mark away, unless the posting changed again meanwhile."""
    job = Job.objects.select_related("company").filter(pk=job_id).first()
    if job is None or (if_marked and job.needs_matching_since is None):
        return
    mark, now = job.needs_matching_since, timezone.now()
    try:
        ranking.refresh_job(job=job, now=now)
    except modelstore.NoModelError:
        fit_model.delay()
        return
    except OperationalError:
        raise
    except Exception as error:
        _failed(MatchRun.Scope.JOB, error, job=job)
        raise
    Job.objects.filter(pk=job_id, needs_matching_since=mark).update(needs_matching_since=None)


def _failed(scope: str, error: Exception, **subject: Student | Job) -> None:
    """Mark the run that was under way as failed, with its reason, where staff can see it."""
    runs = MatchRun.objects.filter(scope=scope, status=MatchRun.Status.RUNNING, **subject)
    runs.update(status=MatchRun.Status.FAILED, reason=f"{type(error).__name__}: {error}", finished_at=timezone.now())


@shared_task(acks_late=True)
def refresh_all(*, run_id: int, is_helper: bool = False, told: Callable[[], None] = lambda: None) -> None:
    """Work on a full run: plan it if nobody has, score chunks while there are any, merge when all are done.

    Any number of workers may do this at once, and any may end in the middle; messages only call them. ``told`` is for
    callers in the same process: it is called after each chunk.
    """
    now = timezone.now()
    waiting = MatchRun.objects.filter(pk=run_id, status=MatchRun.Status.WAITING)
    waiting.update(status=MatchRun.Status.RUNNING, started_at=now)
    run = MatchRun.objects.filter(pk=run_id, status=MatchRun.Status.RUNNING).first()
    if run is None:
        return

    def invite(chunks: int) -> None:
        for _ in range(0 if is_helper else min(chunks - 1, MOST_HELPERS)):
            refresh_all.delay(run_id=run_id, is_helper=True)

    try:
        ended = ranking.refresh_all(run=run, now=now, invite=invite, told=told, until=time.monotonic() + WORK_SECONDS)
    except Exception as error:
        if not connection.in_atomic_block:
            connection.close_if_unusable_or_obsolete()
        fullrun.fail(run, reason_of(error), now=timezone.now())
        raise
    if not ended and run.chunks.filter(status=MatchChunk.Status.WAITING).exists():
        refresh_all.delay(run_id=run_id, is_helper=True)


def reason_of(error: Exception) -> str:
    """What staff read; our own messages need no name of a class before them."""
    return str(error) if isinstance(error, PlanError) else f"{type(error).__name__}: {error}"


def plan_full_run() -> MatchRun | None:
    """A new full run, or None when one waits or runs already."""
    try:
        with transaction.atomic():
            return MatchRun.objects.create(scope=MatchRun.Scope.ALL, created_at=timezone.now())
    except IntegrityError:
        return None


@shared_task(acks_late=True)
def fit_model(*, again: bool = False) -> None:
    """Fit a model where none serves (or ``again``), then score everything with it."""
    if not again and modelstore.serves():
        return
    if not cache.add(FITTING, True, timeout=FIT_SECONDS):  # another worker is at it; the sweep comes back
        return
    try:
        before = FittedModel.objects.filter(is_serving=True).values_list("version", flat=True).first()
        changed = modelstore.fit(now=timezone.now()).version != before
    finally:
        cache.delete(FITTING)
    if changed and (run := plan_full_run()):
        refresh_all.delay(run_id=run.pk)


@shared_task(acks_late=True)
def refit_model() -> None:
    """Nightly: fit again when texts or taxonomy have moved; the old version serves until the new one is complete."""
    if modelstore.is_outdated(now=timezone.now()):
        fit_model.delay(again=True)


@shared_task
def sweep() -> int:
    """Re-queue what is still marked: messages get lost, marks do not."""
    now = timezone.now()
    if not modelstore.serves():
        fit_model.delay()
        return 1
    stale = MatchRun.objects.filter(status=MatchRun.Status.RUNNING, started_at__lt=now - RUN_SILENT)
    stale.exclude(scope=MatchRun.Scope.ALL).update(
        status=MatchRun.Status.FAILED, reason="The worker ended without a word.", finished_at=now
    )
    fullrun.reclaim_silent(now=now)
    for run in fullrun.wanting_workers(now=now, patience=PATIENCE):
        refresh_all.delay(run_id=run.pk)
    failed = Count(
        "match_runs",
        filter=Q(match_runs__status=MatchRun.Status.FAILED, match_runs__created_at__gte=F("needs_matching_since")),
    )
    queued = 0
    for model, task, name in ((Student, refresh_student, "student_id"), (Job, refresh_job, "job_id")):
        waiting = model._default_manager.filter(needs_matching_since__lt=now - PATIENCE).annotate(failed=failed)
        ids = waiting.filter(failed__lt=MOST_ATTEMPTS).order_by("needs_matching_since").values_list("pk", flat=True)
        for pk in ids[:AT_ONCE]:
            task.delay(**{name: pk}, if_marked=True)  # a long queue holds several of them; one does the work
            queued += 1
    return queued

"""A full run: planned once, scored chunk by chunk by whoever claims one, merged by whoever finds them all done.

The rows of the run and its chunks are all the state there is. Any worker can end at any moment: its chunk is claimed
again, and a chunk's rows appear in the same transaction as the mark that it is done.
"""

from __future__ import annotations

import logging
import os
import socket
import time
from collections.abc import Callable
from datetime import datetime, timedelta

import numpy as np
from django.conf import settings
from django.db import DatabaseError, IntegrityError, OperationalError, connection, transaction
from django.db.models import Count, F, Q, Sum

from jobs.models import Job
from matching import chunks, corpus, cutoffs, encoded, modelstore, plan, staging
from matching.models import MatchChunk, MatchChunkQuerySet, MatchPlan, MatchRun, Side
from matching.threads import pinned_threads

MOST_ATTEMPTS = 3
SILENT = timedelta(seconds=90)  # a chunk whose worker has said nothing for longer is claimed again
PLANNING = timedelta(minutes=15)  # a run without chunks for longer has lost who planned it
TELL_EVERY = 5.0  # seconds between signs of life
Clock = Callable[[], datetime]
logger = logging.getLogger(__name__)


class LostChunk(Exception):  # noqa: N818 - not an error: somebody else has the chunk now
    """This worker was silent for so long that another took its chunk."""


def prepare(*, run: MatchRun, now: datetime) -> None:
    """Plan a run that has no plan yet and make its table. Raises ``plan.PlanError`` where there is nothing to score."""
    if is_planned(run):
        return
    run.model_version = run.model_version or modelstore.serving_version()
    run.save(update_fields=["model_version"])
    job_ids = list(Job.objects.open(at=now).order_by("pk").values_list("pk", flat=True))
    student_ids = plan.matchable()
    with pinned_threads():
        made = plan.make(model=modelstore.load(run.model_version), job_ids=job_ids, student_ids=student_ids, now=now)
    with transaction.atomic():
        MatchRun.objects.select_for_update().get(pk=run.pk)
        if not is_planned(run):
            staging.create(run)
            plan.store(made, run=run, student_ids=student_ids)


def is_planned(run: MatchRun) -> bool:
    return MatchPlan.objects.filter(run=run).exists() and staging.exists(run)


def work(*, run: MatchRun, clock: Clock, told: Callable[[], None] = lambda: None, until: float | None = None) -> bool:
    """Claim and score chunks until none waits, or ``time.monotonic()`` says ``until``; then merge if all are done.

    Returns whether the run has ended. Raises what stopped a chunk only where that stopped the database.
    """
    with pinned_threads():
        while until is None or time.monotonic() < until:
            chunk = claim(run, now=clock())
            if chunk is None:
                break
            carry_out(chunk, clock=clock)
            told()
    return finish(run, clock=clock)


def worker_name() -> str:
    return f"{socket.gethostname()}:{os.getpid()}"[:80]


def claim(run: MatchRun, *, now: datetime) -> MatchChunk | None:
    """The next waiting chunk, marked as this worker's by a conditional update; None when none waits."""
    if not MatchRun.objects.filter(pk=run.pk, status=MatchRun.Status.RUNNING).exists():
        return None
    while True:
        waiting = MatchChunk.objects.filter(run=run, status=MatchChunk.Status.WAITING)
        pk = waiting.order_by("attempts", "number").values_list("pk", flat=True).first()
        if pk is None:
            return None
        claimed = MatchChunk.objects.filter(pk=pk, status=MatchChunk.Status.WAITING).update(
            status=MatchChunk.Status.RUNNING,
            attempts=F("attempts") + 1,
            worker=worker_name(),
            started_at=now,
            seen_at=now,
            reason="",
        )
        if claimed:
            return MatchChunk.objects.select_related("run").defer("result").get(pk=pk)


def carry_out(chunk: MatchChunk, *, clock: Clock) -> None:
    """Score a claimed chunk and store its rows; a failure is written into the chunk, the third into the run."""
    try:
        _score(chunk, clock=clock)
    except LostChunk:
        logger.warning("Chunk %s was taken by another worker.", chunk)
    except Exception as error:
        logger.exception("Chunk %s failed.", chunk)
        try:
            _failed(chunk, error, now=clock())
        except DatabaseError:  # the sweep finds the silent chunk when the database is back
            raise error from None
        if isinstance(error, OperationalError):
            raise


def _score(chunk: MatchChunk, *, clock: Clock) -> None:
    run = chunk.run
    market = chunks.market_of_run(run.pk, run.model_version, f"{settings.DATA_DIR}:{run.created_at}")
    ids = plan.matchable(chunk.first_student, chunk.last_student)
    encode_students(ids, chunk, clock=clock)
    found = chunks.score_students(market=market, student_ids=ids, told=_teller(chunk, clock))
    with transaction.atomic():
        mine = own(chunk).update(
            status=MatchChunk.Status.DONE,
            finished_at=clock(),
            pairs=found.pairs,
            matches=len(found.rows),
            result=found.pack(),
        )
        if not mine:
            raise LostChunk
        staging.store_chunk(chunk, found.rows, version=run.model_version)


def encode_students(ids: np.ndarray, chunk: MatchChunk, *, clock: Clock) -> None:
    """Encode those of a chunk's students that this model has not read yet, with signs of life."""
    model = modelstore.load(chunk.run.model_version)
    unread = ids[encoded.matrix(Side.STUDENT, model=model).files.places(ids) < 0]
    for batch in corpus.batches(unread.tolist(), encoded.BATCH):
        if encoded.encode_missing(Side.STUDENT, batch, model=model, now=clock()):
            own(chunk).update(seen_at=clock())


def own(chunk: MatchChunk) -> MatchChunkQuerySet:
    """The chunk as a query, as long as it is still this worker's."""
    return MatchChunk.objects.filter(
        pk=chunk.pk, status=MatchChunk.Status.RUNNING, worker=chunk.worker, attempts=chunk.attempts
    )


def _teller(chunk: MatchChunk, clock: Clock) -> Callable[[], None]:
    """Writes that the worker lives, every few seconds at most; ends the work if the chunk is another's by now."""
    told_at = time.monotonic()

    def tell() -> None:
        nonlocal told_at
        if time.monotonic() - told_at > TELL_EVERY:
            told_at = time.monotonic()
            if not own(chunk).update(seen_at=clock()):
                raise LostChunk

    return tell


def _failed(chunk: MatchChunk, error: Exception, *, now: datetime) -> None:
    reason = f"{type(error).__name__}: {error}"
    if not connection.in_atomic_block:
        connection.close_if_unusable_or_obsolete()
    last = chunk.attempts >= MOST_ATTEMPTS
    status = MatchChunk.Status.FAILED if last else MatchChunk.Status.WAITING
    if own(chunk).update(status=status, reason=reason, finished_at=now) and last:
        fail(chunk.run, f"Chunk {chunk.number}: {reason}", now=now)


def fail(run: MatchRun, reason: str, *, now: datetime) -> None:
    """End a run with its reason, where staff can read it; ``resume`` takes it up again."""
    running = MatchRun.objects.filter(pk=run.pk, status__in=[MatchRun.Status.WAITING, MatchRun.Status.RUNNING])
    running.update(status=MatchRun.Status.FAILED, reason=reason, finished_at=now)


def finish(run: MatchRun, *, clock: Clock) -> bool:
    """Merge a run whose chunks are all done; one worker does it. Returns whether the run has ended."""
    if MatchChunk.objects.filter(run=run).unfinished().exists():
        return MatchRun.objects.filter(pk=run.pk).exclude(status=MatchRun.Status.RUNNING).exists()
    with transaction.atomic():
        locked = MatchRun.objects.select_for_update().filter(pk=run.pk, status=MatchRun.Status.RUNNING).first()
        if locked is None:
            return True
        results = MatchChunk.objects.filter(run=run).order_by("number").values_list("result", flat=True)
        extra, of_jobs, of_students = chunks.best_of_postings(
            bytes(row or b"") for row in results.iterator(chunk_size=20)
        )
        matches = staging.merge(locked, extra, version=locked.model_version)
        cutoffs.replace_all(Side.JOB, of_jobs["subject"], of_jobs["score"])
        cutoffs.replace_all(Side.STUDENT, of_students["subject"], of_students["score"])
        _refresh_fresh(locked)
        pairs = MatchChunk.objects.filter(run=run).aggregate(pairs=Sum("pairs"))["pairs"] or 0
        MatchChunk.objects.filter(run=run).update(result=None)
        MatchPlan.objects.filter(run=run).delete()
        MatchRun.objects.filter(pk=run.pk).update(
            status=MatchRun.Status.DONE, pairs=pairs, matches=matches, finished_at=clock(), reason=""
        )
    staging.validate()
    return True


def _refresh_fresh(run: MatchRun) -> None:
    """Cutoffs of students and postings that were scored alone while the run was under way."""
    since = MatchRun.objects.filter(pk__gt=run.pk, status=MatchRun.Status.DONE)
    for side, name in ((Side.STUDENT, "student_id"), (Side.JOB, "job_id")):
        ids = since.filter(**{f"{name}__isnull": False}).values_list(name, flat=True).distinct()
        cutoffs.refresh(side, list(ids))


def reclaim_silent(*, now: datetime) -> int:
    """Let chunks of workers that fell silent be claimed again; after three attempts chunk and run have failed."""
    silent = MatchChunk.objects.silent_since(now - SILENT)
    for chunk in silent.filter(attempts__gte=MOST_ATTEMPTS).select_related("run").defer("result"):
        _failed(chunk, TimeoutError(f"worker {chunk.worker} ended without a word"), now=now)
    return silent.filter(attempts__lt=MOST_ATTEMPTS).update(status=MatchChunk.Status.WAITING)


def resume(*, now: datetime) -> MatchRun | None:
    """Take up the newest full run if it did not end well, keeping what is done; None if there is none.

    Chunks that run elsewhere go on; failed ones get three new attempts.
    """
    run = MatchRun.objects.filter(scope=MatchRun.Scope.ALL).order_by("-pk").first()
    if run is None or run.status == MatchRun.Status.DONE:
        return None
    if run.status == MatchRun.Status.FAILED:
        try:
            with transaction.atomic():
                MatchRun.objects.filter(pk=run.pk, status=MatchRun.Status.FAILED).update(
                    status=MatchRun.Status.RUNNING, reason="", finished_at=None, started_at=run.started_at or now
                )
        except IntegrityError:  # another one has begun
            return None
        MatchChunk.objects.filter(run=run, status=MatchChunk.Status.FAILED).update(
            status=MatchChunk.Status.WAITING, attempts=1
        )
        MatchChunk.objects.filter(run=run, status=MatchChunk.Status.RUNNING, seen_at__lt=now - SILENT).update(
            status=MatchChunk.Status.WAITING
        )
    run.refresh_from_db()
    return run


def progress(run: MatchRun) -> tuple[int, int]:
    """Students scored so far, and all of them."""
    done = Sum("students", filter=Q(status=MatchChunk.Status.DONE))
    sums = MatchChunk.objects.filter(run=run).aggregate(done=done, all=Sum("students"), n=Count("pk"))
    return int(sums["done"] or 0), int(sums["all"] or 0)


def remaining(run: MatchRun, *, now: datetime) -> timedelta | None:
    """How long the rest takes at the pace so far; None before the first chunk is done."""
    done, everybody = progress(run)
    if not done or run.started_at is None:
        return None
    return (now - run.started_at) * ((everybody - done) / done)


def wanting_workers(*, now: datetime, patience: timedelta) -> list[MatchRun]:
    """Full runs whose message got lost: not begun, with chunks that nobody has, or done but not merged."""
    runs = MatchRun.objects.filter(scope=MatchRun.Scope.ALL, created_at__lt=now - patience)
    found = list(runs.filter(status=MatchRun.Status.WAITING))
    for run in runs.filter(status=MatchRun.Status.RUNNING):
        states = set(MatchChunk.objects.filter(run=run).values_list("status", flat=True).distinct())
        is_unplanned = not states and run.started_at is not None and run.started_at < now - PLANNING
        if is_unplanned or MatchChunk.Status.WAITING in states or states == {MatchChunk.Status.DONE}:
            found.append(run)
    return found

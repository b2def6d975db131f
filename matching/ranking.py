"""Rows to arrays to scores to rows: one student, one posting, or everything, by the same functions."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta

import numpy as np
import scipy.sparse as sp
from django.db import transaction

from jobs.models import Job
from matching import corpus, cutoffs, encoded, fullrun, modelstore, plan
from matching.kept import TOP_PER_JOB, TOP_PER_STUDENT, kept_pairs, worth_storing
from matching.models import Match, MatchChunk, MatchQuerySet, MatchRun, Side
from matching.scoring.column import column_evidence, lay_out
from matching.scoring.features import Features
from matching.scoring.model import FittedModel
from matching.scoring.points import Evidence, Points, points_of, score
from matching.signals import matches_stored
from students.models import Student

__all__ = ["TOP_PER_JOB", "TOP_PER_STUDENT", "kept_pairs", "points", "refresh_all", "refresh_job", "refresh_student"]
STUDENTS_AT_ONCE = 8_192
PARTS = {
    "score": "total",
    "occupation_points": "occupation",
    "requirement_points": "requirements",
    "word_points": "words",
}
COMPARED = [*PARTS, "model_version"]
UPDATED = [*COMPARED, "computed_at"]


def points(
    model: FittedModel,
    students: Features,
    held: list[corpus.Skills],
    postings: Features,
    wanted: list[corpus.Skills],
    near: sp.csr_matrix | None = None,
) -> Points:
    """Points of each student for each posting: the one call that every page, task and command comes down to.

    near : as wide as the skills; read from the taxonomy if it is not given
    """
    near = corpus.near_matrix(corpus.width_of([*held, *wanted])) if near is None else near
    width = near.shape[0]
    return score(
        model,
        students,
        postings,
        corpus.skill_matrix(held, width),
        corpus.skill_matrix(wanted, width),
        near,
    )


def refresh_student(*, student: Student, now: datetime) -> MatchRun:
    """Read, score and store one student's row against every open posting."""
    run = begin(MatchRun.Scope.STUDENT, now=now, student=student)
    model = modelstore.serving_model()
    job_ids = open_job_ids(at=now) if student.is_matched and has_text(student) else []
    rows: list[Match] = []
    if job_ids:
        encoded.encode(Side.STUDENT, [student.pk], model=model, now=now)
        jobs = matrix_of(Side.JOB, np.array(job_ids, np.int64), model=model, now=now)
        found_ids, theirs, wanted = jobs.block(np.array(job_ids, np.int64))
        _, mine, held = encoded.rows(Side.STUDENT, [student.pk], model=model)
        width = corpus.skill_width()
        held_row = corpus.skill_matrix(held, width)
        found = score(model, mine, theirs, held_row, corpus.widened(wanted, width), corpus.near_matrix(width))
        limits = cutoffs.of_everybody(Side.JOB, found_ids)
        own = Match.objects.filter(student=student)
        adjust(limits, found_ids, Side.JOB, list(own.values_list("job_id", flat=True)), without=student.pk)
        kept = worth_storing(found.total[0], limits, TOP_PER_STUDENT)
        own_points = Points(
            *(part[0, kept] for part in (found.occupation, found.requirements, found.words, found.total))
        )
        pairs = [(student.pk, subject) for subject in found_ids[kept].tolist()]
        rows = matches(pairs, own_points, model, now)
    with transaction.atomic():
        new, touched = replace(Match.objects.filter(student=student), rows, now=now)
        cutoffs.refresh(Side.STUDENT, [student.pk])
        cutoffs.refresh(Side.JOB, sorted({job for _, job in touched}))
        finish(run, pairs=len(job_ids), matches=len(rows), version=model.version)
        matches_stored.send(sender=MatchRun, student_id=student.pk, run_id=run.pk, new=new)
    return run


def refresh_job(*, job: Job, now: datetime) -> MatchRun:
    """Read, score and store one posting's column against every student; a closed posting's matches go."""
    run = begin(MatchRun.Scope.JOB, now=now, job=job)
    model = modelstore.serving_model()
    ids = plan.matchable() if job.is_open(at=now) else np.zeros(0, np.int64)
    rows: list[Match] = []
    if len(ids):
        encoded.encode(Side.JOB, [job.pk], model=model, now=now)
        ids, found = column(job, ids, model=model, now=now)
        limits = cutoffs.of_everybody(Side.STUDENT, ids)
        own = Match.objects.filter(job=job)
        adjust(limits, ids, Side.STUDENT, list(own.values_list("student_id", flat=True)), without=job.pk)
        kept = worth_storing(model.curve.apply(found.total), limits, TOP_PER_JOB)
        own_points = points_of(model, Evidence(found.occupation[kept], found.requirements[kept], found.words[kept]))
        rows = matches([(subject, job.pk) for subject in ids[kept].tolist()], own_points, model, now)
    with transaction.atomic():
        _, touched = replace(Match.objects.filter(job=job), rows, now=now)
        cutoffs.refresh(Side.JOB, [job.pk])
        cutoffs.refresh(Side.STUDENT, sorted({student for student, _ in touched}))
        finish(run, pairs=len(ids), matches=len(rows), version=model.version)
    return run


def refresh_all(
    *,
    run: MatchRun,
    now: datetime,
    invite: Callable[[int], None] = lambda chunks: None,
    told: Callable[[], None] = lambda: None,
    until: float | None = None,
) -> bool:
    """Plan a full run that has no plan and work on it until nothing is left for this worker; see ``fullrun``.

    ``now`` is the moment by which postings are open; ``invite`` is told how many chunks wait, so that others come and
    help; ``told`` is called after each chunk; ``until`` is a moment of ``time.monotonic()``.
    Returns whether the run has ended.
    """
    began = time.monotonic()
    fullrun.prepare(run=run, now=now)
    invite(run.chunks.filter(status=MatchChunk.Status.WAITING).count())

    def clock() -> datetime:
        return now + timedelta(seconds=time.monotonic() - began)

    return fullrun.work(run=run, clock=clock, told=told, until=until)


def column(job: Job, ids: np.ndarray, *, model: FittedModel, now: datetime) -> tuple[np.ndarray, Evidence]:
    """Students found among ``ids`` and their evidence (n,) for one posting, block by block."""
    students = matrix_of(Side.STUDENT, ids, model=model, now=now)
    _, theirs, wanted = encoded.rows(Side.JOB, [job.pk], model=model)
    return column_of(theirs, wanted, students, ids, model=model)


def column_of(
    theirs: Features, wanted: list[corpus.Skills], students: encoded.Matrix, ids: np.ndarray, *, model: FittedModel
) -> tuple[np.ndarray, Evidence]:
    """As ``column``, for one posting that need not be stored: its features and the skills it wants."""
    width = corpus.skill_width()
    posting = lay_out(model, theirs, corpus.skill_matrix(wanted, width), corpus.near_matrix(width))
    found_ids, parts = [np.zeros(0, np.int64)], []
    for start in range(0, len(ids), STUDENTS_AT_ONCE):
        some, them, held = students.block(ids[start : start + STUDENTS_AT_ONCE])
        if len(some):
            found_ids.append(some)
            parts.append(column_evidence(model, them, corpus.widened(held, width), posting))
            students.release()
    empty = np.zeros(0, np.int64)
    names = ("occupation", "requirements", "words")
    joined = [np.concatenate([empty, *(getattr(part, name) for part in parts)]) for name in names]
    return np.concatenate(found_ids), Evidence(*joined)


def matrix_of(side: str, ids: np.ndarray, *, model: FittedModel, now: datetime) -> encoded.Matrix:
    """This machine's matrix of a side, after those of ``ids`` that nobody has encoded yet."""
    held = encoded.matrix(side, model=model)
    missing = ids[held.files.places(ids) < 0]
    if len(missing) and encoded.encode_missing(side, missing.tolist(), model=model, now=now):
        held = encoded.matrix(side, model=model)
    return held


def adjust(limits: np.ndarray, ids: np.ndarray, side: str, stored: list[int], *, without: int) -> None:
    """Where the pair is stored already, count the list without it; changes ``limits`` in place."""
    exact = cutoffs.read(side, stored, without=without)
    place = {subject: number for number, subject in enumerate(ids.tolist())} if stored else {}
    for subject in stored:
        if subject in place:
            limits[place[subject]] = exact.get(subject, cutoffs.ROOM)


def chosen(found: Points, rows: int | np.ndarray, columns: int | np.ndarray) -> Points:
    """The points at ``[rows, columns]``, each (n_pairs,)."""
    parts = (found.occupation, found.requirements, found.words, found.total)
    return Points(*(np.atleast_1d(part[rows, columns]) for part in parts))


def match(student: int, job: int, found: Points, row: int, column: int, model: FittedModel, now: datetime) -> Match:
    """An unsaved row of the pair at ``[row, column]`` of the points."""
    return matches([(student, job)], chosen(found, row, column), model, now)[0]


def matches(pairs: list[tuple[int, int]], found: Points, model: FittedModel, now: datetime) -> list[Match]:
    """Unsaved rows of the pairs (student, job), whose points are (n_pairs,)."""
    columns = {name: getattr(found, part).tolist() for name, part in PARTS.items()}
    return [
        Match(
            student_id=student,
            job_id=job,
            **{name: values[number] for name, values in columns.items()},
            model_version=model.version,
            first_seen_at=now,
            computed_at=now,
        )
        for number, (student, job) in enumerate(pairs)
    ]


def replace(old: MatchQuerySet, rows: list[Match], *, now: datetime) -> tuple[int, set[tuple[int, int]]]:
    """Store ``rows`` in place of the matches of ``old``; what is there as it should be is only dated.

    Returns how many pairs were not there before, and the pairs (student, job) that came, went or changed.
    """
    before = {(row[0], row[1]): row[2:] for row in old.values_list("student_id", "job_id", *COMPARED)}
    now_there = {(row.student_id, row.job_id) for row in rows}
    gone = set(before) - now_there
    changed = [
        row
        for row in rows
        if before.get((row.student_id, row.job_id)) != tuple(getattr(row, name) for name in COMPARED)
    ]
    for batch in corpus.batches((student for student, _ in gone), 1000):
        old.filter(student_id__in=batch, job_id__in={job for _, job in gone}).delete()
    Match.objects.bulk_create(
        changed, update_conflicts=True, unique_fields=["student", "job"], update_fields=UPDATED, batch_size=1000
    )
    old.filter(computed_at__lt=now).update(computed_at=now)
    touched = {(row.student_id, row.job_id) for row in changed} | gone
    return len(now_there - set(before)), touched


def begin(scope: str, *, now: datetime, **subject: Student | Job) -> MatchRun:
    """A run that has started."""
    running = MatchRun.Status.RUNNING
    return MatchRun.objects.create(scope=scope, status=running, created_at=now, started_at=now, **subject)


def finish(run: MatchRun, *, pairs: int, matches: int, version: str) -> None:
    """Mark a run as done with what it did; the time it took is counted from its start by the monotonic clock."""
    run.status, run.model_version, run.pairs, run.matches = MatchRun.Status.DONE, version, pairs, matches
    run.finished_at = (run.started_at or run.created_at) + timedelta(seconds=time.monotonic() - run.began)
    run.save(update_fields=["status", "model_version", "pairs", "matches", "finished_at"])


def open_job_ids(*, at: datetime) -> list[int]:
    return list(Job.objects.open(at=at).order_by("pk").values_list("pk", flat=True))


def has_text(student: Student) -> bool:
    return Student.objects.with_text().filter(pk=student.pk).exists()

"""Rows to arrays to scores to rows: one student, one posting, or everything, by the same functions."""

from __future__ import annotations

import time
from collections.abc import Iterable
from datetime import datetime, timedelta

import numpy as np
from django.db import transaction

from jobs.models import Job
from matching import corpus, encoded, modelstore
from matching.models import Match, MatchQuerySet, MatchRun, Side
from matching.scoring.features import Features
from matching.scoring.model import FittedModel
from matching.scoring.points import Points, score
from matching.signals import matches_stored
from students.models import Student

TOP_PER_STUDENT = 50
TOP_PER_JOB = 100
STUDENTS_AT_ONCE = 500
PARTS = {
    "score": "total",
    "occupation_points": "occupation",
    "requirement_points": "requirements",
    "word_points": "words",
}
UPDATED = [*PARTS, "model_version", "computed_at"]


def points(
    model: FittedModel,
    students: Features,
    held: list[corpus.Skills],
    postings: Features,
    wanted: list[corpus.Skills],
) -> Points:
    """Points of each student for each posting: the one call that every page, task and command comes down to."""
    width = corpus.skill_width()
    return score(
        model,
        students,
        postings,
        corpus.skill_matrix(held, width),
        corpus.skill_matrix(wanted, width),
        corpus.near_matrix(width),
    )


def refresh_student(*, student: Student, now: datetime) -> MatchRun:
    """Read, score and store one student's row against every open posting."""
    run = begin(MatchRun.Scope.STUDENT, now=now, student=student)
    model = modelstore.serving_model()
    job_ids = open_job_ids(at=now)
    if not student.wants_matching or not has_text(student):
        job_ids = []
    if job_ids:
        encoded.encode(Side.STUDENT, [student.pk], model=model, now=now)
        encoded.encode_missing(Side.JOB, job_ids, model=model, now=now)
        _, mine, held = encoded.matrix(Side.STUDENT, model=model).rows([student.pk])
        job_ids, theirs, wanted = encoded.matrix(Side.JOB, model=model).rows(job_ids)
        found = points(model, mine, held, theirs, wanted)
        rows = [
            match(student.pk, job_ids[column], found, 0, column, model, now)
            for column in kept_columns(found.total[0], job_ids, cutoffs_of_jobs(job_ids, exclude=student.pk))
        ]
    else:
        rows = []
    with transaction.atomic():
        new = replace(Match.objects.filter(student=student), rows)
        finish(run, pairs=len(job_ids), matches=len(rows), version=model.version)
        matches_stored.send(sender=MatchRun, student_id=student.pk, run_id=run.pk, new=new)
    return run


def refresh_job(*, job: Job, now: datetime) -> MatchRun:
    """Read, score and store one posting's column against every student; a closed posting's matches go."""
    run = begin(MatchRun.Scope.JOB, now=now, job=job)
    model = modelstore.serving_model()
    student_ids = list(matchable_student_ids()) if job.is_open(at=now) else []
    rows: list[Match] = []
    if student_ids:
        encoded.encode(Side.JOB, [job.pk], model=model, now=now)
        encoded.encode_missing(Side.STUDENT, student_ids, model=model, now=now)
        _, theirs, wanted = encoded.matrix(Side.JOB, model=model).rows([job.pk])
        student_ids, them, held = encoded.matrix(Side.STUDENT, model=model).rows(student_ids)
        found = points(model, them, held, theirs, wanted)
        kept = kept_rows(found.total[:, 0], student_ids, cutoffs_of_students(student_ids, exclude=job.pk))
        rows = [match(student_ids[row], job.pk, found, row, 0, model, now) for row in kept]
    with transaction.atomic():
        replace(Match.objects.filter(job=job), rows)
        finish(run, pairs=len(student_ids), matches=len(rows), version=model.version)
    return run


def refresh_all(*, run: MatchRun, now: datetime) -> MatchRun:
    """Score every student against every open posting, block by block, and replace all matches."""
    model = modelstore.serving_model()
    job_ids, student_ids = open_job_ids(at=now), list(matchable_student_ids())
    encoded.encode_missing(Side.JOB, job_ids, model=model, now=now)
    encoded.encode_missing(Side.STUDENT, student_ids, model=model, now=now)
    job_ids, theirs, wanted = encoded.matrix(Side.JOB, model=model).rows(job_ids)
    students = encoded.matrix(Side.STUDENT, model=model)
    student_ids = [student for student in student_ids if student in students.place]
    totals = np.zeros((len(student_ids), len(job_ids)), np.int16)
    blocks: list[tuple[list[int], Points]] = []
    for batch in corpus.batches(student_ids if job_ids else [], STUDENTS_AT_ONCE):
        ids, them, held = students.rows(batch)
        start = STUDENTS_AT_ONCE * len(blocks)
        blocks.append((ids, points(model, them, held, theirs, wanted)))
        totals[start : start + len(ids)] = blocks[-1][1].total
    keep = kept_pairs(totals)
    count, start = 0, 0
    with transaction.atomic():
        kept_ids: set[int] = set()
        for ids, found in blocks:
            rows = [
                match(ids[row], job_ids[column], found, row, column, model, now)
                for row, column in zip(*np.nonzero(keep[start : start + len(ids)]), strict=True)
            ]
            kept_ids.update(ids)
            replace(Match.objects.filter(student_id__in=ids), rows)
            count, start = count + len(rows), start + len(ids)
        Match.objects.exclude(student_id__in=kept_ids).delete()
        finish(run, pairs=totals.size, matches=count, version=model.version)
    return run


def kept_pairs(totals: np.ndarray) -> np.ndarray:
    """Which pairs are stored: each student's best and each posting's best, ties to the lower place; no zeros."""
    rows = np.argsort(-totals, axis=1, kind="stable")[:, :TOP_PER_STUDENT]
    columns = np.argsort(-totals, axis=0, kind="stable")[:TOP_PER_JOB]
    keep = np.zeros(totals.shape, bool)
    np.put_along_axis(keep, rows, True, axis=1)
    np.put_along_axis(keep, columns, True, axis=0)
    return keep & (totals > 0)


def kept_columns(totals: np.ndarray, job_ids: list[int], cutoffs: dict[int, int]) -> list[int]:
    """Places of one student's best postings, and of those whose best students include this one."""
    best = set(np.argsort(-totals, kind="stable")[:TOP_PER_STUDENT].tolist())
    best |= {place for place, job in enumerate(job_ids) if totals[place] >= cutoffs.get(job, 1)}
    return sorted(place for place in best if totals[place] > 0)


def kept_rows(totals: np.ndarray, student_ids: list[int], cutoffs: dict[int, int]) -> list[int]:
    """Places of one posting's best students, and of those whose best postings include this one."""
    best = set(np.argsort(-totals, kind="stable")[:TOP_PER_JOB].tolist())
    best |= {place for place, student in enumerate(student_ids) if totals[place] >= cutoffs.get(student, 1)}
    return sorted(place for place in best if totals[place] > 0)


def cutoffs_of_jobs(job_ids: list[int], *, exclude: int) -> dict[int, int]:
    """For each posting with a full list, the score that its last place holds, the student ``exclude`` left out."""
    rows = Match.objects.filter(job_id__in=job_ids).exclude(student_id=exclude)
    return _cutoffs(rows.order_by("job_id", "-score", "student_id").values_list("job_id", "score"), TOP_PER_JOB)


def cutoffs_of_students(student_ids: list[int], *, exclude: int) -> dict[int, int]:
    """For each student with a full list, the score that its last place holds, the posting ``exclude`` left out."""
    rows = Match.objects.filter(student_id__in=student_ids).exclude(job_id=exclude)
    return _cutoffs(rows.order_by("student_id", "-score", "job_id").values_list("student_id", "score"), TOP_PER_STUDENT)


def _cutoffs(rows: Iterable[tuple[int, int]], size: int) -> dict[int, int]:
    seen: dict[int, int] = {}
    found = {}
    for subject, score_ in rows:
        seen[subject] = seen.get(subject, 0) + 1
        if seen[subject] == size:
            found[subject] = score_
    return found


def match(student: int, job: int, found: Points, row: int, column: int, model: FittedModel, now: datetime) -> Match:
    """An unsaved row of the pair at ``[row, column]`` of the points."""
    parts = {name: int(getattr(found, part)[row, column]) for name, part in PARTS.items()}
    return Match(
        student_id=student, job_id=job, **parts, model_version=model.version, first_seen_at=now, computed_at=now
    )


def replace(old: MatchQuerySet, rows: list[Match]) -> int:
    """Store ``rows`` in place of the matches of ``old``; returns how many pairs were not there before."""
    before = {(student, job): pk for pk, student, job in old.values_list("pk", "student_id", "job_id")}
    now_there = {(row.student_id, row.job_id) for row in rows}
    Match.objects.filter(pk__in=[pk for pair, pk in before.items() if pair not in now_there]).delete()
    Match.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["student", "job"], update_fields=UPDATED, batch_size=1000
    )
    return len(now_there - set(before))


def begin(scope: str, *, now: datetime, **subject: Student | Job) -> MatchRun:
    """A run that has started."""
    running = MatchRun.Status.RUNNING
    return MatchRun.objects.create(scope=scope, status=running, created_at=now, started_at=now, **subject)


def finish(run: MatchRun, *, pairs: int, matches: int, version: str) -> None:
    """Mark a run as done with what it did; the time it took is counted from its start by the monotonic clock."""
    run.status, run.model_version, run.pairs, run.matches = MatchRun.Status.DONE, version, pairs, matches
    run.finished_at = run.started_at + timedelta(seconds=time.monotonic() - run.began)
    run.save(update_fields=["status", "model_version", "pairs", "matches", "finished_at"])


def open_job_ids(*, at: datetime) -> list[int]:
    return list(Job.objects.open(at=at).order_by("pk").values_list("pk", flat=True))


def matchable_student_ids() -> Iterable[int]:
    """Students who want matches and have said anything: a CV that was read, a programme, or declared skills."""
    return Student.objects.matchable().with_text().order_by("pk").values_list("pk", flat=True)


def has_text(student: Student) -> bool:
    return Student.objects.with_text().filter(pk=student.pk).exists()

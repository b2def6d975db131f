"""The score below which a pair enters nobody's list, kept per student and per posting so that no run reads them all."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from django.db.models import OuterRef, Subquery

from jobs.models import Job
from matching import corpus, writing
from matching.kept import TOP_PER_JOB, TOP_PER_STUDENT
from matching.models import Cutoff, Match, Side
from students.models import Student

ROOM = 1  # the cutoff of a list that is not full: anything above nothing is stored
BATCH = 5_000


def of_everybody(side: str, subjects: np.ndarray) -> np.ndarray:
    """Cutoffs of the subjects, (n,), by the rows that runs keep."""
    query = "SELECT subject_id, score FROM matching_cutoff WHERE side = %s"
    ids, scores = writing.read(query, [str(side)], ["bigint", "smallint"])
    found = np.full(len(subjects), ROOM, np.int64)
    if len(ids) and len(subjects):
        order = np.argsort(ids)
        place = np.minimum(np.searchsorted(ids[order], subjects), len(ids) - 1)
        same = ids[order][place] == subjects
        found[same] = scores[order][place][same]
    return found


def read(side: str, ids: Iterable[int], *, without: int | None = None) -> dict[int, int]:
    """Cutoffs of a few subjects with full lists, from the matches; ``without`` leaves out one of the other side."""
    subject, other, kept = (
        ("student", "job", TOP_PER_STUDENT) if side == Side.STUDENT else ("job", "student", TOP_PER_JOB)
    )
    model = Student if side == Side.STUDENT else Job
    last = Match.objects.filter(**{subject: OuterRef("pk")}).order_by("-score", f"{other}_id")
    if without is not None:
        last = last.exclude(**{f"{other}_id": without})
    found: dict[int, int] = {}
    for batch in corpus.batches(ids, BATCH):
        rows = model._default_manager.filter(pk__in=batch).annotate(
            last=Subquery(last.values("score")[kept - 1 : kept])
        )
        found.update({pk: score for pk, score in rows.values_list("pk", "last") if score is not None})
    return found


def refresh(side: str, ids: Iterable[int]) -> None:
    """Store the cutoffs of a few subjects anew, after their matches changed."""
    for batch in corpus.batches(ids, BATCH):
        found = read(side, batch)
        Cutoff.objects.filter(side=side, subject_id__in=[pk for pk in batch if pk not in found]).delete()
        Cutoff.objects.bulk_create(
            [Cutoff(side=side, subject_id=pk, score=score) for pk, score in found.items()],
            update_conflicts=True,
            unique_fields=["side", "subject_id"],
            update_fields=["score"],
        )


def replace_all(side: str, subjects: np.ndarray, scores: np.ndarray) -> None:
    """Store the cutoffs that a full run found in place of all of that side."""
    Cutoff.objects.filter(side=side).delete()
    if writing.is_postgresql():
        names = np.full(len(subjects), side.encode())
        blocks = writing.binary([names.dtype.str, ">i8", ">i2"], [names, subjects, scores])
        writing.copy_in("matching_cutoff", ["side", "subject_id", "score"], blocks)
        return
    for start in range(0, len(subjects), BATCH):
        part = slice(start, start + BATCH)
        pairs = zip(subjects[part].tolist(), scores[part].tolist(), strict=True)
        Cutoff.objects.bulk_create([Cutoff(side=side, subject_id=pk, score=score) for pk, score in pairs])

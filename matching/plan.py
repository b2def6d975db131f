"""What all workers of a full run agree on, made once, stored beside the run."""

from __future__ import annotations

import io
from dataclasses import dataclass, fields
from datetime import datetime

import numpy as np
import scipy.sparse as sp

from matching import corpus, encoded, writing
from matching.kept import TOP_PER_JOB, TOP_PER_STUDENT
from matching.models import MatchChunk, MatchPlan, MatchRun, Side
from matching.scoring import requirements, screening
from matching.scoring.model import FittedModel
from students.models import Student

PAIRS_PER_CHUNK = 5_000_000
FEWEST_STUDENTS = 250  # of a chunk
MOST_STUDENTS = 2_000
SAMPLE_SHARE = 25  # one student in so many is read for the thresholds of postings
SMALLEST_SAMPLE = 4_096
READ_AT_ONCE = 256  # rows from all over the files: each brings its neighbours into memory until they are released


class PlanError(Exception):
    """A full run cannot be planned; the message says why and what to do."""


@dataclass(frozen=True)
class Plan:
    """job_ids (n,) ascending; the maps of the screening as float16; thresholds (n,) of postings; n_students then."""

    job_ids: np.ndarray
    for_students: np.ndarray
    for_postings: np.ndarray
    thresholds: np.ndarray
    n_students: np.ndarray

    @property
    def basis(self) -> screening.Basis:
        return screening.Basis(self.for_students.astype(np.float32), self.for_postings.astype(np.float32))

    def pack(self) -> bytes:
        """As bytes: one NumPy array after the other; numbers like these do not compress."""
        file = io.BytesIO()
        for name in fields(self):
            np.save(file, getattr(self, name.name), allow_pickle=False)
        return file.getvalue()

    @classmethod
    def unpack(cls, content: bytes) -> Plan:
        file = io.BytesIO(content)
        return cls(*(np.load(file, allow_pickle=False) for _ in fields(cls)))


def make(*, model: FittedModel, job_ids: list[int], student_ids: np.ndarray, now: datetime) -> Plan:
    """Encode postings and a sample of students where nobody has, and fit the screening. Stores no plan.

    Raises ``PlanError`` where there is nothing to score.
    """
    refuse_nothing(job_ids, student_ids)
    encoded.encode_missing(Side.JOB, job_ids, model=model, now=now)
    chosen = student_ids[screening.sampled(len(student_ids), max(SMALLEST_SAMPLE, len(student_ids) // SAMPLE_SHARE))]
    for batch in corpus.batches(chosen.tolist(), encoded.BATCH):
        encoded.encode_missing(Side.STUDENT, batch, model=model, now=now)
    width = corpus.skill_width()
    found, postings, wanted = encoded.matrix(Side.JOB, model=model).block(np.array(job_ids, np.int64))
    students = encoded.matrix(Side.STUDENT, model=model)
    near = corpus.near_matrix(width)

    def inputs(ids: np.ndarray) -> screening.Inputs:
        parts = []
        for start in range(0, len(ids), READ_AT_ONCE):
            _, features, held = students.block(ids[start : start + READ_AT_ONCE])
            credit = requirements.credits(corpus.widened(held, width), near)
            parts.append(screening.student_inputs(model, features, credit))
            students.release()
        sparse = sp.csr_matrix(sp.vstack([part.sparse for part in parts]))
        return screening.Inputs(np.vstack([part.dense for part in parts]), sparse)

    posting_inputs = screening.posting_inputs(model, postings, corpus.widened(wanted, width))
    few = chosen[screening.sampled(len(chosen), screening.STUDENTS_READ)]
    basis = screening.fit_basis(inputs(few), posting_inputs[screening.sampled(len(found), screening.POSTINGS_READ)])
    halves = basis.for_students.astype(np.float16), basis.for_postings.astype(np.float16)
    basis = screening.Basis(*(half.astype(np.float32) for half in halves))
    short = posting_inputs.times(basis.for_postings)
    blocks = [
        inputs(chosen[start : start + MOST_STUDENTS]).times(basis.for_students)
        for start in range(0, len(chosen), MOST_STUDENTS)
    ]
    thresholds = screening.column_thresholds(np.concatenate(blocks), short, len(student_ids), TOP_PER_JOB)
    return Plan(found, *halves, thresholds, np.array(len(student_ids)))


def store(plan: Plan, *, run: MatchRun, student_ids: np.ndarray) -> None:
    """Write the plan and its chunks; to be called once a run, with the run's row locked."""
    content = plan.pack()
    MatchPlan.objects.filter(run=run).delete()
    if writing.is_postgresql():  # as text of a statement it would be twice as long, and read by the parser
        row = writing.binary([">i8", f"V{len(content)}"], [run.pk, np.void(content)], 1)
        writing.copy_in("matching_matchplan", ["run_id", "content"], row)
    else:
        MatchPlan.objects.create(run=run, content=content)
    MatchChunk.objects.filter(run=run).delete()
    MatchChunk.objects.bulk_create(chunks(run, student_ids, len(plan.job_ids)), batch_size=500)


def refuse_nothing(job_ids: list[int], student_ids: np.ndarray) -> None:
    if min(TOP_PER_STUDENT, TOP_PER_JOB) < 1:
        raise PlanError(
            f"At least one match must be kept per student and posting, not {TOP_PER_STUDENT} and {TOP_PER_JOB}."
        )
    if not job_ids:
        raise PlanError("There is no open posting, so there is nothing to score. Stored matches stay as they are.")
    if not len(student_ids):
        raise PlanError(
            "No student wants matches and has a CV, a programme or skills, so there is nothing to score. "
            "Stored matches stay as they are."
        )


def chunks(run: MatchRun, student_ids: np.ndarray, n_jobs: int) -> list[MatchChunk]:
    """Ranges of students of about equal numbers of pairs; together they cover every id."""
    size = int(np.clip(PAIRS_PER_CHUNK // max(n_jobs, 1), FEWEST_STUDENTS, MOST_STUDENTS))
    parts = [student_ids[start : start + size] for start in range(0, len(student_ids), size)]
    return [
        MatchChunk(run=run, number=number, first_student=part[0], last_student=part[-1], students=len(part))
        for number, part in enumerate(parts, 1)
    ]


def matchable(first: int | None = None, last: int | None = None) -> np.ndarray:
    """Ids, ascending, of students who want matches and have said anything, all or from ``first`` to ``last``."""
    rows = Student.objects.matchable().with_text()
    if first is not None and last is not None:
        rows = rows.filter(pk__range=(first, last))
    query, parameters = rows.order_by().values("pk").query.sql_with_params()
    (ids,) = writing.read(query, parameters, ["bigint"])
    return np.sort(ids)

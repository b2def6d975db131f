"""The arithmetic of one chunk of a full run: screening, exact scores, what is kept. No rows are written here."""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import scipy.sparse as sp

from matching import corpus, encoded
from matching.kept import TOP_PER_JOB, TOP_PER_STUDENT, best_of_each, last_places
from matching.models import Side
from matching.plan import Plan
from matching.scoring import requirements, screening
from matching.scoring.features import Features
from matching.scoring.model import FittedModel
from matching.scoring.pairs import Postings, evidence_of_pairs, lay_out
from matching.scoring.points import Evidence, points_of
from matching.writing import ROW

STUDENTS_AT_ONCE = 512
CANDIDATE = np.dtype([*ROW.descr, ("is_stored", "?")])
CUTOFF = np.dtype([("subject", "i8"), ("score", "i2")])


@dataclass(frozen=True)
class Scored:
    """What a chunk found.

    rows : dtype ROW, each student's best, students ascending
    candidates : dtype CANDIDATE, the best students of this chunk for each posting; ``is_stored`` if in ``rows`` too
    cutoffs : dtype CUTOFF, of students with full lists
    """

    rows: np.ndarray
    candidates: np.ndarray
    cutoffs: np.ndarray
    pairs: int

    def pack(self) -> bytes:
        """What the end of the run needs of a chunk, as bytes."""
        file = io.BytesIO()
        np.save(file, self.candidates, allow_pickle=False)
        np.save(file, self.cutoffs, allow_pickle=False)
        return zlib.compress(file.getvalue(), 1)


def unpack(content: bytes) -> tuple[np.ndarray, np.ndarray]:
    """Candidates and cutoffs of :meth:`Scored.pack`."""
    file = io.BytesIO(zlib.decompress(content))
    return np.load(file, allow_pickle=False), np.load(file, allow_pickle=False)


@dataclass(frozen=True)
class Market:
    """The postings of a run, laid out once per process."""

    model: FittedModel
    plan: Plan
    postings: Postings
    basis: screening.Basis
    short: np.ndarray
    near: sp.csr_matrix
    width: int


def market(*, model: FittedModel, plan: Plan) -> Market:
    """Read the postings of ``plan`` from this machine's files and lay them out."""
    width = corpus.skill_width()
    found, features, wanted = encoded.matrix(Side.JOB, model=model).block(plan.job_ids)
    if len(found) != len(plan.job_ids):
        raise LookupError(f"{len(plan.job_ids) - len(found)} postings of the plan are not encoded by {model.version}.")
    wanted = corpus.widened(wanted, width)
    basis = plan.basis
    short = np.asfortranarray(basis.postings(model, features, wanted))  # its transpose lies row by row
    return Market(model, plan, lay_out(model, features, wanted), basis, short, corpus.near_matrix(width), width)


def score_students(*, market: Market, student_ids: np.ndarray, told: Callable[[], None] = lambda: None) -> Scored:
    """Score the students against all postings of the market; ``told`` is called now and then."""
    students = encoded.matrix(Side.STUDENT, model=market.model)
    found = student_ids[students.files.places(student_ids) >= 0]
    parts = []
    for start in range(0, len(found), STUDENTS_AT_ONCE):
        ids, features, held = students.block(found[start : start + STUDENTS_AT_ONCE])
        parts.append(_score_block(market, ids, features, corpus.widened(held, market.width)))
        told()
    students.release()
    rows = np.concatenate([part[0] for part in parts]) if parts else np.zeros(0, ROW)
    candidates = np.concatenate([part[1] for part in parts]) if parts else np.zeros(0, CANDIDATE)
    best = best_of_each(candidates["job_id"], candidates["score"], candidates["student_id"], TOP_PER_JOB)
    owners, last = last_places(rows["student_id"], rows["score"], TOP_PER_STUDENT)
    cutoffs = np.empty(len(owners), CUTOFF)
    cutoffs["subject"], cutoffs["score"] = owners, last
    return Scored(rows, candidates[best], cutoffs, len(found) * len(market.plan.job_ids))


def _score_block(
    market: Market, ids: np.ndarray, features: Features, held: sp.csr_matrix
) -> tuple[np.ndarray, np.ndarray]:
    """Each student's best as ROW, and candidates of postings as CANDIDATE."""
    model, plan = market.model, market.plan
    credit = requirements.credits(held, market.near)
    short = market.basis.students(model, features, credit)
    rows, columns, reaches = screening.candidates(short, market.short, plan.thresholds, TOP_PER_STUDENT)
    found = evidence_of_pairs(model, features, credit, market.postings, rows, columns)
    totals = model.curve.apply(found.total)
    keep = best_of_each(rows, totals, columns, TOP_PER_STUDENT)
    useful = np.flatnonzero((keep | reaches) & (totals > 0))
    points = points_of(model, Evidence(found.occupation[useful], found.requirements[useful], found.words[useful]))
    table = np.empty(len(useful), CANDIDATE)
    table["student_id"], table["job_id"] = ids[rows[useful]], plan.job_ids[columns[useful]]
    table["score"], table["occupation_points"] = points.total, points.occupation
    table["requirement_points"], table["word_points"] = points.requirements, points.words
    table["is_stored"] = keep[useful]
    kept = table[table["is_stored"]]
    row_table = np.empty(len(kept), ROW)
    for name in ROW.names or ():
        row_table[name] = kept[name]
    return row_table, table[reaches[useful]]


def best_of_postings(results: Iterator[bytes]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """From all chunks' results: rows to store besides those stored already, cutoffs of postings and of students."""
    candidates, cutoffs = [np.zeros(0, CANDIDATE)], [np.zeros(0, CUTOFF)]
    for content in results:
        some, few = unpack(content)
        candidates.append(some)
        cutoffs.append(few)
    table = np.concatenate(candidates)
    best = best_of_each(table["job_id"], table["score"], table["student_id"], TOP_PER_JOB)
    missing = table[best & ~table["is_stored"]]
    rows = np.empty(len(missing), ROW)
    for name in ROW.names or ():
        rows[name] = missing[name]
    jobs, last = last_places(table["job_id"][best], table["score"][best], TOP_PER_JOB)
    of_jobs = np.empty(len(jobs), CUTOFF)
    of_jobs["subject"], of_jobs["score"] = jobs, last
    return rows, of_jobs, np.concatenate(cutoffs)


@lru_cache(maxsize=1)
def market_of_run(run_id: int, version: str, folder: str) -> Market:
    """The market of a run, kept by this process until it works on another; ``folder`` tells test databases apart."""
    from matching import modelstore
    from matching.models import MatchPlan

    content = MatchPlan.objects.get(run_id=run_id).content
    return market(model=modelstore.load(version), plan=Plan.unpack(bytes(content)))

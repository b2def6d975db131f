"""The best postings of every student, and the best students of every posting, for millions of pairs.

First a dense product over groups and meaning (float32, exact, a few hundred dimensions) picks candidates, then the
exact score ranks them. Work goes in blocks of students: memory is flat in their number.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from matching.scoring import points, requirements
from matching.scoring.features import SCALE, Features
from matching.scoring.words import Matrix

if TYPE_CHECKING:
    from matching.scoring.model import FittedModel

BLOCK = 512  # students at once
CANDIDATES = 400

Index = NDArray[np.int64]


@dataclass(frozen=True)
class RankedPairs:
    """Pairs kept for one block: parallel arrays of row numbers and hundredths of a point."""

    student: Index
    posting: Index
    occupation: Index
    requirements: Index
    words: Index
    total: Index


def dense_rows(model: FittedModel, features: Features, *, weighted: bool) -> NDArray[np.float32]:
    """Groups and meaning side by side (n, n_groups + n_dimensions); the weights go to one side of the product."""
    weights = (model.weights.groups + model.weights.occupations, model.weights.meaning) if weighted else (1, 1)
    scale = np.float32(1.0 / SCALE)
    parts = (features.groups, features.meaning)
    return np.hstack([part.astype(np.float32) * scale * np.float32(w) for part, w in zip(parts, weights, strict=True)])


def candidates(model: FittedModel, students: Features, postings: Features, kept: int = CANDIDATES) -> Index:
    """Row numbers (n_students, min(kept, n_postings)) of the postings that deserve the exact score, unordered."""
    kept = min(kept, len(postings))
    if kept <= 0:
        return np.zeros((len(students), 0), dtype=np.int64)
    product = dense_rows(model, students, weighted=True) @ dense_rows(model, postings, weighted=False).T
    return np.argpartition(product, product.shape[1] - kept, axis=1)[:, -kept:].astype(np.int64)


def top_matches(
    model: FittedModel,
    students: Features,
    postings: Features,
    held: Matrix | None = None,
    wanted: Matrix | None = None,
    near: Matrix | None = None,
    *,
    per_student: int = 50,
    kept: int = CANDIDATES,
    progress: Callable[[int], None] | None = None,
) -> Iterator[RankedPairs]:
    """Blocks of the best ``per_student`` postings of each student with exact points, best first.

    Ties go to the posting of the lower row number, so give postings in the order of their ids. Pairs without points
    are left out.
    """
    if per_student < 1:
        raise ValueError(f"per_student must be at least 1, not {per_student}.")
    if not len(postings):
        return
    for start in range(0, len(students), BLOCK):
        rows = slice(start, start + BLOCK)
        block = students[rows]
        chosen = candidates(model, block, postings, max(kept, per_student))
        own = None if held is None else held[rows]
        student = np.repeat(np.arange(len(block)), chosen.shape[1])
        exact = score_pairs(model, block, postings, student, chosen.ravel(), own, wanted, near)
        order = np.lexsort((exact.posting, -exact.total, exact.student))
        rank = np.arange(len(order)) - np.repeat(np.arange(len(block)) * chosen.shape[1], chosen.shape[1])
        best = order[(rank < per_student) & (exact.total[order] > 0)]
        yield RankedPairs(
            exact.student[best] + start, exact.posting[best], exact.occupation[best], exact.requirements[best],
            exact.words[best], exact.total[best],
        )  # fmt: skip
        if progress is not None:
            progress(len(block))


def score_pairs(
    model: FittedModel,
    students: Features,
    postings: Features,
    student: Index,
    posting: Index,
    held: Matrix | None = None,
    wanted: Matrix | None = None,
    near: Matrix | None = None,
) -> RankedPairs:
    """Exact points of listed pairs, the same to the hundredth as :func:`matching.scoring.points.score`.

    student, posting : (n_pairs,), row numbers into the two Features
    """
    weights = model.weights
    meaning = np.maximum(dense_pairs(students.meaning, postings.meaning, student, posting), 0)
    occupation = (
        weights.occupations * sparse_pairs(students.occupations, postings.occupations, student, posting)
        + weights.groups * dense_pairs(students.groups, postings.groups, student, posting)
        + weights.meaning * meaning
    )
    words = weights.words * sparse_pairs(students.words, postings.words, student, posting)
    skills = np.zeros_like(words)
    if held is not None and wanted is not None:
        n_skills = held.shape[1]
        credit = requirements.credits(held, sp.csr_matrix((n_skills, n_skills)) if near is None else near)
        listed = requirements.wanted_weights(wanted, model.skill_rarity)
        earned = sparse_pairs(credit, listed, student, posting)
        total = np.asarray(listed.sum(axis=1)).ravel().astype(np.int64)[posting]
        skills = points.requirement_evidence(model, earned // (total + requirements.PRIOR_WEIGHT))
    found = points.Evidence(occupation >> points.EVIDENCE_SHIFT, skills, words >> points.EVIDENCE_SHIFT)
    given = points.points_of(model, found)
    return RankedPairs(student, posting, given.occupation, given.requirements, given.words, given.total)


PAIRS_AT_ONCE = 16_384


def dense_pairs(left: NDArray[np.int16], right: NDArray[np.int16], rows: Index, columns: Index) -> Index:
    """Dot products (n_pairs,) of listed rows, exact."""
    parts = []
    for start in range(0, len(rows), PAIRS_AT_ONCE):
        part = slice(start, start + PAIRS_AT_ONCE)
        a, b = left[rows[part]].astype(np.float32), right[columns[part]].astype(np.float32)
        parts.append(np.einsum("ij,ij->i", a, b).astype(np.int64))
    return np.concatenate(parts) if parts else np.zeros(0, dtype=np.int64)


def sparse_pairs(left: Matrix, right: Matrix, rows: Index, columns: Index) -> Index:
    """The same for sparse rows; each left row is laid out dense once for all its pairs."""
    result = np.zeros(len(rows), dtype=np.int64)
    order = np.argsort(rows, kind="stable")
    bounds = np.searchsorted(rows[order], np.arange(left.shape[0] + 1))
    dense = np.zeros(left.shape[1], dtype=np.float32)
    for row in range(left.shape[0]):
        places = order[bounds[row] : bounds[row + 1]]
        if not len(places):
            continue
        start, end = left.indptr[row], left.indptr[row + 1]
        dense[left.indices[start:end]] = left.data[start:end]
        result[places] = (right[columns[places]] @ dense).astype(np.int64)
        dense[left.indices[start:end]] = 0.0
    return result

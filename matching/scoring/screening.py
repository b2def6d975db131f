"""The dense first stage of a full run: short vectors whose product is close to the evidence, and who passes.

Nothing here enters a score. It only chooses which few hundred postings of each student, and students of each posting,
:mod:`matching.scoring.pairs` scores exactly.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from matching.scoring import requirements
from matching.scoring.features import SCALE, Features
from matching.scoring.words import Matrix

if TYPE_CHECKING:
    from matching.scoring.model import FittedModel

Dense = NDArray[np.float32]
DIMENSIONS = 320
POSTINGS_READ = 2_500  # rows of each side that the basis is fitted on
STUDENTS_READ = 2_500
OVERSAMPLED = 24
ROUNDS = 2
CANDIDATES_PER_STUDENT = 2.6  # for each match that is kept
CANDIDATES_PER_POSTING = 3.0
SAMPLED_COLUMNS = 4_096  # of a student's products, from which the student's threshold is read
UNIT = float(SCALE)


@dataclass(frozen=True)
class Inputs:
    """All that evidence reads of one side's rows, scaled so that a product of two sides' rows is evidence.

    dense : float32 (n, groups + dimensions of meaning); sparse : float32 (n, occupations + terms + skills)
    """

    dense: Dense
    sparse: Matrix

    def __len__(self) -> int:
        return len(self.dense)

    def __getitem__(self, rows: NDArray[np.int64] | slice) -> Inputs:
        return Inputs(self.dense[rows], self.sparse[rows])

    def times(self, maps: Dense) -> Dense:
        """Short vectors (n, n_dimensions); ``maps`` : (n_inputs, n_dimensions), rows of the dense inputs first."""
        width = self.dense.shape[1]
        return np.asarray(self.dense @ maps[:width] + self.sparse @ maps[width:], np.float32)

    def summed(self, weights: Dense) -> Dense:
        """The transposed product: (n_inputs, k) of weights (n, k)."""
        return np.asarray(np.vstack([self.dense.T @ weights, self.sparse.T @ weights]), np.float32)

    def products(self, other: Inputs) -> Dense:
        """All products of two sides' rows, (n, m), in units of a cosine of weight 1000."""
        return np.asarray(self.dense @ other.dense.T + (self.sparse @ other.sparse.T).toarray(), np.float32)


@dataclass(frozen=True)
class Basis:
    """Two linear maps; the product of what they give approximates evidence, up to one factor.

    for_students, for_postings : float32 (n_inputs, n_dimensions)
    """

    for_students: Dense
    for_postings: Dense

    def students(self, model: FittedModel, students: Features, credit: Matrix | None) -> Dense:
        """Short vectors (n_students, n_dimensions)."""
        return student_inputs(model, students, credit).times(self.for_students)

    def postings(self, model: FittedModel, postings: Features, wanted: Matrix | None) -> Dense:
        """Short vectors (n_postings, n_dimensions)."""
        return posting_inputs(model, postings, wanted).times(self.for_postings)


def student_inputs(model: FittedModel, students: Features, credit: Matrix | None) -> Inputs:
    """Inputs of students; ``credit`` : ``requirements.credits``, or None to judge by text alone."""
    skills = sp.csr_matrix((len(students), 0)) if credit is None else credit * (1.0 / requirements.UNIT)
    return _inputs(model, students, skills)


def posting_inputs(model: FittedModel, postings: Features, wanted: Matrix | None) -> Inputs:
    """Inputs of postings; ``wanted`` as in ``points.score``."""
    if wanted is None:
        return _inputs(model, postings, sp.csr_matrix((len(postings), 0)))
    weights = requirements.wanted_weights(wanted, model.skill_rarity)
    listed = np.asarray(weights.sum(axis=1)).ravel() + requirements.PRIOR_WEIGHT
    return _inputs(model, postings, sp.csr_matrix(sp.diags(1.0 / listed) @ weights))


def _inputs(model: FittedModel, side: Features, skills: Matrix) -> Inputs:
    weights = model.weights

    def scale(weight: float, unit: float = UNIT) -> np.float32:
        return np.float32(np.sqrt(weight / 1000.0) / unit)

    dense = [side.groups * scale(weights.groups), side.meaning * scale(weights.meaning)]
    sparse = [
        side.occupations * scale(weights.occupations),
        side.words * scale(weights.words),
        skills * scale(weights.requirements, 1.0),
    ]
    return Inputs(np.hstack(dense).astype(np.float32), sp.csr_matrix(sp.hstack(sparse), dtype=np.float32))


def fit_basis(students: Inputs, postings: Inputs, dimensions: int = DIMENSIONS) -> Basis:
    """The maps that reproduce the products of two samples best in the sense of least squares.

    Randomised SVD of their product (Halko et al. 2011) with a fixed seed, so that every machine fits the same maps.
    """
    products = students.products(postings)
    dimensions = min(dimensions, *products.shape)
    rng = np.random.default_rng(7)
    width = min(dimensions + OVERSAMPLED, products.shape[1])
    found = products @ rng.standard_normal((products.shape[1], width), dtype=np.float32)
    for _ in range(ROUNDS):
        found = products @ (products.T @ np.linalg.qr(found)[0])
    left = np.linalg.qr(found)[0]
    turned, sizes, right = np.linalg.svd(left.T @ products, full_matrices=False)
    left, sizes, right = (left @ turned)[:, :dimensions], sizes[:dimensions], right[:dimensions]
    lengths = np.sqrt(np.maximum(sizes, max(float(sizes[0]), 1e-9) * 1e-6)) if dimensions else sizes
    return Basis(postings.summed(right.T / lengths), students.summed(left / lengths))


def sampled(n: int, most: int) -> NDArray[np.int64]:
    """At most ``most`` places of 0..n-1, evenly spread."""
    return np.unique(np.linspace(0, n - 1, min(n, most)).astype(np.int64)) if n else np.zeros(0, np.int64)


def column_thresholds(students: Dense, postings: Dense, n_students: int, kept: int) -> Dense:
    """For each posting the product that a few times ``kept`` of all ``n_students`` are expected to reach.

    students : short vectors of a sample of the students; postings : of all postings. Returns (n_postings,).
    """
    n_sample = len(students)
    rank = int(np.ceil(CANDIDATES_PER_POSTING * kept * n_sample / max(n_students, 1)))
    if rank >= n_sample:
        return np.full(len(postings), -np.inf, np.float32)
    found = np.empty(len(postings), np.float32)
    for start in range(0, len(postings), 512):
        products = postings[start : start + 512] @ students.T
        found[start : start + 512] = np.partition(products, n_sample - rank, axis=1)[:, n_sample - rank]
    return found


def candidates(
    students: Dense, postings: Dense, thresholds: Dense, kept: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.bool_]]:
    """Pairs worth an exact score: (rows, columns, reaches), rows ascending.

    A few times ``kept`` postings of each student, by a threshold read from a sample of the student's own products, and
    every student who reaches a posting's threshold, which ``reaches`` says.
    """
    n_postings = len(postings)
    products = students @ postings.T
    wanted = int(CANDIDATES_PER_STUDENT * kept)
    if wanted >= n_postings:
        everything = np.indices(products.shape)
        return everything[0].ravel(), everything[1].ravel(), (products >= thresholds[None, :]).ravel()
    step = max(1, n_postings // SAMPLED_COLUMNS)
    sample = products[:, ::step]
    rank = max(1, round(wanted / step))
    place = sample.shape[1] - min(rank, sample.shape[1])
    lowest = np.partition(sample, place, axis=1)[:, place]
    passes = products >= lowest[:, None]
    np.logical_or(passes, products >= thresholds[None, :], out=passes)
    passing = np.flatnonzero(passes.ravel())
    rows = passing // n_postings
    columns = passing - rows * n_postings
    return rows, columns, products.ravel()[passing] >= thresholds[columns]

"""From features to points: one function for the full run, one student, one posting, a preview, an explanation.

Evidence is a sum of non-negative whole numbers, one per part. A monotone curve turns the sum into hundredths of a
point, and each part receives its share, rounded so that the parts add up exactly.
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

Whole = NDArray[np.int64]
FULL = 10_000  # hundredths of a point
EVIDENCE_SHIFT = 12  # a dot product of 1 (2^22) times weight 1000 is evidence of 1,024,000


@dataclass(frozen=True)
class Points:
    """Hundredths of a point 0..10000, each (n_students, n_postings); ``total`` is exactly the sum of the parts."""

    occupation: Whole
    requirements: Whole
    words: Whole
    total: Whole


@dataclass(frozen=True)
class Evidence:
    """Whole numbers >= 0, each (n_students, n_postings), on one scale."""

    occupation: Whole
    requirements: Whole
    words: Whole

    @property
    def total(self) -> Whole:
        """What the curve turns into points."""
        return self.occupation + self.requirements + self.words


def score(
    model: FittedModel,
    students: Features,
    postings: Features,
    held: Matrix | None = None,
    wanted: Matrix | None = None,
    near: Matrix | None = None,
) -> Points:
    """Points of every student for every posting.

    held : sparse (n_students, n_skills), 1.0 where the student holds the skill
    wanted : sparse (n_postings, n_skills), 1.0 required, less for preferred, 0 not listed
    near : sparse (n_skills, n_skills), part of a skill's worth that a nearby one earns
    Leave the three out to judge by text alone. No statistic of the batch enters: a pair alone has the same points.
    """
    return points_of(model, evidence(model, students, postings, held, wanted, near))


def evidence(
    model: FittedModel,
    students: Features,
    postings: Features,
    held: Matrix | None = None,
    wanted: Matrix | None = None,
    near: Matrix | None = None,
) -> Evidence:
    """The weighted sums behind the points; arguments as in :func:`score`."""
    for side in (students, postings):
        if side.version != model.version:
            raise ValueError(f"Features belong to model {side.version}, not {model.version}.")
    weights = model.weights
    occupation = (
        weights.occupations * sparse_dot(students.occupations, postings.occupations)
        + weights.groups * dense_dot(students.groups, postings.groups)
        + weights.meaning * np.maximum(dense_dot(students.meaning, postings.meaning), 0)
    )
    words = weights.words * sparse_dot(students.words, postings.words)
    if held is None or wanted is None:
        skills = np.zeros_like(words)
    else:
        n_skills = held.shape[1]
        near = sp.csr_matrix((n_skills, n_skills)) if near is None else near
        share = requirements.coverage(
            requirements.credits(held, near), requirements.wanted_weights(wanted, model.skill_rarity)
        )
        skills = requirement_evidence(model, share)
    return Evidence(occupation >> EVIDENCE_SHIFT, skills, words >> EVIDENCE_SHIFT)


def requirement_evidence(model: FittedModel, share: Whole) -> Whole:
    """Evidence of a coverage in thousandths, on the scale of the other parts; same shape."""
    return (model.weights.requirements * share * (SCALE * SCALE) // requirements.UNIT) >> EVIDENCE_SHIFT


def points_of(model: FittedModel, found: Evidence) -> Points:
    """Hundredths of a point for evidence: the fitted curve of the sum, shared out by :func:`shares`."""
    total = model.curve.apply(found.total)
    occupation, skills, words = shares(total, (found.occupation, found.requirements, found.words))
    return Points(occupation, skills, words, total)


def shares(total: Whole, parts: tuple[Whole, ...]) -> tuple[Whole, ...]:
    """``total`` shared out in proportion to ``parts``: rounded down, what is left goes to the largest part.

    All arrays of one shape, whole numbers >= 0; the result adds up to ``total`` wherever some part is above 0.
    """
    whole = np.add.reduce(parts)
    safe = np.maximum(whole, 1)
    shared = [part * total // safe for part in parts]
    left = np.where(whole > 0, total - np.add.reduce(shared), 0)
    largest = np.argmax(np.stack(parts), axis=0)
    return tuple(share + np.where(largest == number, left, 0) for number, share in enumerate(shared))


def dense_dot(left: NDArray[np.int16], right: NDArray[np.int16]) -> Whole:
    """Exact dot products (n_left, n_right) of quantised rows; float32 holds every partial sum exactly."""
    return (left.astype(np.float32) @ right.astype(np.float32).T).astype(np.int64)


def sparse_dot(left: Matrix, right: Matrix) -> Whole:
    """Exact dot products (n_left, n_right) of quantised sparse rows."""
    return np.asarray((left @ right.T).todense()).astype(np.int64)

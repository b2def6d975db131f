"""Evidence of every student for one posting: the same whole numbers as :func:`matching.scoring.points.evidence`.

One posting is laid out densely, so that each block of the students' rows is read once, from front to back, where it
lies. Products of sparse matrices would build and sort what is thrown away here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from matching.scoring import requirements
from matching.scoring.features import Features
from matching.scoring.points import EVIDENCE_SHIFT, Evidence, Whole, requirement_evidence
from matching.scoring.words import Matrix

if TYPE_CHECKING:
    from matching.scoring.model import FittedModel

Dense = NDArray[np.float32]
ROWS_AT_ONCE = 2_048  # converted from int16 at a time, so that they stay in the cache


@dataclass(frozen=True)
class Posting:
    """One posting, laid out for products with many students; every number is whole.

    occupations (n_occupations,), words (n_terms,), groups, meaning : float32
    weights : sparse (1, n_skills), of the wanted skills; near : what of ``near`` leads to a wanted skill
    """

    occupations: Dense
    words: Dense
    groups: Dense
    meaning: Dense
    weights: Matrix
    near: Matrix
    is_useful: NDArray[np.bool_]


def lay_out(model: FittedModel, posting: Features, wanted: Matrix, near: Matrix) -> Posting:
    """The posting in row 0 of ``posting`` and ``wanted``, which are as in ``points.score``."""
    weights = requirements.wanted_weights(wanted, model.skill_rarity)
    is_wanted = np.zeros(wanted.shape[1])
    is_wanted[weights.indices] = 1.0
    leads = sp.csr_matrix(sp.csr_matrix(near) @ sp.diags(is_wanted))
    leads.eliminate_zeros()
    return Posting(
        posting.occupations[[0]].toarray()[0].astype(np.float32),
        posting.words[[0]].toarray()[0].astype(np.float32),
        posting.groups[0].astype(np.float32),
        posting.meaning[0].astype(np.float32),
        weights,
        leads,
        (is_wanted > 0) | (np.diff(leads.indptr) > 0),
    )


def column_evidence(model: FittedModel, students: Features, held: Matrix, posting: Posting) -> Evidence:
    """Evidence of all ``students`` for the posting, each part (n_students,); ``held`` as in ``points.score``."""
    weights = model.weights
    occupation = (
        weights.occupations * _whole(students.occupations @ posting.occupations)
        + weights.groups * _dense_dots(students.groups, posting.groups)
        + weights.meaning * np.maximum(_dense_dots(students.meaning, posting.meaning), 0)
    )
    words = weights.words * _whole(students.words @ posting.words)
    skills = requirement_evidence(model, _coverage(held, posting))
    return Evidence(occupation >> EVIDENCE_SHIFT, skills, words >> EVIDENCE_SHIFT)


def _coverage(held: Matrix, posting: Posting) -> Whole:
    """As ``requirements.coverage``, reading only students who hold a skill that earns something."""
    found = np.zeros(held.shape[0], np.int64)
    useful = posting.is_useful[held.indices]
    owners = np.repeat(np.arange(held.shape[0]), np.diff(held.indptr))[useful]
    if not len(owners):
        return found
    some, rows = np.unique(owners, return_inverse=True)
    own = sp.csr_matrix((held.data[useful], (rows, held.indices[useful])), shape=(len(some), held.shape[1]))
    found[some] = requirements.coverage(requirements.credits(own, posting.near), posting.weights)[:, 0]
    return found


def _dense_dots(rows: NDArray[np.int16], vector: Dense) -> Whole:
    """Exact products (n,) of quantised rows with one vector."""
    found = np.empty(len(rows), np.float32)
    for start in range(0, len(rows), ROWS_AT_ONCE):
        found[start : start + ROWS_AT_ONCE] = rows[start : start + ROWS_AT_ONCE].astype(np.float32) @ vector
    return _whole(found)


def _whole(products: Dense) -> Whole:
    return np.asarray(products).astype(np.int64)

"""Centres of the corpus that lend a text the occupations of texts like it.

They are part of the fitted model: nobody's score moves when a stranger uploads a CV, only when a model is fitted.
"""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp

from matching.scoring.model import Bank
from matching.scoring.words import Matrix, unit_rows

MEMBERS = 4  # texts a centre stands for, on average
MOST_CENTRES = 1_500
ROUNDS = 4
WORDS_OF_A_CENTRE = 200
OCCUPATIONS_OF_A_CENTRE = 30


def empty_bank(n_terms: int, n_occupations: int) -> Bank:
    """A bank without centres."""
    return Bank(sp.csr_matrix((0, n_terms)), sp.csr_matrix((0, n_occupations)))


def centres(vectors: Matrix, occupations: Matrix) -> Bank:
    """Spherical k-means of texts by words and occupations together, evenly seeded. Dhillon & Modha 2001.

    vectors : unit rows (n, n_terms); occupations : unit rows (n, n_occupations)
    """
    n_centres = min(MOST_CENTRES, vectors.shape[0] // MEMBERS)
    if n_centres < 1:
        return empty_bank(vectors.shape[1], occupations.shape[1])
    joined = sp.csr_matrix(sp.hstack([vectors, occupations]))
    place = np.linspace(0, joined.shape[0] - 1, n_centres).astype(int)
    middle = unit_rows(sp.csr_matrix(joined[place]))
    for _ in range(ROUNDS):
        nearest = np.asarray((joined @ middle.T).todense()).argmax(axis=1)
        members = sp.csr_matrix(
            (np.ones(len(nearest)), (nearest, np.arange(len(nearest)))), shape=(n_centres, len(nearest))
        )
        middle = unit_rows(sp.csr_matrix(members @ joined))
    filled = np.asarray(members.sum(axis=1)).ravel() > 0
    kept = sp.csr_matrix(members[filled])
    return Bank(
        unit_rows(largest(sp.csr_matrix(kept @ vectors), WORDS_OF_A_CENTRE)),
        unit_rows(largest(sp.csr_matrix(kept @ occupations), OCCUPATIONS_OF_A_CENTRE)),
    )


def largest(matrix: Matrix, kept: int) -> Matrix:
    """The ``kept`` largest entries of each row; the others are dropped."""
    rows = []
    for row in range(matrix.shape[0]):
        start, end = matrix.indptr[row], matrix.indptr[row + 1]
        order = np.sort(start + np.argsort(-matrix.data[start:end], kind="stable")[:kept])
        rows.append((matrix.data[order], matrix.indices[order]))
    lengths = np.cumsum([0, *(len(data) for data, _ in rows)])
    data = np.concatenate([data for data, _ in rows]) if rows else np.zeros(0)
    indices = np.concatenate([indices for _, indices in rows]) if rows else np.zeros(0, dtype=np.int32)
    return sp.csr_matrix((data, indices, lengths), shape=matrix.shape)

"""How much of the skills that a posting lists a student holds, skill by skill.

All amounts are whole numbers, so that one pair alone gives what a full run gives. A credit of 1000 is a skill held,
less is a nearby one. A wanted weight of 1000 is a required skill, less a preferred one.
"""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from matching.scoring.words import Array, Matrix, inverse_document_frequency

UNIT = 1000
FEWEST_POSTINGS = 20
LEAST_RARITY = 0.1
PRIOR_WEIGHT = 2000  # a posting that lists one skill is judged as if two more were listed and missing

Whole = NDArray[np.int64]


def credits(held: Matrix, near: Matrix) -> Matrix:  # noqa: A001 - the builtin is a help text of the prompt
    """What each student's skills count for: the skill held or, if not, the best nearby one held.

    held : (n_students, n_skills), 1.0 where held, in [0, 1]
    near : (n_skills, n_skills), near[a, b] in [0, 1) is what holding a is worth where b is wanted
    Returns whole numbers 0..1000, (n_students, n_skills).
    """
    held = sp.csr_matrix(held, dtype=np.float64)
    near = sp.csr_matrix(near, dtype=np.float64)
    if near.shape != (held.shape[1], held.shape[1]):
        raise ValueError(f"near is {near.shape}, expected {(held.shape[1], held.shape[1])}.")
    best = sp.csr_matrix(held)
    if near.nnz:
        best = sp.csr_matrix(best.maximum(_best_neighbour(held, near)))
    best.data = np.rint(np.clip(best.data, 0.0, 1.0) * UNIT)
    best.eliminate_zeros()
    return best


def _best_neighbour(held: Matrix, near: Matrix) -> Matrix:
    """max over a of held[s, a] * near[a, b], sparse (n_students, n_skills)."""
    coordinates = held.tocoo()
    lengths = np.diff(near.indptr)[coordinates.col]
    owner = np.repeat(np.arange(len(lengths)), lengths)
    offset = np.arange(lengths.sum()) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    place = near.indptr[coordinates.col][owner] + offset
    rows, columns = coordinates.row[owner], near.indices[place]
    values = coordinates.data[owner] * near.data[place]
    keys = rows.astype(np.int64) * held.shape[1] + columns
    unique, inverse = np.unique(keys, return_inverse=True)
    largest = np.zeros(len(unique))
    np.maximum.at(largest, inverse, values)
    return sp.csr_matrix((largest, (unique // held.shape[1], unique % held.shape[1])), shape=held.shape)


def skill_rarity(wanted: Matrix) -> Array:
    """How telling each skill is, (n_skills,) in [0.1, 1]: inverse document frequency over postings, 1 for unseen ones.

    wanted : (n_postings, n_skills), above 0 where listed. Too few postings to tell give an empty array: all are 1.
    """
    n_postings = wanted.shape[0]
    if n_postings < FEWEST_POSTINGS:
        return np.ones(0)
    frequency = np.bincount(sp.csr_matrix(wanted).nonzero()[1], minlength=wanted.shape[1])
    idf = inverse_document_frequency(frequency.astype(np.float64), n_postings)
    return np.round(np.clip(idf / np.log(2.0 * (n_postings + 1.0)), LEAST_RARITY, 1.0), 3)


def wanted_weights(wanted: Matrix, rarity: Array | None = None) -> Matrix:
    """Weights of the wanted skills times their rarity as whole numbers (1.0 becomes 1000), same shape.

    rarity : (n_known,), of the first columns; skills that came later count as rare, 1.0
    """
    result = sp.csr_matrix(wanted, dtype=np.float64, copy=True)
    if rarity is not None and len(rarity):
        factor = np.ones(max(result.shape[1], len(rarity)))
        factor[: len(rarity)] = rarity
        result.data = result.data * factor[result.indices]
    result.data = np.rint(np.clip(result.data, 0.0, 10.0) * UNIT)
    result.eliminate_zeros()
    return result


def weight_of(wanted: float, rarity: float) -> int:
    """One of the ``wanted_weights``."""
    return round(min(max(wanted * rarity, 0.0), 10.0) * UNIT)


def coverage(credit: Matrix, weights: Matrix) -> Whole:
    """Share of each posting's wanted skills that each student holds, in thousandths, (n_students, n_postings).

    sum of credit * weight / (sum of weights + 2 required skills): the addition keeps one listed word from deciding
    alone, and never lowers anybody relative to another. A posting that lists nothing gives 0.
    """
    if credit.shape[1] != weights.shape[1]:
        raise ValueError(f"held has {credit.shape[1]} skills, wanted has {weights.shape[1]}.")
    earned = np.asarray((credit @ weights.T).todense()).astype(np.int64)
    listed = np.asarray(weights.sum(axis=1)).ravel().astype(np.int64)
    return share_of(earned, listed[None, :])


def share_of(earned: Whole, listed: Whole) -> Whole:
    return earned // (listed + PRIOR_WEIGHT)


def earned_by_skill(credit: Matrix, weights: Matrix) -> list[tuple[int, int, int]]:
    """For one pair, each wanted skill: (column, weight in thousandths, credit in thousandths), heaviest first."""
    own = {int(column): int(value) for column, value in zip(credit.indices, credit.data, strict=True)}
    rows = [(int(c), int(w), own.get(int(c), 0)) for c, w in zip(weights.indices, weights.data, strict=True)]
    return sorted(rows, key=lambda row: (-row[1], row[0]))


def shared_out(total: int, amounts: list[int]) -> list[int]:
    """``total`` in proportion to ``amounts`` by largest remainder, ties to the first; adds up exactly, or all are 0."""
    whole = sum(amounts)
    if not whole:
        return [0] * len(amounts)
    shared = [total * amount // whole for amount in amounts]
    order = sorted(range(len(amounts)), key=lambda k: (-(total * amounts[k] % whole), k))
    for k in order[: total - sum(shared)]:
        shared[k] += 1
    return shared

"""A table of word translations learned from pairs of phrases. Brown et al. 1993, IBM model 1."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

NULL_WEIGHT = 0.05  # share of a target word that no source word explains
ITERATIONS = 6
KEPT_TRANSLATIONS = 5
SMALLEST_PROBABILITY = 0.08
IDENTICAL_SHARE = 0.5  # Python stays Python


def ibm_model_1(
    pairs: Sequence[tuple[Sequence[int], Sequence[int]]], n_terms: int, iterations: int = ITERATIONS
) -> sp.csr_matrix:
    """P(target word | source word) as (n_terms, n_terms), rows summing to at most 1.

    pairs : (source columns, target columns) of phrases that translate each other
    """
    source, target, owner = _combinations(pairs)
    if not len(source):
        return sp.csr_matrix((n_terms, n_terms))
    keys, inverse = np.unique(source.astype(np.int64) * n_terms + target, return_inverse=True)
    slots, slot = np.unique(owner, return_inverse=True)  # one slot per target word of a pair
    source_of_key = (keys // n_terms).astype(np.int64)
    probability = np.ones(len(keys)) / np.bincount(source_of_key, minlength=n_terms)[source_of_key]
    for _ in range(iterations):
        weight = probability[inverse]
        total = np.bincount(slot, weight, minlength=len(slots)) + NULL_WEIGHT / 10
        expected = np.bincount(inverse, weight / total[slot], minlength=len(keys))
        mass = np.bincount(source_of_key, expected, minlength=n_terms)
        probability = expected / np.maximum(mass[source_of_key], 1e-12)
    return sp.csr_matrix((probability, (source_of_key, keys % n_terms)), shape=(n_terms, n_terms))


def _combinations(
    pairs: Sequence[tuple[Sequence[int], Sequence[int]]],
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Every (source word, target word, number of the target word's slot) within each pair."""
    sources, targets, owners, slot = [], [], [], 0
    for left, right in pairs:
        if not len(left) or not len(right):
            continue
        sources.append(np.tile(np.asarray(left, dtype=np.int64), len(right)))
        targets.append(np.repeat(np.asarray(right, dtype=np.int64), len(left)))
        owners.append(np.repeat(np.arange(slot, slot + len(right)), len(left)))
        slot += len(right)
    if not sources:
        empty = np.zeros(0, dtype=np.int64)
        return empty, empty, empty
    return np.concatenate(sources), np.concatenate(targets), np.concatenate(owners)


def best_translations(table: sp.csr_matrix) -> sp.csr_matrix:
    """The few likely translations of each word, the rest dropped; same shape, rows summing to 1 or 0."""
    rows, columns, values = [], [], []
    table = sp.csr_matrix(table)
    for row in range(table.shape[0]):
        start, end = table.indptr[row], table.indptr[row + 1]
        order = np.argsort(-table.data[start:end], kind="stable")[:KEPT_TRANSLATIONS]
        kept = [k for k in order if table.data[start + k] >= SMALLEST_PROBABILITY]
        total = sum(table.data[start + k] for k in kept)
        rows += [row] * len(kept)
        columns += [table.indices[start + k] for k in kept]
        values += [table.data[start + k] / total for k in kept]
    return sp.csr_matrix((values, (rows, columns)), shape=table.shape)


def keep_identical(table: sp.csr_matrix, twins: Sequence[tuple[int, int]]) -> sp.csr_matrix:
    """Words written alike in both languages translate to themselves with at least half of the weight.

    twins : (column in one language, column in the other) of the same letters, both ways round
    """
    if not twins:
        return table
    rows = np.array([left for left, _ in twins])
    columns = np.array([right for _, right in twins])
    own = np.asarray(table[rows, columns]).ravel()
    has_more = np.asarray(table[rows].sum(axis=1)).ravel() - own > 1e-9
    share = np.where(has_more, np.maximum(own, IDENTICAL_SHARE), 1.0)
    scale = np.ones(table.shape[0])
    scale[rows] = np.where(has_more, (1.0 - share) / np.maximum(1.0 - own, 1e-9), 0.0)
    others = sp.lil_matrix(table)
    others[rows, columns] = 0.0
    fixed = sp.csr_matrix((share, (rows, columns)), shape=table.shape)
    result = sp.csr_matrix(sp.diags(scale) @ sp.csr_matrix(others) + fixed)
    result.eliminate_zeros()
    return result

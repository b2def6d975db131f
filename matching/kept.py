"""Which pairs are stored: each student's best postings and each posting's best students."""

from __future__ import annotations

import numpy as np

TOP_PER_STUDENT = 50
TOP_PER_JOB = 100


def kept_pairs(totals: np.ndarray) -> np.ndarray:
    """Which pairs are stored: each student's best and each posting's best, ties to the lower place; no zeros."""
    rows = np.argsort(-totals, axis=1, kind="stable")[:, :TOP_PER_STUDENT]
    columns = np.argsort(-totals, axis=0, kind="stable")[:TOP_PER_JOB]
    keep = np.zeros(totals.shape, bool)
    np.put_along_axis(keep, rows, True, axis=1)
    np.put_along_axis(keep, columns, True, axis=0)
    return keep & (totals > 0)


def best_of_each(owners: np.ndarray, totals: np.ndarray, others: np.ndarray, kept: int) -> np.ndarray:
    """Mask of the ``kept`` best pairs of each owner, ties to the lower ``others``; all arrays (n_pairs,); no zeros."""
    if not len(owners):
        return np.zeros(0, bool)
    order = np.lexsort((others, -totals, owners))
    sorted_owners = owners[order]
    starts = np.flatnonzero(np.diff(sorted_owners, prepend=sorted_owners[0] - 1))
    rank = np.arange(len(order)) - np.repeat(starts, np.diff([*starts, len(order)]))
    keep = np.zeros(len(order), bool)
    keep[order] = rank < kept
    return keep & (totals > 0)


def last_places(owners: np.ndarray, totals: np.ndarray, kept: int) -> tuple[np.ndarray, np.ndarray]:
    """Owners that have ``kept`` pairs or more, ascending, and the total that the last of those places holds."""
    order = np.lexsort((-totals, owners))
    unique, starts, counts = np.unique(owners[order], return_index=True, return_counts=True)
    full = counts >= kept
    return unique[full], totals[order][starts[full] + kept - 1]


def worth_storing(totals: np.ndarray, cutoffs: np.ndarray, kept: int) -> np.ndarray:
    """Places of one subject's ``kept`` best, and of those that enter the other side's full lists.

    totals, cutoffs : (n,), hundredths of a point; a cutoff of 1 is that of a list with room
    """
    keep = totals >= cutoffs
    keep[np.argsort(-totals, kind="stable")[:kept]] = True
    return np.flatnonzero(keep & (totals > 0))

"""Which pairs are stored: each student's best postings and each posting's best students."""

from __future__ import annotations

import numpy as np

TOP_PER_STUDENT = 50
TOP_PER_JOB = 100
WHOLE_BITS = 62  # of a whole number that is sorted


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
    order = ranked(owners, totals, others)
    rank = _ranks(owners[order])
    keep = np.zeros(len(order), bool)
    keep[order] = rank < kept
    return keep & (totals > 0)


def ranked(owners: np.ndarray, totals: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Places (n_pairs,) by owner, then best total, then lower ``others``.

    One sort of whole numbers where the three fit into one, which takes a fifth of the time of three sorts.
    """
    low, last = int(others.min()), int(others.max())
    width = max(1, (last - low).bit_length())
    first, best = int(owners.min()), int(totals.max())
    height = max(1, (best - int(totals.min())).bit_length())
    if (int(owners.max()) - first).bit_length() + height + width > WHOLE_BITS:
        return np.lexsort((others, -totals.astype(np.int64), owners))
    keys = (owners.astype(np.int64) - first) << height | (best - totals.astype(np.int64))
    return np.argsort(keys << width | (others.astype(np.int64) - low))


def _ranks(owners: np.ndarray) -> np.ndarray:
    """Place of each pair among those of its owner, from 0; ``owners`` lie together."""
    starts = np.flatnonzero(np.diff(owners, prepend=owners[0] - 1))
    return np.arange(len(owners)) - np.repeat(starts, np.diff([*starts, len(owners)]))


def last_places(owners: np.ndarray, totals: np.ndarray, kept: int) -> tuple[np.ndarray, np.ndarray]:
    """Owners that have ``kept`` pairs or more, ascending, and the total that the last of those places holds."""
    if not len(owners):
        return owners, totals
    order = ranked(owners, totals, np.zeros_like(owners))
    is_last = _ranks(owners[order]) == kept - 1
    return owners[order][is_last], totals[order][is_last]


def worth_storing(totals: np.ndarray, cutoffs: np.ndarray, kept: int) -> np.ndarray:
    """Places of one subject's ``kept`` best, and of those that enter the other side's full lists.

    totals, cutoffs : (n,), hundredths of a point; a cutoff of 1 is that of a list with room
    """
    keep = totals >= cutoffs
    keep[np.argsort(-totals, kind="stable")[:kept]] = True
    return np.flatnonzero(keep & (totals > 0))

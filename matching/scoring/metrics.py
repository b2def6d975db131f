"""Measures of a ranking against labels: nDCG@10, MRR@10, Recall@50, AUC, calibration error, with intervals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matching.scoring.words import Array

CUT = 10
RECALL_CUT = 50
RESAMPLES = 500


@dataclass(frozen=True)
class Ranking:
    """Measures of one direction, one value per query that has something relevant; NaN-free."""

    ndcg: Array
    mrr: Array
    recall: Array


def rank_queries(scores: Array, labels: Array, names: Sequence[str]) -> Ranking:
    """Measures of each query (row) over candidates (columns).

    scores : (n_queries, n_candidates), higher is better, ties by name ascending
    labels : same shape, 0 / 1 / 2; gain 2^label - 1. Järvelin & Kekäläinen 2002.
    """
    by_name = np.argsort(np.array(names), kind="stable")
    scores, labels = scores[:, by_name], labels[:, by_name]
    asked = (labels > 0).any(axis=1)
    scores, labels = scores[asked], labels[asked]
    order = np.argsort(-scores, axis=1, kind="stable")
    found = np.take_along_axis(labels, order, axis=1)
    ideal = -np.sort(-labels, axis=1)
    hits = found[:, :CUT] > 0
    first = np.where(hits.any(axis=1), 1.0 / (hits.argmax(axis=1) + 1.0), 0.0)
    recall = (found[:, :RECALL_CUT] > 0).sum(axis=1) / (labels > 0).sum(axis=1)
    return Ranking(discounted_gain(found) / discounted_gain(ideal), first, recall)


def discounted_gain(labels: Array) -> Array:
    """Sum over the first ten labels of (2^label - 1) / log2(rank + 1), (n_queries,)."""
    top = labels[:, :CUT]
    return ((2.0**top - 1.0) / np.log2(np.arange(2, top.shape[1] + 2))).sum(axis=1)


def area_under_curve(scores: Array, labels: Array) -> float:
    """Probability that a relevant pair scores above an irrelevant one, ties half; NaN if a class is empty."""
    scores, labels = np.asarray(scores, dtype=float), np.asarray(labels)
    _, inverse, count = np.unique(scores, return_inverse=True, return_counts=True)
    rank = (np.cumsum(count) - (count - 1) / 2.0)[inverse]
    positive, negative = int((labels == 1).sum()), int((labels == 0).sum())
    if not positive or not negative:
        return float("nan")
    return float((rank[labels == 1].sum() - positive * (positive + 1) / 2.0) / (positive * negative))


def calibration_error(probabilities: Array, labels: Array, bins: int = 10) -> float:
    """Expected calibration error in [0, 1] over bins of equal width. Naeini, Cooper & Hauskrecht 2015."""
    probabilities, labels = np.asarray(probabilities, dtype=float), np.asarray(labels, dtype=float)
    if not len(labels):
        return float("nan")
    place = np.clip((probabilities * bins).astype(int), 0, bins - 1)
    gap = np.bincount(place, probabilities - labels, minlength=bins)
    return float(np.abs(gap).sum() / len(labels))


def interval(values: Array, groups: NDArray[np.int64] | None = None, seed: int = 0) -> tuple[float, float]:
    """95 % bootstrap interval of a mean, whole groups (students) drawn at a time. Efron & Tibshirani 1993."""
    values = np.asarray(values, dtype=float)
    if not len(values):
        return float("nan"), float("nan")
    groups = np.arange(len(values)) if groups is None else np.asarray(groups)
    _, group = np.unique(groups, return_inverse=True)
    total, size = np.bincount(group, values), np.bincount(group)
    drawn = np.random.default_rng(seed).integers(0, len(size), (RESAMPLES, len(size)))
    means = total[drawn].sum(axis=1) / size[drawn].sum(axis=1)
    low, high = np.quantile(means, [0.025, 0.975])
    return float(low), float(high)

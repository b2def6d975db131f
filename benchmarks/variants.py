"""Many encoded rows from few: each variant drops, weakens and strengthens what its original says, by a fixed seed.

Encoding a hundred thousand texts takes longer than everything measured here. Variants keep what matters to a
benchmark of scoring: numbers of entries, skew over occupations, and that similar people are similar.
"""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp

from matching.scoring.features import SCALE, Features

KEPT_WORDS = 0.75
KEPT_SKILLS = 0.7
JITTER = 0.35


def varied(base: Features, skills: sp.csr_matrix, count: int, *, seed: int) -> tuple[Features, sp.csr_matrix]:
    """``count`` variants of random rows of ``base``, with their skills."""
    rng = np.random.default_rng(seed)
    rows = rng.integers(0, len(base), count)
    words = _thinned(base.words[rows], KEPT_WORDS, rng)
    groups = base.groups[rows] * rng.uniform(1 - JITTER, 1 + JITTER, base.groups[rows].shape)
    meaning = base.meaning[rows] + rng.normal(0, 0.03 * SCALE, base.meaning[rows].shape)
    features = Features(
        base.version,
        occupations=_jittered(base.occupations[rows], rng),
        words=words,
        own_words=words,
        groups=_unit(groups),
        meaning=_unit(meaning),
    )
    held = _thinned(skills[rows], KEPT_SKILLS, rng)
    held.data = np.minimum(np.asarray(skills.max()), np.ones_like(held.data) * held.data).astype(np.float64)
    return features, held


def _unit(dense: np.ndarray) -> np.ndarray:
    lengths = np.maximum(np.sqrt((dense**2).sum(axis=1, keepdims=True)), 1e-9)
    return np.rint(dense / lengths * SCALE).astype(np.int16)


def _thinned(matrix: sp.csr_matrix, share: float, rng: np.random.Generator) -> sp.csr_matrix:
    result = sp.csr_matrix(matrix, copy=True)
    result.data = np.where(rng.random(len(result.data)) < share, result.data, 0.0)
    result.eliminate_zeros()
    return result


def _jittered(matrix: sp.csr_matrix, rng: np.random.Generator) -> sp.csr_matrix:
    result = sp.csr_matrix(matrix, copy=True)
    result.data = np.rint(result.data * rng.uniform(1 - JITTER, 1 + JITTER, len(result.data))).astype(np.float32)
    lengths = np.maximum(np.sqrt(np.asarray(result.multiply(result).sum(axis=1)).ravel()), 1e-9)
    result.data = np.rint(result.data / np.repeat(lengths, np.diff(result.indptr)) * SCALE).astype(np.float32)
    return result

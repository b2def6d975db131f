"""Latent semantic indexing over both languages: words that occur with the same occupations come near each other."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import scipy.sparse as sp

from matching.scoring.words import Array, Matrix

ITERATIONS = 3
SEED = 0


def latent_projection(parts: Sequence[Matrix], dimensions: int) -> Array:
    """Right singular vectors (n_terms, dimensions) of the parts stacked, float32.

    Randomised, power iterated, fixed seed. Deerwester et al. 1990; Halko, Martinsson & Tropp 2011. With fewer
    documents than dimensions the remaining columns are zero.
    """
    from sklearn.utils.extmath import randomized_svd

    stacked = sp.csr_matrix(sp.vstack(parts))
    rank = min(dimensions, min(stacked.shape) - 1)
    result = np.zeros((stacked.shape[1], dimensions), dtype=np.float32)
    if rank >= 1:
        _, _, right = randomized_svd(stacked, rank, n_iter=ITERATIONS, random_state=SEED)
        result[:, :rank] = right.T
    return result

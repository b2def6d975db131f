"""Texts as vectors over occupations, corrected for hubs, and pooled into the groups of ISCO-08."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from matching.scoring.taxonomy import Occupation, Taxonomy
from matching.scoring.words import Array, Matrix, Piece, unit_dense, unit_rows

TITLE_WEIGHT = 2.0
ESSENTIAL_WEIGHT = 2.0
OPTIONAL_WEIGHT = 1.0
GROUP_WEIGHT = 1.0
DESCRIPTION_WEIGHT = 1.0


def occupation_pieces(occupation: Occupation, taxonomy: Taxonomy) -> list[Piece]:
    """Everything the taxonomy says of an occupation, in both languages, with weights."""
    pieces: list[Piece] = []
    for side, language in enumerate(("es", "en")):
        pieces += [(language, title, TITLE_WEIGHT) for title in occupation.titles(language)]
        pieces += [(language, pair[side], ESSENTIAL_WEIGHT) for pair in occupation.essential]
        pieces += [(language, pair[side], OPTIONAL_WEIGHT) for pair in occupation.optional]
        pieces.append((language, taxonomy.groups.get(occupation.isco, ("", ""))[side], GROUP_WEIGHT))
    pieces.append(("es", occupation.description_es, DESCRIPTION_WEIGHT))
    pieces.append(("en", occupation.description_en, DESCRIPTION_WEIGHT))
    return [piece for piece in pieces if piece[1]]


def title_rows(taxonomy: Taxonomy) -> tuple[list[list[Piece]], NDArray[np.int64]]:
    """Every title and alias of every occupation by itself, and the index of its occupation, ascending."""
    rows, owners = [], []
    for number, occupation in enumerate(taxonomy.occupations):
        titles = [(language, title, 1.0) for language in ("es", "en") for title in occupation.titles(language)]
        rows += [[title] for title in titles]
        owners += [number] * len(titles)
    return rows, np.array(owners, dtype=np.int64)


def unit_per_language(weighted: Matrix, is_spanish: NDArray[np.bool_]) -> Matrix:
    """Rows whose Spanish words and whose English words each make a unit vector, side by side."""
    spanish = sp.diags(is_spanish.astype(np.float64))
    english = sp.diags((~is_spanish).astype(np.float64))
    return sp.csr_matrix(unit_rows(sp.csr_matrix(weighted @ spanish)) + unit_rows(sp.csr_matrix(weighted @ english)))


def cosine(documents: Matrix, occupations: Matrix) -> Array:
    """Dot products (n_documents, n_occupations) in [0, 1] of unit rows, dense."""
    return np.asarray((documents @ occupations.T).todense(), dtype=np.float64)


def without_hubs(cosines: Array, corpus_mean: Array) -> Array:
    """Cosines above what the average text of the corpus has with each occupation; the rest is 0.

    cosines : (n_documents, n_occupations); corpus_mean : (n_occupations,). Removes occupations that attract every
    text. Compare centring against hubness, Hara et al. 2015.
    """
    return np.maximum(cosines - corpus_mean, 0.0)


def strongest(values: Array, kept: int) -> Array:
    """The ``kept`` largest values of each row (ties with the last one stay too), the others 0."""
    if values.shape[1] <= kept:
        return values
    threshold = np.partition(values, -kept, axis=1)[:, -kept][:, None]
    return np.where(values >= threshold, values, 0.0)


def sharpened(values: Array, kept: int, power: float = 1.25) -> Array:
    """Unit vectors of the strongest occupations of each row, raised to a power that favours the first ones."""
    return unit_dense(strongest(values, kept) ** power)


def title_evidence(cosines: Array, least: float = 0.2, kept: int = 15) -> Array:
    """Occupations whose titles a title resembles, as unit vectors scaled by the best resemblance, in [0, 1]."""
    best = cosines.max(axis=1, initial=0.0)[:, None]
    near = strongest(np.where(cosines < least, 0.0, cosines), kept)
    return unit_dense(near) * best


def group_maximum(values: Array, group_of: NDArray[np.int64], n_groups: int) -> Array:
    """Unit vectors (n_documents, n_groups): the maximum over the occupations of each unit group."""
    order = np.argsort(group_of, kind="stable")
    starts = np.searchsorted(group_of[order], np.arange(n_groups))
    return unit_dense(np.maximum.reduceat(values[:, order], starts, axis=1))


def maximum_by_owner(values: Array, owner: NDArray[np.int64], n_owners: int) -> Array:
    """Largest value of each owner's columns, (n, n_owners), 0 for an owner without columns; ``owner`` ascends."""
    result = np.zeros((values.shape[0], n_owners))
    present, starts = np.unique(owner, return_index=True)
    if len(present):
        result[:, present] = np.maximum.reduceat(values, starts, axis=1)
    return result

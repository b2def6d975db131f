"""Documents as vectors of words: vocabulary, counts, tf-idf and BM25 weights."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import TypeAlias

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from matching.scoring import settings
from moirai.skills.text import stems

Array = NDArray[np.float64]
Piece = tuple[str, str, float]  # language, text, weight
Matrix: TypeAlias = sp.csr_matrix


class Vocabulary:
    """Stems by language, each with a column: ``es:program`` and ``en:program`` are two words."""

    def __init__(self, terms: Sequence[str] = ()) -> None:
        self.terms = list(terms)
        self.index = {term: column for column, term in enumerate(self.terms)}

    def __len__(self) -> int:
        return len(self.terms)

    def columns_of(self, language: str) -> NDArray[np.bool_]:
        """Mask (n_terms,) of the words of one language."""
        return np.array([term.startswith(language + ":") for term in self.terms], dtype=bool)

    def add(self, term: str) -> int:
        """Column of a term, new ones at the end."""
        column = self.index.get(term)
        if column is None:
            column = self.index[term] = len(self.terms)
            self.terms.append(term)
        return column


def count_words(documents: Iterable[Iterable[Piece]], vocabulary: Vocabulary, *, grow: bool = False) -> Matrix:
    """Weighted counts (n_documents, n_terms) >= 0 of the stems of each document's pieces.

    With ``grow`` unknown words are added to the vocabulary, otherwise they are left out.
    """
    indptr, columns = [0], list[int]()
    values: list[float] = []
    for pieces in documents:
        row: dict[int, float] = defaultdict(float)
        for language, text, weight in pieces:
            for word in stems(text, language):
                term = f"{language}:{word}"
                column = vocabulary.add(term) if grow else vocabulary.index.get(term)
                if column is not None:
                    row[column] += weight
        columns.extend(sorted(row))
        values.extend(row[column] for column in sorted(row))
        indptr.append(len(columns))
    shape = (len(indptr) - 1, len(vocabulary))
    return sp.csr_matrix((np.array(values, dtype=np.float64), np.array(columns, dtype=np.int32), indptr), shape=shape)


def count_shared_words(documents: Iterable[Iterable[Piece]], vocabulary: Vocabulary) -> Matrix:
    """As `count_words`; the vocabulary grows by the words of at least ``LEAST_STUDENTS`` documents alone."""
    everything, known = Vocabulary(vocabulary.terms), len(vocabulary)
    counts = count_words(documents, everything, grow=True)
    frequency = np.bincount(counts.indices, minlength=len(everything))
    kept = [*range(known), *(known + np.flatnonzero(frequency[known:] >= settings.LEAST_STUDENTS)).tolist()]
    for column in kept[known:]:
        vocabulary.add(everything.terms[column])
    return sp.csr_matrix(counts[:, kept])


def inverse_document_frequency(document_frequency: Array, n_documents: Array | float) -> Array:
    """log((N + 1) / (df + 0.5)), at least 0; shape of ``document_frequency``. Robertson & Spärck Jones 1976."""
    return np.maximum(np.log((np.asarray(n_documents) + 1.0) / (document_frequency + 0.5)), 0.0)


def sublinear(counts: Matrix) -> Matrix:
    """1 + log(count) of each count above 1; smaller counts stay. Same shape."""
    result = counts.copy()
    result.data = np.where(counts.data > 1.0, 1.0 + np.log(np.maximum(counts.data, 1.0)), counts.data)
    return result


def unit_rows(matrix: Matrix) -> Matrix:
    """Each row divided by its Euclidean length; rows of zeros stay zeros."""
    lengths = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
    lengths[lengths == 0.0] = 1.0
    return sp.csr_matrix(sp.diags(1.0 / lengths) @ matrix)


def unit_dense(matrix: Array) -> Array:
    """Each row divided by its Euclidean length; rows of zeros stay zeros."""
    lengths = np.sqrt((matrix * matrix).sum(axis=1, keepdims=True))
    return matrix / np.where(lengths == 0.0, 1.0, lengths)


def tf_idf(counts: Matrix, idf: Array) -> Matrix:
    """Unit vectors (n_documents, n_terms) of sublinear tf times idf. Salton & Buckley 1988."""
    return unit_rows(sp.csr_matrix(sublinear(counts) @ sp.diags(idf)))

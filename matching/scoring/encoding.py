"""From documents to features, by a fitted model. Every row depends on its own document and the model alone."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from matching.scoring import settings
from matching.scoring.degrees import isco_prior
from matching.scoring.documents import POSTING_WEIGHTS, STUDENT_WEIGHTS, Document
from matching.scoring.features import Features, concatenate, quantised, quantised_sparse
from matching.scoring.occupations import (
    cosine,
    group_maximum,
    maximum_by_owner,
    sharpened,
    strongest,
    title_evidence,
    unit_per_language,
    without_hubs,
)
from matching.scoring.words import Array, Matrix, Piece, count_words, tf_idf, unit_dense, unit_rows

if TYPE_CHECKING:
    from matching.scoring.model import Bank, FittedModel

Side = Literal["student", "posting"]
ROWS_AT_ONCE = 256
NEIGHBOURS = 10


def pieces_of(document: Document, side: Side) -> list[Piece]:
    """Language, text and weight of each field of a document."""
    weights = STUDENT_WEIGHTS if side == "student" else POSTING_WEIGHTS
    return [(field.language, field.text, weights[field.kind]) for field in document.fields]


def encode(model: FittedModel, documents: Sequence[Document], side: Side) -> Features:
    """Features of documents, in blocks, so that memory stays flat."""
    starts = range(0, max(len(documents), 1), ROWS_AT_ONCE)
    return concatenate([_encode_block(model, documents[start : start + ROWS_AT_ONCE], side) for start in starts])


def _encode_block(model: FittedModel, documents: Sequence[Document], side: Side) -> Features:
    counts = count_words([pieces_of(document, side) for document in documents], model.vocabulary)
    vectors = tf_idf(counts, model.idf)
    moved = moved_words(model.translations, vectors)
    occupations = occupation_vectors(model, documents, vectors, moved, side)
    groups = group_maximum(occupations, model.group_of, len(model.group_codes))
    if side == "student":
        groups = unit_dense(groups + settings.PROGRAMME_SHARE * unit_dense(programme_prior(model, documents)))
    words = bilingual_words(model, vectors, moved) if side == "student" else vectors
    meant = with_translation(vectors, moved, settings.TRANSLATED_MEANING)
    return Features(
        model.version,
        quantised_sparse(sp.csr_matrix(occupations)),
        quantised_sparse(words),
        quantised_sparse(vectors),
        quantised(groups),
        quantised(meaning_vectors(model, documents, meant, side)),
    )


def occupation_vectors(
    model: FittedModel, documents: Sequence[Document], vectors: Matrix, moved: Matrix, side: Side
) -> Array:
    """Unit vectors (n, n_occupations) >= 0: what each text is about. ``moved`` are the words' translations."""
    own = own_occupations(model, documents, vectors, moved, side)
    readable = unit_rows(bilingual_words(model, vectors, moved))
    lent = from_neighbours(model.posting_bank, readable, own)
    if side == "student":  # students learn from other students as well as from postings
        lent = lent + from_neighbours(model.student_bank, readable, own)
    mixed = unit_dense(own + settings.NEIGHBOUR_SHARE * lent)
    has_words = np.diff(vectors.indptr) > 0
    kept = settings.KEPT_OCCUPATIONS_STUDENT if side == "student" else settings.KEPT_OCCUPATIONS_POSTING
    return unit_dense(strongest(mixed, kept)) * has_words[:, None]


def own_occupations(
    model: FittedModel, documents: Sequence[Document], vectors: Matrix, moved: Matrix, side: Side
) -> Array:
    """The same from the document's own words, degree programme or title, without neighbours.

    Every text is read through its own language and through its translation, so that it says much the same in both.
    """
    cosines = cosine(with_translation(vectors, moved, settings.TRANSLATED_OCCUPATIONS), model.occupation_words)
    spoken = language_rows(documents)
    if side == "student":
        found = sharpened(without_hubs(cosines, model.student_mean[spoken]), settings.KEPT_OCCUPATIONS_STUDENT)
        prior = programme_prior(model, documents)[:, model.group_of]
        return unit_dense(found * (1.0 + settings.PROGRAMME_TILT * prior))
    found = sharpened(without_hubs(cosines, model.posting_mean[spoken]), settings.KEPT_OCCUPATIONS_POSTING)
    return unit_dense(found + settings.TITLE_SHARE * evidence_of_titles(model, documents))


TITLE_PARTS = re.compile(r"[,;:|(/\[]|\s[-–—]+\s")


def evidence_of_titles(model: FittedModel, documents: Sequence[Document]) -> Array:
    """Occupations whose titles a posting's title, or a part of it between commas, resembles, (n, n_occupations)."""
    rows: list[list[Piece]] = []
    owners: list[int] = []
    for number, document in enumerate(documents):
        title = document.of_kind("title")
        parts = dict.fromkeys([title, *(part.strip() for part in TITLE_PARTS.split(title))])
        rows += [[(document.language, part, 1.0)] for part in parts if part]
        owners += [number] * (len(rows) - len(owners))
    likeness = cosine(tf_idf(count_words(rows, model.vocabulary), model.idf), model.title_words)
    best = maximum_by_owner(likeness, model.title_of, len(model.occupation_ids))
    return title_evidence(maximum_by_owner(best.T, np.array(owners, dtype=np.int64), len(documents)).T)


def language_rows(documents: Sequence[Document]) -> NDArray[np.int64]:
    """0 for each document mainly in Spanish, 1 for the others, (n,)."""
    return np.array([0 if document.language == "es" else 1 for document in documents], dtype=np.int64)


def programme_prior(model: FittedModel, documents: Sequence[Document]) -> Array:
    """Weights (n, n_groups) in [0, 1] of the groups that each degree programme leads to."""
    column = {code: number for number, code in enumerate(model.group_codes)}
    prior = np.zeros((len(documents), len(model.group_codes)))
    for row, document in enumerate(documents):
        for code, weight in isco_prior(document.of_kind("programme")).items():
            if code in column:
                prior[row, column[code]] = weight
    return prior


def from_neighbours(bank: Bank, readable: Matrix, own: Array) -> Array:
    """Occupations of the nearest centres of the corpus, weighted by squared likeness, (n, n_occupations).

    readable : (n, n_terms), words in both languages, like those of the bank; own : (n, n_occupations). By words alone
    the neighbours of a text would be those written in its language.
    """
    if not bank.words.shape[0]:
        return np.zeros(own.shape)
    likeness = cosine(readable, bank.words) + settings.NEIGHBOURS_BY_OCCUPATION * (bank.occupations @ own.T).T
    likeness = strongest(likeness, NEIGHBOURS) ** 2
    total = likeness.sum(axis=1, keepdims=True)
    weights = likeness / np.where(total == 0.0, 1.0, total)
    return np.asarray((sp.csr_matrix(weights) @ bank.occupations).todense())


def meaning_vectors(model: FittedModel, documents: Sequence[Document], vectors: Matrix, side: Side) -> Array:
    """Unit vectors (n, n_dimensions) of latent semantic indexing, centred on the mean of side and language.

    vectors : (n, n_terms), words with their translations. A text without known words has no vector.
    """
    latent = unit_dense(np.asarray(vectors @ model.projection, dtype=np.float64))
    centred = unit_dense(latent - model.meaning_means[language_rows(documents) + (0 if side == "student" else 2)])
    return centred * (np.diff(vectors.indptr) > 0)[:, None]


def moved_words(table: Matrix, vectors: Matrix) -> Matrix:
    """Unit vectors (n, n_terms) of the other language's words that translate a text's own."""
    return unit_rows(sp.csr_matrix(vectors @ table))


def with_translation(vectors: Matrix, moved: Matrix, share: float) -> Matrix:
    """A text's words with their translations beside them, which count for ``share``."""
    return sp.csr_matrix(vectors + share * moved)


def bilingual_words(model: FittedModel, vectors: Matrix, moved: Matrix) -> Matrix:
    """A text's words and their translations, each language a vector of length at most 1."""
    is_spanish = model.vocabulary.columns_of("es")
    own = unit_per_language(vectors, is_spanish)
    return unit_per_language(sp.csr_matrix(own + settings.TRANSLATED_SHARE * moved), is_spanish)

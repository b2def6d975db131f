"""The fitted model: everything learned from a taxonomy and a corpus, versioned, one object for all workers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from matching.scoring.curve import Curve
from matching.scoring.documents import Document
from matching.scoring.features import Features
from matching.scoring.settings import Weights
from matching.scoring.taxonomy import Taxonomy
from matching.scoring.words import Array, Matrix, Vocabulary


class ModelError(Exception):
    """A model cannot be used: damaged, of another version, or absent. The message says which."""


@dataclass(frozen=True)
class Bank:
    """Centres of texts of the corpus: unit word vectors and the occupations their members are about."""

    words: Matrix  # (n_centres, n_terms), unit rows
    occupations: Matrix  # (n_centres, n_occupations), unit rows


@dataclass(frozen=True)
class FittedModel:
    """Arrays learned by :func:`matching.scoring.fitting.fit`; never changed afterwards."""

    version: str
    vocabulary: Vocabulary
    idf: Array  # (n_terms,)
    occupation_words: Matrix  # (n_occupations, n_terms), each language's words a unit vector
    title_words: Matrix  # (n_titles, n_terms), unit rows of every title and alias
    title_of: NDArray[np.int64]  # (n_titles,), the occupation of each, ascending
    student_mean: Array  # (2, n_occupations), mean cosine of students in Spanish and in English
    posting_mean: Array  # (2, n_occupations), of postings
    group_codes: tuple[str, ...]
    group_of: NDArray[np.int64]  # (n_occupations,), index into group_codes
    occupation_ids: tuple[str, ...]
    projection: Array  # (n_terms, n_dimensions), float32
    meaning_means: Array  # (4, n_dimensions), of students in Spanish and in English, then of postings
    translations: Matrix  # (n_terms, n_terms), rows summing to 1 or 0
    student_bank: Bank
    posting_bank: Bank
    skill_rarity: Array  # (n_skills,) in [0.1, 1], or empty where no skills were given
    curve: Curve
    weights: Weights = field(default_factory=Weights)

    @classmethod
    def fit(
        cls,
        taxonomy: Taxonomy,
        postings: Iterable[Document],
        students: Iterable[Document],
        wanted: Matrix | None = None,
    ) -> FittedModel:
        """Learn from a taxonomy and a corpus, which may be empty. Seconds to two minutes.

        wanted : (n_postings, n_skills), above 0 where a posting lists a skill; skills that many list count for less
        """
        from matching.scoring.fitting import fit

        return fit(taxonomy, list(postings), list(students), wanted)

    @classmethod
    def load(cls, folder: Path) -> FittedModel:
        """Read a stored model, large arrays mapped into memory. Raises ModelError with the reason."""
        from matching.scoring.storage import load

        return load(Path(folder))

    def save(self, folder: Path) -> Path:
        """Store below ``folder`` under the version's name, complete or not at all; returns the model's own folder."""
        from matching.scoring.storage import save

        return save(self, Path(folder))

    def encode_students(self, documents: Sequence[Document]) -> Features:
        """Features of students, one row each, in order."""
        from matching.scoring.encoding import encode

        return encode(self, documents, side="student")

    def encode_postings(self, documents: Sequence[Document]) -> Features:
        """Features of postings, one row each, in order."""
        from matching.scoring.encoding import encode

        return encode(self, documents, side="posting")

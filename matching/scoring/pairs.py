"""Points of chosen pairs, one by one: the same whole numbers as :func:`matching.scoring.points.score`.

A block of students against all postings is cheap where every pair is wanted. A full run wants a hundred or two postings
for each student; here one student's sparse rows are laid out densely and only the chosen postings' are read, in place.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from scipy.sparse import _sparsetools  # not public, the same since SciPy 0.7; test_pairs holds it to the public one

from matching.scoring import requirements
from matching.scoring.features import Features
from matching.scoring.points import EVIDENCE_SHIFT, Evidence, Whole, requirement_evidence
from matching.scoring.words import Matrix

if TYPE_CHECKING:
    from matching.scoring.model import FittedModel

Places = NDArray[np.int64]
Values = NDArray[np.float64]
PACK = 2.0**28  # words and skills of a pair travel in one float64: words above this place, skills below it


@dataclass(frozen=True)
class Postings:
    """Postings laid out for reading by the row.

    topics : (n, n_occupations + n_groups); words : (n, n_terms + n_skills); both float64 of whole numbers
    meaning : float32 (n, n_dimensions); listed : (n,) what coverage is divided by
    """

    topics: Matrix
    words: Matrix
    meaning: NDArray[np.float32]
    listed: Whole

    def __len__(self) -> int:
        return int(self.meaning.shape[0])

    @property
    def fits_packed(self) -> bool:
        """Whether no posting can earn so much by skills that it would reach into the words' part."""
        return bool(self.listed.max(initial=0) * requirements.UNIT < PACK)


def lay_out(model: FittedModel, postings: Features, wanted: Matrix | None = None) -> Postings:
    """Prepare postings once for any number of students; ``wanted`` as in ``points.score``."""
    n_skills = 0 if wanted is None else wanted.shape[1]
    wanted = sp.csr_matrix((len(postings), n_skills)) if wanted is None else wanted
    weights = requirements.wanted_weights(wanted, model.skill_rarity)
    topics = sp.hstack([postings.occupations, sp.csr_matrix(postings.groups.astype(np.float64))])
    return Postings(
        sp.csr_matrix(topics, dtype=np.float64),
        sp.csr_matrix(sp.hstack([postings.words, weights]), dtype=np.float64),
        postings.meaning.astype(np.float32),
        np.asarray(weights.sum(axis=1)).ravel().astype(np.int64) + requirements.PRIOR_WEIGHT,
    )


def evidence_of_pairs(
    model: FittedModel, students: Features, credit: Matrix | None, postings: Postings, rows: Places, columns: Places
) -> Evidence:
    """Evidence of the pairs (rows[k], columns[k]), ascending by row, then column; each part (n_pairs,).

    credit : ``requirements.credits`` of the students, or None to judge by text alone
    """
    if students.version != model.version:
        raise ValueError(f"Features belong to model {students.version}, not {model.version}.")
    if (np.diff(rows * len(postings) + columns) < 0).any():
        raise ValueError("Pairs must ascend by row, then by column.")
    weights = model.weights
    topics, words, skills, meaning = _dots(model, students, credit, postings, rows, columns)
    occupation = topics + weights.meaning * np.maximum(meaning, 0)
    share = skills // postings.listed[columns] if credit is not None else np.zeros_like(words)
    required = requirement_evidence(model, share)
    return Evidence(occupation >> EVIDENCE_SHIFT, required, weights.words * words >> EVIDENCE_SHIFT)


def _dots(
    model: FittedModel, students: Features, credit: Matrix | None, postings: Postings, rows: Places, columns: Places
) -> tuple[Whole, Whole, Whole, Whole]:
    """Weighted topics, words, earned skills and meaning of each pair, student by student, the last pair first."""
    backwards = columns[::-1]
    topics, words, skills = (_Chosen(part, backwards) for part in (postings.topics, postings.words, postings.words))
    meaning = np.zeros(len(rows), np.float32)
    is_packed = postings.fits_packed
    n_occupations, n_terms = students.occupations.shape[1], students.words.shape[1]
    about, said = np.zeros(postings.topics.shape[1]), np.zeros(postings.words.shape[1])
    own_groups = students.groups * np.float64(model.weights.groups)
    own_meaning = students.meaning.astype(np.float32)
    bounds = (len(rows) - np.searchsorted(rows, np.arange(len(students) + 1))).tolist()
    for row, (end, start) in enumerate(itertools.pairwise(bounds)):
        if start == end:
            continue
        about[:n_occupations] = 0.0
        _spread(about, students.occupations, row, 0, model.weights.occupations)
        about[n_occupations:] = own_groups[row]
        topics.times(about, start, end)
        meaning[start:end] = postings.meaning[backwards[start:end]] @ own_meaning[row]
        spoken = _spread(said, students.words, row, 0, PACK if is_packed else 1.0)
        if not is_packed:
            words.times(said, start, end)
            said[spoken] = 0.0
        held = slice(0) if credit is None else _spread(said, credit, row, n_terms, 1.0)
        (words if is_packed else skills).times(said, start, end)
        said[spoken] = said[held] = 0.0
    of_words, of_skills = words.found, skills.found
    if is_packed:
        of_words = np.floor(words.found / PACK)
        of_skills = words.found - of_words * PACK
    whole = [part[::-1].astype(np.int64) for part in (topics.found, of_words, of_skills, meaning)]
    return whole[0], whole[1], whole[2], whole[3]


def _spread(vector: Values, matrix: Matrix, row: int, offset: int, factor: float) -> Places:
    """Put a sparse row into ``vector`` from ``offset`` on; returns the places."""
    entries = slice(matrix.indptr[row], matrix.indptr[row + 1])
    places = matrix.indices[entries] + offset if offset else matrix.indices[entries]
    vector[places] = matrix.data[entries] * np.float64(factor)
    return places


class _Chosen:
    """Products of chosen rows of a sparse matrix, in descending order, without copying them.

    The rows' bounds go to SciPy's loop as they are: start and end of the first, start and end of the next. What lies
    from the end of one to the start of the next ends before it begins, so that the loop passes over it.
    """

    def __init__(self, matrix: Matrix, rows: Places) -> None:
        self.matrix = matrix
        self.bounds = np.empty(2 * len(rows), matrix.indices.dtype)
        self.bounds[0::2], self.bounds[1::2] = matrix.indptr[rows], matrix.indptr[rows + 1]
        self.sums = np.zeros(2 * len(rows))

    def times(self, vector: Values, start: int, end: int) -> None:
        """Add the products of the rows start..end, descending, with ``vector``."""
        bounds, sums = self.bounds[2 * start : 2 * end], self.sums[2 * start : 2 * end - 1]
        matrix = self.matrix
        _sparsetools.csr_matvec(len(sums), len(vector), bounds, matrix.indices, matrix.data, vector, sums)

    @property
    def found(self) -> Values:
        """The sums so far, one a row, in the order of the rows."""
        return self.sums[0::2]

"""Points of chosen pairs, one by one: the same whole numbers as :func:`matching.scoring.points.score`.

A block of students against all postings is cheap where every pair is wanted. A full run wants a few hundred postings
for each student; here a few students' sparse rows are laid out densely and only the chosen postings' are read.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from matching.scoring import requirements
from matching.scoring.features import Features
from matching.scoring.points import EVIDENCE_SHIFT, Evidence, Points, Whole, points_of, requirement_evidence
from matching.scoring.words import Matrix

if TYPE_CHECKING:
    from matching.scoring.model import FittedModel

Places = NDArray[np.int64]
Values = NDArray[np.float64]
STUDENTS_AT_ONCE = 12  # as many as fit the cache of a core, laid out densely
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


def score_pairs(
    model: FittedModel,
    students: Features,
    postings: Features,
    held: Matrix | None,
    wanted: Matrix | None,
    near: Matrix | None,
    rows: Places,
    columns: Places,
) -> Points:
    """Points of the pairs (rows[k], columns[k]), each array (n_pairs,); arguments as in ``points.score``."""
    credit = None
    if held is not None and wanted is not None:
        near = sp.csr_matrix((held.shape[1], held.shape[1])) if near is None else near
        credit = requirements.credits(held, near)
    order = np.argsort(rows, kind="stable")
    found = evidence_of_pairs(
        model,
        students,
        credit,
        lay_out(model, postings, wanted if credit is not None else None),
        rows[order],
        columns[order],
    )
    back = np.empty_like(order)
    back[order] = np.arange(len(order))
    return points_of(model, Evidence(found.occupation[back], found.requirements[back], found.words[back]))


def evidence_of_pairs(
    model: FittedModel, students: Features, credit: Matrix | None, postings: Postings, rows: Places, columns: Places
) -> Evidence:
    """Evidence of the pairs (rows[k], columns[k]), ``rows`` ascending; each part (n_pairs,).

    credit : ``requirements.credits`` of the students, or None to judge by text alone
    """
    if students.version != model.version:
        raise ValueError(f"Features belong to model {students.version}, not {model.version}.")
    weights = model.weights
    topics, words, skills, meaning = _dots(model, students, credit, postings, rows, columns)
    occupation = topics + weights.meaning * np.maximum(meaning, 0)
    share = skills // postings.listed[columns] if credit is not None else np.zeros_like(words)
    required = requirement_evidence(model, share)
    return Evidence(occupation >> EVIDENCE_SHIFT, required, weights.words * words >> EVIDENCE_SHIFT)


def _dots(
    model: FittedModel, students: Features, credit: Matrix | None, postings: Postings, rows: Places, columns: Places
) -> tuple[Whole, Whole, Whole, Whole]:
    """Weighted topics, words, earned skills and meaning of each pair; a few students at a time."""
    parts = [np.zeros(len(rows)) for _ in range(4)]
    bounds = np.searchsorted(rows, np.arange(0, len(students) + STUDENTS_AT_ONCE, STUDENTS_AT_ONCE))
    for number, (start, end) in enumerate(itertools.pairwise(bounds.tolist())):
        if start == end:
            continue
        few = slice(number * STUDENTS_AT_ONCE, (number + 1) * STUDENTS_AT_ONCE)
        own, chosen = rows[start:end] - few.start, columns[start:end]
        found = _dots_of_few(model, students[few], None if credit is None else credit[few], postings, own, chosen)
        for part, values in zip(parts, found, strict=True):
            part[start:end] = values
    topics, words, skills, meaning = (part.astype(np.int64) for part in parts)
    return topics, words, skills, meaning


def _dots_of_few(
    model: FittedModel, students: Features, credit: Matrix | None, postings: Postings, rows: Places, columns: Places
) -> tuple[Values, Values, Values, Values]:
    about = np.hstack(
        [
            students.occupations.toarray().astype(np.float64) * model.weights.occupations,
            students.groups.astype(np.float64) * model.weights.groups,
        ]
    )
    topics = _chosen_dots(postings.topics, about, rows, columns)
    own_meaning, meaning = students.meaning.astype(np.float32), np.empty(len(rows))
    bounds = np.searchsorted(rows, np.arange(len(students) + 1))
    for row, (start, end) in enumerate(itertools.pairwise(bounds.tolist())):
        meaning[start:end] = postings.meaning[columns[start:end]] @ own_meaning[row]
    n_terms = students.words.shape[1]
    said = np.zeros((len(students), postings.words.shape[1]))
    said[:, :n_terms] = students.words.toarray()
    if credit is None:
        return topics, _chosen_dots(postings.words, said, rows, columns), np.zeros(len(rows)), meaning
    if postings.fits_packed:
        said *= PACK
        said[:, n_terms:] = credit.toarray()
        packed = _chosen_dots(postings.words, said, rows, columns)
        words = np.floor(packed / PACK)
        return topics, words, packed - words * PACK, meaning
    words = _chosen_dots(postings.words, said, rows, columns)
    said[:, :n_terms], said[:, n_terms:] = 0.0, credit.toarray()
    return topics, words, _chosen_dots(postings.words, said, rows, columns), meaning


def _chosen_dots(right: Matrix, left: NDArray[np.float64], rows: Places, columns: Places) -> Values:
    """left[rows[k]] . right[columns[k]] for each k; the rows of ``left`` lie behind each other in one long vector."""
    taken = right[columns]
    moved = taken.indices + np.repeat((rows * left.shape[1]).astype(taken.indices.dtype), np.diff(taken.indptr))
    chosen = sp.csr_matrix((taken.data, moved, taken.indptr), shape=(len(rows), left.size), copy=False)
    return np.asarray(chosen @ left.ravel())

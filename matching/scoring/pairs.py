"""Points of chosen pairs, one by one: the same whole numbers as :func:`matching.scoring.points.score`.

A block of students against all postings is cheap where every pair is wanted. A full run wants a few hundred postings
for each student; here a student's sparse rows are laid out once and only the chosen postings' entries are read.
"""

from __future__ import annotations

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
    """Weighted topics, words, earned skills and meaning of each pair; one student after the other."""
    n_pairs, packed = len(rows), postings.fits_packed
    topics, words, meaning = np.empty(n_pairs), np.empty(n_pairs), np.empty(n_pairs)
    skills = np.zeros(n_pairs)
    about = np.zeros(postings.topics.shape[1])
    said = np.zeros(postings.words.shape[1])
    own_meaning = students.meaning.astype(np.float32)
    starts = np.flatnonzero(np.diff(rows, prepend=-1))
    for start, end in zip(starts.tolist(), [*starts[1:].tolist(), n_pairs], strict=True):
        row, chosen = int(rows[start]), columns[start:end]
        spread = _spread_topics(about, model, students, row)
        topics[start:end] = postings.topics[chosen] @ about
        about[spread] = 0.0
        asked = postings.words[chosen]
        terms = _entries(students.words, row)
        said[terms[0]] = terms[1] * PACK if packed else terms[1]
        if credit is not None and packed:
            held = _entries(credit, row)
            said[held[0] + students.words.shape[1]] = held[1]
        words[start:end] = asked @ said
        said[terms[0]] = 0.0
        if credit is not None:
            held = _entries(credit, row)
            if not packed:
                said[held[0] + students.words.shape[1]] = held[1]
                skills[start:end] = asked @ said
            said[held[0] + students.words.shape[1]] = 0.0
        meaning[start:end] = postings.meaning[chosen] @ own_meaning[row]
    if packed:
        high = np.floor(words / PACK)
        skills, words = words - high * PACK, high
    return topics.astype(np.int64), words.astype(np.int64), skills.astype(np.int64), meaning.astype(np.int64)


def _spread_topics(about: NDArray[np.float64], model: FittedModel, students: Features, row: int) -> Places:
    """Lay one student's weighted occupations and groups into ``about``; returns the places that were set."""
    places, values = _entries(students.occupations, row)
    about[places] = values * float(model.weights.occupations)
    groups = np.flatnonzero(students.groups[row])
    about[groups + students.occupations.shape[1]] = students.groups[row, groups] * float(model.weights.groups)
    return np.concatenate([places, groups + students.occupations.shape[1]])


def _entries(matrix: Matrix, row: int) -> tuple[Places, NDArray[np.float64]]:
    """Columns and values of one sparse row."""
    start, end = matrix.indptr[row], matrix.indptr[row + 1]
    return matrix.indices[start:end], matrix.data[start:end].astype(np.float64)

"""What a pair's points are made of: the occupations and words both texts share, and every requirement."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import scipy.sparse as sp

from matching.scoring import points, requirements
from matching.scoring.features import Features
from matching.scoring.words import Matrix

if TYPE_CHECKING:
    from matching.scoring.model import FittedModel

MOST_ROWS = 12
FULL_CREDIT = requirements.UNIT


@dataclass(frozen=True, slots=True)
class SharedOccupation:
    """An occupation both texts are about; ``share`` of the shared occupations' evidence, in [0, 1]."""

    index: int  # into FittedModel.occupation_ids
    share: float


@dataclass(frozen=True, slots=True)
class SharedWord:
    """A stem of the posting and the stem of the student that meets it; they differ in language where translated."""

    student_term: str  # such as "es:program"
    posting_term: str
    share: float


@dataclass(frozen=True, slots=True)
class RequirementRow:
    """One wanted skill. ``points`` of all rows add up to the requirements part; ``missing`` is what it would add."""

    skill: int  # column of the skill in ``wanted``
    weight: float
    credit: float  # 1.0 held, between 0 and 1 nearby, 0.0 missing
    points: int  # hundredths earned
    missing: int  # hundredths of the total that holding it in full would add


@dataclass(frozen=True)
class Explanation:
    """Everything behind one pair's points."""

    points: points.Points  # arrays of shape (1, 1)
    occupations: list[SharedOccupation]
    words: list[SharedWord]
    requirements: list[RequirementRow]


def explain(
    model: FittedModel,
    student: Features,
    posting: Features,
    held: Matrix | None = None,
    wanted: Matrix | None = None,
    near: Matrix | None = None,
) -> Explanation:
    """The points of one pair and what they are made of. ``student`` and ``posting`` have one row each."""
    if len(student) != 1 or len(posting) != 1:
        raise ValueError(f"One pair is explained at a time, not {len(student)} by {len(posting)}.")
    found = points.evidence(model, student, posting, held, wanted, near)
    given = points.points_of(model, found)
    rows = [] if held is None or wanted is None else requirement_rows(model, found, given, held, wanted, near)
    return Explanation(given, shared_occupations(student, posting), shared_words(model, student, posting), rows)


def shared_occupations(student: Features, posting: Features) -> list[SharedOccupation]:
    """Occupations that both rows hold, those with the largest product first."""
    product = sp.csr_matrix(student.occupations.multiply(posting.occupations))
    return [SharedOccupation(column, share) for column, share in _largest(product)]


def shared_words(model: FittedModel, student: Features, posting: Features) -> list[SharedWord]:
    """Words that both rows hold, the heaviest first, each with the student's own word behind a translation."""
    product = sp.csr_matrix(student.words.multiply(posting.words))
    own = set(student.own_words.indices.tolist())
    back = sp.csc_matrix(model.translations)
    result = []
    for column, share in _largest(product):
        source = column
        if column not in own:
            start, end = back.indptr[column], back.indptr[column + 1]
            known = [(back.data[k], back.indices[k]) for k in range(start, end) if back.indices[k] in own]
            source = int(max(known)[1]) if known else column
        result.append(SharedWord(model.vocabulary.terms[source], model.vocabulary.terms[column], share))
    return result


def _largest(product: Matrix) -> list[tuple[int, float]]:
    total = float(product.data.sum())
    order = np.argsort(-product.data, kind="stable")[:MOST_ROWS]
    return [(int(product.indices[k]), float(product.data[k]) / total) for k in order] if total else []


def requirement_rows(
    model: FittedModel,
    found: points.Evidence,
    given: points.Points,
    held: Matrix,
    wanted: Matrix,
    near: Matrix | None,
) -> list[RequirementRow]:
    """The requirements part shared out over the wanted skills by what each earned, and what each would still add."""
    n_skills = held.shape[1]
    near = sp.csr_matrix((n_skills, n_skills)) if near is None else near
    credit = requirements.credits(held, near)
    weights = requirements.wanted_weights(wanted, model.skill_rarity)
    skills = requirements.earned_by_skill(credit, weights)
    part = int(given.requirements[0, 0])
    earned = requirements.shared_out(part, [weight * own for _, weight, own in skills])
    rows = []
    for (column, weight, own), hundredths, better in zip(skills, earned, _with_each(model, found, skills), strict=True):
        gain = better - int(given.total[0, 0]) if own < FULL_CREDIT else 0
        rows.append(RequirementRow(column, weight / requirements.UNIT, own / FULL_CREDIT, hundredths, gain))
    return rows


def _with_each(model: FittedModel, found: points.Evidence, skills: list[tuple[int, int, int]]) -> list[int]:
    """Hundredths of the total if each skill (column, weight, credit) in turn were held in full."""
    weight, own = np.array([row[1:] for row in skills], dtype=np.int64).reshape(-1, 2).T
    share = requirements.share_of((weight * own).sum() + weight * (FULL_CREDIT - own), weight.sum())
    total = found.occupation + points.requirement_evidence(model, share[None, :]) + found.words
    return [int(value) for value in model.curve.apply(total)[0]]

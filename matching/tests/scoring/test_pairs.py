"""Chosen pairs have the points of a full table, and the screening lets the best through."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.sparse as sp

from benchmarks.variants import varied
from matching.scoring import column, pairs, points, requirements, screening

SKILLS = 60
PARTS = ("occupation", "requirements", "words", "total")


def skills(rng: np.random.Generator, rows: int, share: float) -> sp.csr_matrix:
    return sp.csr_matrix((rng.random((rows, SKILLS)) < share) * rng.choice([0.4, 0.5, 1.0], (rows, SKILLS)))


@pytest.fixture(scope="module")
def market(corpus_model, students, postings):
    """(model, 120 students, 400 postings, held, wanted, near), variants of the trades."""
    rng = np.random.default_rng(11)
    encoded = corpus_model.encode_students(students), corpus_model.encode_postings(postings)
    mine, held = varied(encoded[0], skills(rng, len(students), 0.2), 120, seed=1)
    theirs, wanted = varied(encoded[1], skills(rng, len(postings), 0.15), 400, seed=2)
    upper = sp.triu(sp.random(SKILLS, SKILLS, 0.05, random_state=3), 1)
    upper.data[:] = 0.5
    return corpus_model, mine, theirs, held, wanted, sp.csr_matrix(upper + upper.T)


def score_pairs(model, mine, theirs, held, wanted, near, rows, columns):
    """Points of the pairs (rows[k], columns[k]) in any order; the other arguments as in ``points.score``."""
    credit = None if held is None else requirements.credits(held, near)
    order = np.lexsort((columns, rows))
    laid_out = pairs.lay_out(model, theirs, wanted)
    found = pairs.evidence_of_pairs(model, mine, credit, laid_out, rows[order], columns[order])
    back = np.argsort(order)
    parts = (found.occupation[back], found.requirements[back], found.words[back])
    return points.points_of(model, points.Evidence(*parts))


def test_two_thousand_random_pairs_have_the_points_of_the_full_table(market):
    model, mine, theirs, held, wanted, near = market
    table = points.score(model, mine, theirs, held, wanted, near)
    rng = np.random.default_rng(5)
    rows, columns = rng.integers(0, len(mine), 2000), rng.integers(0, len(theirs), 2000)
    found = score_pairs(model, mine, theirs, held, wanted, near, rows, columns)
    for part in PARTS:
        assert (getattr(found, part) == getattr(table, part)[rows, columns]).all()
    assert found.requirements.any()


def test_without_skills_pairs_are_judged_by_text_alone(market):
    model, mine, theirs, *_ = market
    rows, columns = np.array([3, 0, 3]), np.array([1, 2, 0])
    found = score_pairs(model, mine, theirs, None, None, None, rows, columns)
    table = points.score(model, mine, theirs)
    assert (found.total == table.total[rows, columns]).all()
    assert not found.requirements.any()


def test_a_posting_that_lists_very_many_skills_is_scored_exactly_too(market, monkeypatch):
    model, mine, theirs, held, wanted, near = market
    monkeypatch.setattr(pairs, "PACK", 2.0)
    rows, columns = np.arange(100), np.arange(100)
    found = score_pairs(model, mine, theirs, held, wanted, near, rows, columns)
    table = points.score(model, mine, theirs, held, wanted, near)
    assert (found.total == table.total[rows, columns]).all()


def test_no_pairs_have_no_points(market):
    nothing = np.zeros(0, np.int64)
    assert len(score_pairs(*market, nothing, nothing).total) == 0


def test_the_product_of_inputs_is_the_evidence(market):
    model, mine, theirs, held, wanted, near = market
    credit = requirements.credits(held, near)
    left, right = screening.student_inputs(model, mine, credit), screening.posting_inputs(model, theirs, wanted)
    product = left.products(right)
    evidence = points.evidence(model, mine, theirs, held, wanted, near).total
    positive = points.dense_dot(mine.meaning, theirs.meaning) >= 0  # a negative one counts as none in the evidence
    assert np.allclose(product[positive] * 1_024_000, evidence[positive], rtol=0.01, atol=4_000)


def test_the_screening_finds_the_best_postings_of_every_student(market):
    model, mine, theirs, held, wanted, near = market
    credit = requirements.credits(held, near)
    left = screening.student_inputs(model, mine, credit)
    right = screening.posting_inputs(model, theirs, wanted)
    basis = screening.fit_basis(left[:80], right[:300])
    short = basis.postings(model, theirs, wanted)
    never = np.full(len(theirs), np.inf, np.float32)
    rows, columns, reaches = screening.candidates(basis.students(model, mine, credit), short, never, kept=20)
    assert not reaches.any()
    assert (np.diff(rows) >= 0).all()
    totals = points.score(model, mine, theirs, held, wanted, near).total
    found = 0
    for row in range(len(mine)):
        twentieth = np.sort(totals[row])[-20]
        found += min(20, int((totals[row, columns[rows == row]] >= twentieth).sum()))
    assert found / (20 * len(mine)) >= 0.995
    assert len(rows) < 0.5 * totals.size


def test_few_postings_are_all_candidates():
    short = np.ones((3, 4), np.float32)
    rows, _columns, reaches = screening.candidates(short, short[:2], np.full(2, -np.inf, np.float32), kept=50)
    assert rows.tolist() == [0, 0, 1, 1, 2, 2]
    assert reaches.all()


def test_thresholds_let_about_the_expected_share_of_students_through():
    rng = np.random.default_rng(4)
    everybody, postings = rng.standard_normal((20_000, 8)).astype(np.float32), np.eye(8, dtype=np.float32)
    thresholds = screening.column_thresholds(everybody[::5], postings, 20_000, kept=100)
    through = (everybody @ postings.T >= thresholds).sum(axis=0)
    assert ((through > 200) & (through < 400)).all()


def test_one_posting_has_the_evidence_of_the_full_table_for_every_student(market):
    model, mine, theirs, held, wanted, near = market
    table = points.evidence(model, mine, theirs, held, wanted, near)
    for row in range(0, len(theirs), 40):
        posting = column.lay_out(model, theirs[[row]], wanted[[row]], near)
        found = column.column_evidence(model, mine, held, posting)
        for part in ("occupation", "requirements", "words"):
            assert (getattr(found, part) == getattr(table, part)[:, row]).all()
    assert table.requirements.any()


def test_a_posting_that_asks_for_nothing_earns_nobody_anything_by_skills(market):
    model, mine, theirs, held, _wanted, near = market
    posting = column.lay_out(model, theirs[[0]], sp.csr_matrix((1, SKILLS)), near)
    assert not column.column_evidence(model, mine, held, posting).requirements.any()


def test_pairs_out_of_order_are_refused_where_order_matters(market):
    model, mine, theirs, held, wanted, near = market
    laid_out = pairs.lay_out(model, theirs, wanted)
    with pytest.raises(ValueError, match="ascend"):
        pairs.evidence_of_pairs(model, mine, None, laid_out, np.array([0, 0]), np.array([5, 3]))
    twice = score_pairs(model, mine, theirs, held, wanted, near, np.array([4, 0, 4]), np.array([7, 9, 7]))
    assert twice.total[0] == twice.total[2]

"""Every formula against a slow literal twin."""

from __future__ import annotations

import math

import numpy as np
import pytest
import scipy.sparse as sp

from matching.scoring import metrics, occupations, requirements, words
from matching.scoring.degrees import isco_prior
from matching.scoring.translation import best_translations, ibm_model_1, keep_identical

RANDOM = np.random.default_rng(0)


def test_tf_idf_equals_its_slow_twin():
    counts = RANDOM.integers(0, 4, (30, 20)).astype(float)
    idf = RANDOM.random(20)
    fast = words.tf_idf(sp.csr_matrix(counts), idf).toarray()
    for row in range(30):
        raw = [(1 + math.log(c)) * w if c else 0.0 for c, w in zip(counts[row], idf, strict=True)]
        length = math.sqrt(sum(v * v for v in raw)) or 1.0
        assert fast[row] == pytest.approx([v / length for v in raw])


def test_idf_equals_its_slow_twin():
    assert words.inverse_document_frequency(np.array([0.0, 3.0, 50.0]), 9) == pytest.approx(
        [math.log(10 / 0.5), math.log(10 / 3.5), 0.0]
    )


def test_strongest_keeps_the_largest_of_each_row():
    values = RANDOM.random((50, 30))
    for row, kept in zip(values, occupations.strongest(values, 7), strict=True):
        assert sorted(np.flatnonzero(kept)) == sorted(np.argsort(-row)[:7])


def test_group_maximum_equals_its_slow_twin():
    values, group = RANDOM.random((20, 15)), np.array([0, 2, 1, 1, 2, 0, 3, 3, 1, 0, 2, 2, 3, 1, 0])
    fast = occupations.group_maximum(values, group, 4)
    for row in range(20):
        raw = [max(values[row, k] for k in range(15) if group[k] == g) for g in range(4)]
        assert fast[row] == pytest.approx([v / math.sqrt(sum(x * x for x in raw)) for v in raw])


def test_hubs_are_taken_off_and_title_evidence_is_scaled_by_its_best():
    assert occupations.without_hubs(np.array([[0.5, 0.1]]), np.array([0.2, 0.3])) == pytest.approx(
        np.array([[0.3, 0.0]])
    )
    found = occupations.title_evidence(np.array([[0.6, 0.1, 0.3], [0.1, 0.1, 0.1]]))
    assert np.linalg.norm(found[0]) == pytest.approx(0.6)
    assert found[0, 1] == 0
    assert not found[1].any()


def test_maximum_by_owner_gives_owners_without_columns_nothing():
    result = occupations.maximum_by_owner(np.array([[1.0, 3.0, 2.0]]), np.array([0, 0, 2]), 4)
    assert result.tolist() == [[3.0, 0.0, 2.0, 0.0]]


def test_ibm_model_1_learns_what_occurs_together():
    table = ibm_model_1([([0, 1], [3, 4]), ([0], [3]), ([1, 2], [4, 5])], 6).toarray()
    assert table[0].argmax() == 3
    assert table[1].argmax() == 4
    assert table[2].argmax() == 5
    assert (table.sum(axis=1) <= 1 + 1e-9).all()


def test_ibm_model_1_equals_its_slow_twin():
    pairs = [(list(RANDOM.choice(6, 3, False)), list(6 + RANDOM.choice(6, 3, False))) for _ in range(40)]
    slow = {(s, t): 1.0 for left, right in pairs for s in left for t in right}
    fan = {s: sum(1 for a, _ in slow if a == s) for s in range(6)}
    slow = {(s, t): 1.0 / fan[s] for s, t in slow}
    for _ in range(6):
        expected = dict.fromkeys(slow, 0.0)
        for left, right in pairs:
            for t in right:
                total = sum(slow[s, t] for s in left) + 0.005
                for s in left:
                    expected[s, t] += slow[s, t] / total
        mass = {s: sum(v for (a, _), v in expected.items() if a == s) for s in range(6)}
        slow = {(s, t): v / mass[s] for (s, t), v in expected.items()}
    fast = ibm_model_1(pairs, 12)
    for (s, t), value in slow.items():
        assert fast[s, t] == pytest.approx(value)


def test_translations_are_few_and_identical_words_keep_half():
    table = best_translations(sp.csr_matrix(np.array([[0, 0, 0.9, 0.05], [0, 0, 0.3, 0.6], [0] * 4, [0] * 4])))
    assert table[0].toarray().tolist() == [[0, 0, 1.0, 0]]
    kept = keep_identical(table, [(1, 2)]).toarray()
    assert kept[1, 2] == pytest.approx(0.5)
    assert kept[1].sum() == pytest.approx(1.0)


def test_skill_coverage_equals_its_slow_twin():
    for _ in range(30):
        held = (RANDOM.random((8, 10)) < 0.3).astype(float)
        wanted = np.where(RANDOM.random((9, 10)) < 0.4, RANDOM.choice([0.5, 1.0], (9, 10)), 0.0)
        near = np.where(RANDOM.random((10, 10)) < 0.15, 0.4, 0.0)
        credit = requirements.credits(sp.csr_matrix(held), sp.csr_matrix(near))
        fast = requirements.coverage(credit, requirements.wanted_weights(sp.csr_matrix(wanted)))
        for s in range(8):
            own = [round(1000 * max(held[s, k], max(held[s, a] * near[a, k] for a in range(10)))) for k in range(10)]
            for p in range(9):
                weights = [round(1000 * w) for w in wanted[p]]
                slow = sum(o * w for o, w in zip(own, weights, strict=True)) // (sum(weights) + 2000)
                assert fast[s, p] == slow


def test_skills_of_other_sizes_are_refused():
    with pytest.raises(ValueError, match="near is"):
        requirements.credits(sp.csr_matrix((2, 3)), sp.csr_matrix((2, 2)))
    with pytest.raises(ValueError, match="held has 3"):
        requirements.coverage(sp.csr_matrix((2, 3)), sp.csr_matrix((2, 4)))


def test_degree_programmes_lead_to_their_groups_in_both_languages():
    for spanish, english, group in (
        ("Licenciatura en Contaduría", "BSc Accounting", "2411"),
        ("Licenciatura en Enfermería", "Bachelor of Nursing", "2221"),
        ("Ingeniería en Sistemas Computacionales", "BSc Computer Science", "2512"),
        ("Licenciatura en Derecho", "Bachelor of Laws", "2611"),
    ):
        assert isco_prior(spanish).get(group, 0) > 0.5
        assert isco_prior(english).get(group, 0) > 0.5
    assert isco_prior("") == {}
    assert isco_prior("zzz") == {}


def test_ndcg_equals_its_slow_twin():
    scores, labels = (
        RANDOM.integers(0, 9, (40, 25)).astype(float),
        RANDOM.choice([0, 0, 0, 1, 2], (40, 25)).astype(float),
    )
    names = [f"j{k}" for k in RANDOM.permutation(25)]
    ranking = metrics.rank_queries(scores, labels, names)
    slow = []
    for row in range(40):
        if not labels[row].any():
            continue
        order = sorted(range(25), key=lambda k: (-scores[row, k], names[k]))
        gain = sum((2 ** labels[row, k] - 1) / math.log2(r + 2) for r, k in enumerate(order[:10]))
        best = sum((2**v - 1) / math.log2(r + 2) for r, v in enumerate(sorted(labels[row], reverse=True)[:10]))
        slow.append(gain / best)
    assert ranking.ndcg == pytest.approx(slow)


def test_auc_counts_ordered_pairs_and_ties_half():
    scores, labels = RANDOM.integers(0, 6, 60).astype(float), RANDOM.integers(0, 2, 60)
    pairs = [(a > b) + (a == b) / 2 for a in scores[labels == 1] for b in scores[labels == 0]]
    assert metrics.area_under_curve(scores, labels) == pytest.approx(sum(pairs) / len(pairs))
    assert math.isnan(metrics.area_under_curve(scores, np.ones(60)))


def test_calibration_error_and_interval():
    assert metrics.calibration_error(np.array([0.05, 0.95]), np.array([0, 1])) == pytest.approx(0.05)
    low, high = metrics.interval(np.arange(100.0))
    assert low < 49.5 < high
    assert low > 35
    assert high < 65

"""Points add up, depend on the pair alone, and rise with evidence."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.sparse as sp

from matching.scoring import explanation, points
from matching.scoring.features import Features
from matching.scoring.model import FittedModel
from matching.tests.scoring.conftest import posting, student


@pytest.fixture(params=["model", "corpus_model"])
def fitted(request) -> FittedModel:
    return request.getfixturevalue(request.param)


@pytest.fixture
def skills():
    """Held, wanted, near over twelve skills for ten students and ten postings."""
    random = np.random.default_rng(5)
    held = sp.csr_matrix((random.random((10, 12)) < 0.3).astype(float))
    wanted = sp.csr_matrix(np.where(random.random((10, 12)) < 0.4, random.choice([0.5, 1.0], (10, 12)), 0.0))
    near = sp.csr_matrix(np.where(random.random((12, 12)) < 0.1, 0.5, 0.0))
    return held, wanted, near


def test_a_pair_alone_has_the_points_of_the_full_run_and_the_parts_add_up(fitted, students, postings, skills):
    held, wanted, near = skills
    full = points.score(fitted, fitted.encode_students(students), fitted.encode_postings(postings), held, wanted, near)
    assert (full.total == full.occupation + full.requirements + full.words).all()
    assert full.total.max() <= 10_000
    for i, one in enumerate(students):
        for j, other in enumerate(postings):
            alone = points.score(
                fitted, fitted.encode_students([one]), fitted.encode_postings([other]), held[i], wanted[j], near
            )
            for part in ("occupation", "requirements", "words", "total"):
                assert getattr(alone, part)[0, 0] == getattr(full, part)[i, j]


def test_the_same_trade_ranks_first_in_either_language(corpus_model, students, postings):
    total = points.score(
        corpus_model, corpus_model.encode_students(students), corpus_model.encode_postings(postings)
    ).total
    for row in range(10):
        assert sorted(np.argsort(-total[row])[:2] // 2) == [row // 2, row // 2]


def test_no_text_earns_nothing(fitted, postings):
    nobody = fitted.encode_students([student(""), student("🙂"), student("zzzz qqqq")])
    assert (points.score(fitted, nobody, fitted.encode_postings(postings)).total == 0).all()


def test_personal_facts_change_nothing(fitted, postings):
    text = "Nombre: {}\nEdad: {}\nSexo: {}\nDomicilio: {}\nTeléfono: {}\n{}\n"
    text += "Experiencia:\n- hornear pan\n- decorar pasteles"
    plain = text.format("Ana Paz", 22, "mujer", "Calle 1, Puebla", "222 123 4567", "ana@correo.mx")
    other = text.format("Luis Rey", 61, "hombre", "Av. 9, Mérida", "999 765 4321", "luis@correo.mx")
    encoded = fitted.encode_students([student(plain), student(other)])
    total = points.score(fitted, encoded, fitted.encode_postings(postings)).total
    assert (total[0] == total[1]).all()


def test_the_sex_of_a_title_changes_nothing(fitted, postings):
    encoded = fitted.encode_students([student("soldador, acero y planos"), student("soldadora, acero y planos")])
    total = points.score(fitted, encoded, fitted.encode_postings(postings)).total
    assert (total[0] == total[1]).all()


def test_shares_equal_their_slow_twin():
    random = np.random.default_rng(2)
    parts = tuple(random.integers(0, 5_000_000, 4000) * (random.random(4000) < 0.8) for _ in range(3))
    total = random.integers(0, 10_001, 4000)
    fast = points.shares(total, parts)
    for k in range(4000):
        own = [int(part[k]) for part in parts]
        whole = sum(own)
        slow = [value * int(total[k]) // whole if whole else 0 for value in own]
        if whole:
            slow[own.index(max(own))] += int(total[k]) - sum(slow)
        assert [int(share[k]) for share in fast] == slow


def test_more_evidence_never_lowers_the_total(model):
    rising = np.arange(0, 4_000_000, 997)
    assert (np.diff(model.curve.apply(rising)) >= 0).all()
    assert model.curve.apply(np.array([0]))[0] == 0


def test_explanation_adds_up_and_tells_what_is_missing(fitted, students, postings, skills):
    held, wanted, near = skills
    a, b = fitted.encode_students(students), fitted.encode_postings(postings)
    for i in range(10):
        given = explanation.explain(fitted, a[[i]], b[[i]], held[i], wanted[i], near)
        assert sum(row.points for row in given.requirements) == given.points.requirements[0, 0]
        assert given.occupations
        for row in given.requirements:
            assert (row.missing == 0) == (row.credit == 1.0) or row.missing >= 0
            if row.credit < 1.0:
                more = held[i].tolil()
                more[0, row.skill] = 1.0
                alone = sp.csr_matrix((12, 12))
                base = points.score(fitted, a[[i]], b[[i]], held[i], wanted[i], alone).total[0, 0]
                assert points.score(fitted, a[[i]], b[[i]], more.tocsr(), wanted[i], alone).total[0, 0] >= base


def test_explanation_names_translated_words(model):
    a = model.encode_students([student("hornear pan y decorar pasteles")])
    b = model.encode_postings([posting("baker", "bake bread, decorate cakes", "en")])
    words = explanation.explain(model, a, b).words
    assert any(w.student_term.startswith("es:") and w.posting_term.startswith("en:") for w in words)


def test_features_of_another_model_are_refused(model, corpus_model, students, postings):
    with pytest.raises(ValueError, match="belong to model"):
        points.score(model, corpus_model.encode_students(students), model.encode_postings(postings))


def test_features_survive_the_disk(model, students, tmp_path):
    encoded = model.encode_students(students)
    encoded.save(tmp_path)
    again = Features.load(tmp_path)
    assert (again.groups == encoded.groups).all()
    assert (again.meaning == encoded.meaning).all()
    assert (again.words != encoded.words).nnz == 0
    assert (again[2:5].occupations != encoded[2:5].occupations).nnz == 0

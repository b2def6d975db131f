"""The same CV in Spanish and in English scores alike. The figures here are the ones that docs/matching.md publishes."""

from __future__ import annotations

import numpy as np
import pytest

from matching.scoring import points
from matching.scoring.documents import Document, posting_document, student_document
from matching.scoring.model import FittedModel
from matching.scoring.taxonomy import Taxonomy
from matching.tests.bilingual import CVS, POSTINGS
from matching.tests.scoring.taxonomies import from_rows
from moirai.skills.seed import Seed

WORTH_SHOWING = 20  # pairs with fewer points in both languages are nobody's match


@pytest.fixture(scope="module")
def taxonomy() -> Taxonomy:
    """The shipped one."""
    seed = Seed.read()
    return from_rows(seed.occupations, seed.groups)


@pytest.fixture(scope="module")
def model(taxonomy: Taxonomy) -> FittedModel:
    """Fitted on Spanish texts alone, as most of an office's are: the hardest case for who writes in English."""
    return FittedModel.fit(taxonomy, postings("es") * 3, cvs("es") * 3)


def cvs(language: str) -> list[Document]:
    place = 0 if language == "es" else 2
    return [
        student_document(id=name, language=language, degree_programme=texts[place], cv_text=texts[place + 1])
        for name, texts in CVS.items()
    ]


def postings(language: str) -> list[Document]:
    place = 0 if language == "es" else 2
    return [
        posting_document(id=name, language=language, title=texts[place], description=texts[place + 1])
        for name, texts in POSTINGS.items()
    ]


def both_ways(model: FittedModel, spanish: list[Document], english: list[Document]) -> tuple[np.ndarray, np.ndarray]:
    """Points of the two versions of each CV for postings of both languages, of pairs worth showing, (2, n_pairs)."""
    market = model.encode_postings(postings("es") + postings("en"))
    totals = [points.score(model, model.encode_students(side), market).total / 100 for side in (spanish, english)]
    shown = np.maximum(*totals) >= WORTH_SHOWING
    return totals[0][shown], totals[1][shown]


def test_a_cv_written_in_either_language_has_much_the_same_points(model):
    spanish, english = both_ways(model, cvs("es"), cvs("en"))
    difference = spanish - english
    print(f"written: {len(difference)} pairs, median {np.median(abs(difference)):.1f}, bias {difference.mean():.1f}")
    assert len(difference) >= 20
    assert np.median(abs(difference)) <= 6
    assert abs(difference.mean()) <= 3
    assert np.corrcoef(spanish, english)[0, 1] > 0.9


def test_duties_of_the_taxonomy_in_either_language_have_much_the_same_points(model, taxonomy):
    random = np.random.default_rng(0)
    known = [one for one in taxonomy.occupations if len(one.essential) >= 6]
    versions: tuple[list[Document], list[Document]] = ([], [])
    for place in random.choice(len(known), 60, replace=False):
        duties = random.choice(len(known[place].essential), 6, replace=False)
        for side, language in enumerate(("es", "en")):
            heading = ("Experiencia", "Experience")[side]
            text = "\n- ".join([heading, *(known[place].essential[duty][side] for duty in duties)])
            versions[side].append(student_document(id=place, language=language, degree_programme="", cv_text=text))
    difference = np.subtract(*both_ways(model, *versions))
    print(f"duties: {len(difference)} pairs, median {np.median(abs(difference)):.1f}, bias {difference.mean():.1f}")
    assert np.median(abs(difference)) <= 6
    assert abs(difference.mean()) <= 3


def test_every_cv_finds_its_trade_first_in_both_languages(model):
    market = model.encode_postings(postings("es") + postings("en"))
    for language in ("es", "en"):
        total = points.score(model, model.encode_students(cvs(language)), market).total
        for row, name in enumerate(CVS):
            assert set(np.argsort(-total[row])[:2] % len(POSTINGS)) == {row}, (language, name)

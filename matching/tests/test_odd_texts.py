"""Texts that are not what one expects: scored, explained, never an error, and honest about how little they say."""

from __future__ import annotations

import pytest

from conftest import NOW
from jobs.tests.factories import JobFactory
from matching import pair, ranking
from students.tests.factories import CVFactory

pytestmark = pytest.mark.django_db

PAGE = "Programé servicios web en Python y diseñé bases de datos para la biblioteca de la facultad.\n"
ODD_CVS = {
    "one word": "Python",
    "200 pages": "\f".join([PAGE * 30] * 200),
    "tables only": "\n".join("Python | 2023 | 9.5 | |\t" * 4 for _ in range(60)),
    "a third language": "Ich habe drei Jahre als Entwickler gearbeitet und Webdienste für Kunden programmiert. " * 8,
    "two languages": PAGE * 5 + "I programmed web services in Python and debugged code for the city library. " * 5,
    "no letters": "1234 5678 --- *** 99/99\n" * 20,
    "one line without spaces": "x" * 50_000,
    "emoji and marks": "👩‍💻 Python 🐍 ÑÁÉ\u200b\u00ad SQL ✨" * 30,
}


@pytest.mark.parametrize("kind", ODD_CVS)
def test_an_odd_cv_is_scored_and_explained(model, kind):
    student = CVFactory(text=ODD_CVS[kind], language="other" if kind == "a third language" else "es").student
    job = JobFactory(skills=["python"])

    ranking.refresh_student(student=student, now=NOW)
    found = pair.explain_pair(student, job, now=NOW)

    shown = found.summary
    assert 0 <= shown.points <= 100
    assert shown.occupation + shown.requirements + shown.words == shown.points
    assert not student.matches.exists() or student.matches.get().score == found.match.score


def test_a_cv_of_one_word_says_that_it_says_little(model):
    student, job = CVFactory(text="Python").student, JobFactory(skills=["python"])
    assert pair.explain_pair(student, job, now=NOW).summary.confidence.level == "low"


def test_a_cv_in_two_languages_is_near_postings_of_both(model):
    student = CVFactory(text=ODD_CVS["two languages"]).student
    other = CVFactory(text="Curé heridas de pacientes en un hospital y vigilé signos vitales. " * 5).student
    spanish = JobFactory(description="Programar servicios web en Python y diseñar bases de datos.")
    english = JobFactory(language="en", title="Developer", description="Program web services in Python. Debug code.")
    for job in (spanish, english):
        mine, theirs = (pair.explain_pair(person, job, now=NOW).match.score for person in (student, other))
        assert mine > theirs


@pytest.mark.parametrize(
    "description",
    [
        "Empresa líder en el ramo solicita. Ofrecemos prestaciones de ley. Envía tu CV. Igualdad de oportunidades.",
        "We are an equal opportunity employer. Apply now. Competitive salary and benefits.",
        "!!!",
    ],
)
def test_a_posting_that_is_all_boilerplate_is_scored_low_and_said_to_be_short(model, description):
    student = CVFactory().student
    job = JobFactory(title="Oportunidad", description=description)
    real = JobFactory(title="Desarrollador", description="Programar servicios web en Python y diseñar bases de datos.")
    empty, full = (pair.explain_pair(student, posting, now=NOW) for posting in (job, real))
    assert empty.match.score < full.match.score
    assert empty.summary.confidence.level != "high"
    assert empty.summary.rows == []

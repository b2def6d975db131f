"""CVs and postings are cut where their headings say, and nothing is lost where there are none."""

from __future__ import annotations

import pytest

from moirai.skills.sections import (
    months_of_experience,
    past_titles,
    read_cv,
    read_posting,
    sentences,
)

CV = """Ana Paz
Ingeniera química

EXPERIENCIA PROFESIONAL
Analista de laboratorio, Cementos del Sur, 2019 - 2021
- Tomé muestras de agua
Educación: Ingeniería Química, UNAM
Habilidades: Excel, cromatografía
Idiomas
Inglés B2
"""


def kinds(sections):
    return [section.kind for section in sections]


def test_a_spanish_cv_is_cut_at_its_headings():
    sections = read_cv(CV)
    assert kinds(sections) == ["profile", "experience", "education", "skills", "languages"]
    assert CV[sections[3].start : sections[3].end].strip() == "Excel, cromatografía"
    assert all(section.start < section.end for section in sections)


def test_an_english_cv_is_cut_at_its_headings():
    text = "Summary\nBaker with care\n\nWORK EXPERIENCE\nI baked the bread and led the shop\n"
    text += "Education:\nDiploma\nSKILLS\n- Ovens"
    sections = read_cv(text, "en")
    assert kinds(sections) == ["profile", "experience", "education", "skills"]
    assert sections[1].language == "en"


def test_every_section_of_two_languages_has_its_own():
    text = "Experiencia\nHice el pan de la casa y los pasteles\n"
    text += "Work experience\nI made the bread of the house and the cakes"
    assert [section.language for section in read_cv(text)] == ["es", "en"]


@pytest.mark.parametrize("text", ["Python", "||||", "a | b | c\n1 | 2 | 3", "word " * 200_000])
def test_a_text_without_headings_is_one_section(text):
    (section,) = read_cv(text)
    assert (section.kind, section.start, section.end) == ("profile", 0, len(text))


@pytest.mark.parametrize("text", ["", "  \n\t\n"])
def test_nothing_gives_no_sections(text):
    assert read_cv(text) == []
    assert read_posting(text) == []


def test_a_posting_is_cut_and_boilerplate_marked():
    text = "Responsabilidades:\nSoldar acero.\nRequisitos:\nLeer planos.\n"
    text += "Ofrecemos\nVales de despensa.\nPromovemos la igualdad de oportunidades."
    assert kinds(read_posting(text)) == ["duties", "requirements", "benefits", "boilerplate"]


def test_sentences_cover_items_and_are_never_blank():
    text = "Uno. Dos!\n\n• Tres • Cuatro"
    assert [text[start:end].strip() for start, end in sentences(text)] == ["Uno.", "Dos!", "Tres", "Cuatro"]


def test_titles_of_past_posts_are_found_by_years_and_labels():
    assert [CV[start:end].strip() for start, end in past_titles(CV)] == ["Analista de laboratorio"]
    text = "Puesto: Auxiliar contable\nWorked as a data analyst in Puebla"
    assert next(text[start:end].strip() for start, end in past_titles(text)) == "Auxiliar contable"


@pytest.mark.parametrize(
    ("text", "months"),
    [("2019 - 2021", 24), ("2024 a la fecha", 24), ("two years", 24), ("6 meses", 6), ("nada", 0), ("2021 - 2019", 0)],
)
def test_durations_are_read(text, months):
    assert months_of_experience(text, this_year=2026) == months

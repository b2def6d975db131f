"""Folding keeps offsets, tokens keep places, stems meet across forms, languages are told apart."""

from __future__ import annotations

import pytest

from moirai.skills.text import fold, language_of, stems, tokens, without_personal_lines


@pytest.mark.parametrize("text", ["Ñandú ÁÉÍÓÚ", "Œuvre ß ŁÓDŹ İ ŉ", "C++,C#,.NET – “x”", "🙂 é\u0301", ""])
def test_folding_keeps_every_offset(text):
    assert len(fold(text)) == len(text)


def test_folding_drops_accents_and_case():
    assert fold("Ingeniería Ñoña") == "ingenieria nona"


def test_tokens_stand_where_they_say():
    text = "Programé en C++,C#,.NET y Node.js para Ñandú S.A."
    found = list(tokens(text, "es"))
    assert [token.word for token in found][:5] == ["programe", "c++", "c#", ".net", "node.js"]
    assert all(fold(text[token.start : token.end]) == token.word for token in found)


def test_the_forms_of_a_word_share_a_stem():
    assert len(set(stems("gestioné gestionar gestión", "es"))) == 1
    assert len(set(stems("managing managed manages", "en"))) == 1


@pytest.mark.parametrize("pair", [("enfermero/a", "enfermera"), ("gestor(a)", "gestora"), ("alumn@s", "alumnas")])
def test_the_sex_of_a_title_leaves_no_trace(pair):
    assert stems(pair[0], "es") == stems(pair[1], "es")


def test_stop_words_and_boilerplate_say_nothing():
    assert stems("Buscamos candidato con experiencia y disponibilidad", "es") == []
    assert stems("We are looking for the ideal candidate", "en") == []


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Elaboración de reportes y conciliación de las cuentas de la empresa", "es"),
        ("Preparation of reports and reconciliation of the accounts of the company", "en"),
        (
            "Wir suchen einen erfahrenen Softwareentwickler für unser Büro in Berlin, der gerne mit Kunden spricht",
            "other",
        ),
        ("", "es"),
        ("Excel", "es"),
    ],
)
def test_languages_are_told_apart(text, language):
    assert language_of(text) == language


def test_the_default_holds_where_a_text_is_too_short():
    assert language_of("Excel", default="en") == "en"


def test_personal_lines_are_blanked_at_unchanged_offsets():
    text = "Nombre: Ana Paz\nEdad: 24\nana@correo.mx  +52 222 123 4567\nPanadera en Puebla"
    clean = without_personal_lines(text)
    assert len(clean) == len(text)
    assert clean.split() == ["Panadera", "en", "Puebla"]

"""A small taxonomy written for the tests, and a model fitted on it without any corpus."""

from __future__ import annotations

import pytest

from matching.scoring.documents import Document, posting_document, student_document
from matching.scoring.model import FittedModel
from matching.scoring.taxonomy import Taxonomy
from matching.tests.scoring.taxonomies import from_rows

TRADES = {
    ("baker", "7512", "panadero", "baker"): (
        ["amasar harina y levadura", "hornear pan", "decorar pasteles", "pesar ingredientes"],
        ["knead flour and yeast", "bake bread", "decorate cakes", "weigh ingredients"],
    ),
    ("bookkeeper", "3313", "auxiliar contable", "bookkeeper"): (
        ["registrar facturas", "conciliar cuentas bancarias", "declarar impuestos", "preparar balances"],
        ["record invoices", "reconcile bank accounts", "declare taxes", "prepare balance sheets"],
    ),
    ("programmer", "2512", "programador", "programmer"): (
        ["programar servicios en Python", "depurar código", "consultar bases de datos", "control de versiones con Git"],
        ["program services in Python", "debug code", "query databases", "version control with Git"],
    ),
    ("nurse", "2221", "enfermera", "nurse"): (
        ["cuidar pacientes", "aplicar vacunas", "tomar signos vitales", "administrar medicamentos"],
        ["care for patients", "give vaccines", "take vital signs", "administer medicines"],
    ),
    ("welder", "7212", "soldador", "welder"): (
        ["soldar acero", "leer planos", "cortar metal con soplete", "esmerilar piezas"],
        ["weld steel", "read drawings", "cut metal with a torch", "grind workpieces"],
    ),
}


@pytest.fixture(scope="session")
def taxonomy() -> Taxonomy:
    rows = [
        {"id": name, "isco": isco, "es": es, "en": en, "essential": list(zip(*phrases, strict=True))}
        for (name, isco, es, en), phrases in TRADES.items()
    ]
    groups = [{"isco": isco, "es": es, "en": en} for _, isco, es, en in TRADES]
    return from_rows(rows, groups)


def student(text: str, language: str = "es", programme: str = "", id: str = "s") -> Document:  # noqa: A002
    return student_document(id=id, language=language, degree_programme=programme, cv_text=text)


def posting(title: str, text: str, language: str = "es", id: str = "p") -> Document:  # noqa: A002
    return posting_document(id=id, language=language, title=title, description=text)


@pytest.fixture(scope="session")
def students() -> list[Document]:
    """One student of each trade in each language."""
    return [
        student("Experiencia:\n- " + "\n- ".join(phrases[:3]), language, id=f"{key[0]}-{language}")
        for key, both in TRADES.items()
        for language, phrases in zip(("es", "en"), both, strict=True)
    ]


@pytest.fixture(scope="session")
def postings() -> list[Document]:
    """One posting of each trade in each language."""
    return [
        posting(key[2] if language == "es" else key[3], ". ".join(phrases[1:]), language, f"{key[0]}-{language}")
        for key, both in TRADES.items()
        for language, phrases in zip(("es", "en"), both, strict=True)
    ]


@pytest.fixture(scope="session")
def model(taxonomy: Taxonomy) -> FittedModel:
    return FittedModel.fit(taxonomy, [], [])


@pytest.fixture(scope="session")
def corpus_model(taxonomy: Taxonomy, students: list[Document], postings: list[Document]) -> FittedModel:
    return FittedModel.fit(taxonomy, postings, students)

"""A small taxonomy and a model fitted on it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from conftest import NOW
from matching import encoded, modelstore
from moirai.skills.models import OccupationAlias, OccupationPhrase
from moirai.skills.tests.factories import OccupationFactory, OccupationGroupFactory

OCCUPATIONS = {
    "software-developer": ("2512", "desarrollador de software", "software developer", [
        ("programar servicios web en Python", "program web services in Python"),
        ("diseñar bases de datos", "design databases"),
        ("depurar código", "debug code"),
    ]),
    "nurse": ("2221", "enfermera", "nurse", [
        ("administrar medicamentos a pacientes", "give medicines to patients"),
        ("curar heridas", "dress wounds"),
        ("vigilar signos vitales", "watch vital signs"),
    ]),
    "accountant": ("2411", "contador público", "accountant", [
        ("elaborar declaraciones de impuestos", "prepare tax returns"),
        ("conciliar cuentas bancarias", "reconcile bank accounts"),
        ("registrar pólizas contables", "record accounting entries"),
    ]),
}  # fmt: skip


@pytest.fixture
def taxonomy(db) -> None:
    make_taxonomy()


def make_taxonomy() -> None:
    for code, (isco, title_es, title_en, phrases) in OCCUPATIONS.items():
        group = OccupationGroupFactory(code=isco, name_es=title_es, name_en=title_en)
        occupation = OccupationFactory(code=code, group=group, title_es=title_es, title_en=title_en)
        OccupationAlias.objects.create(occupation=occupation, language="es", text=f"auxiliar {title_es}")
        for es, en in phrases:
            OccupationPhrase.objects.create(occupation=occupation, text_es=es, text_en=en, is_essential=True)


@pytest.fixture
def model(taxonomy, own_folder) -> Iterator[modelstore.FittedModel]:
    """The serving model; what this process holds is forgotten before and after."""
    encoded.forget()
    modelstore.fit(now=NOW)
    yield modelstore.serving_model()
    encoded.forget()

"""Under which names the columns of a file of postings go, and how a cell becomes what the form takes."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from jobs.forms import JobForm
from jobs.models import Job
from moirai.skills.text import fold

NAMES = {
    "id": "id, clave, referencia, folio, reference",
    "title": "title, titulo, puesto, vacante, nombre",
    "description": "description, descripcion, funciones, actividades",
    "requirements": "requirements, required skills, requisitos, habilidades requeridas",
    "preferences": "preferences, preferred skills, nice to have, deseable, deseables, habilidades deseables",
    "language": "language, idioma",
    "kind": "kind, type, tipo, tipo de vacante",
    "modality": "modality, modalidad",
    "city": "city, location, ciudad, lugar, ubicacion",
    "seniority": "seniority, experience, experiencia, nivel",
    "hours_per_week": "hours per week, hours a week, horas por semana, horas a la semana, horas",
    "term_months": "term months, duration in months, duracion en meses, meses",
    "credits": "credits, creditos",
    "minimum_semester": "minimum semester, from semester, semestre minimo, desde semestre, semestre",
    "english_level": "english level, level of english, nivel de ingles, ingles",
    "pay_from": "pay from, pago desde, sueldo desde, sueldo minimo, sueldo",
    "pay_to": "pay to, pago hasta, sueldo hasta, sueldo maximo",
    "pay_period": "pay period, periodo de pago, el pago es",
    "closes_on": "closes on, closes, applications until, cierre, fecha de cierre, postulaciones hasta",
}
LISTS = ("requirements", "preferences")
#: Texts of several lines may begin with the sign of a list.
FORMULA = dict.fromkeys(("description", *LISTS), "=@")
SYNONYMS = {
    "seniority": {
        **dict.fromkeys(("intern", "internship", "trainee"), "student"), "entry": "junior", "lead": "senior",
    },
    "modality": {"on-site": "onsite", "presencial": "onsite", "hibrido": "hybrid", "remoto": "remote"},
    "kind": {"practicas profesionales": "internship", "practicas": "internship", "beca": "internship"},
    "language": {"espanol": "es", "ingles": "en", "spanish": "es", "english": "en"},
}  # fmt: skip


def choice_of(name: str, text: str) -> str:
    """For a column of choices the code of what the cell says in either language; other cells as they are.

    An empty cell is what a new posting has. What names no choice is left for the form to refuse.
    """
    if name == "closes_on":  # as people here write dates, in whichever language they read the page
        return re.sub(r"^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})$", r"\3-\2-\1", text)
    if name == "id":
        return text
    column: Any = Job._meta.get_field(name)
    if not text:
        return str(column.get_default()) if column.has_default() else ""
    return _codes(name).get(fold(text), text.lower() if column.choices else text)


@cache
def names() -> dict[str, str]:
    """``NAMES``, and what the form calls each field in either language."""
    found = dict(NAMES)
    for name in JobForm.base_fields:
        for language in ("es", "en"):
            with translation.override(language):
                found[name] += f", {fold(label_of(name))}".replace("(", "").replace(")", "")
    return found


def label_of(name: str) -> str:
    return str(JobForm.base_fields[name].label or name)


@cache
def _codes(name: str) -> dict[str, str]:
    """What the choices of a column are called, folded."""
    codes = dict(SYNONYMS.get(name, {}))
    choices: list[Any] = Job._meta.get_field(name).flatchoices  # type: ignore[union-attr]
    for language in ("es", "en"):
        with translation.override(language):
            codes |= {fold(str(label)): str(code) for code, label in choices}
    return codes


def words_of(problem: str) -> str:
    """Why a row is not read, in words."""
    words = {
        "columns": _("The row has not as many cells as the header."),
        "cell": _("A cell is longer than a text of a posting can be."),
        "characters": _("A cell holds characters that cannot be stored."),
    }
    return words[problem]

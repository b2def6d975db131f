"""What a file of a cohort may say about a person, under which names its columns go, and how a cell becomes a value."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from moirai.csv_import import match_columns
from moirai.skills.models import Language
from moirai.skills.text import fold


class RowError(ValueError):
    """Why a row is not taken: a word of `REASONS`, and the field or line it is about."""

    def __init__(self, reason: str, detail: object = "") -> None:
        super().__init__(f"{reason} {detail}".strip())
        self.reason, self.detail = reason, str(detail)


def _text(limit: int) -> Callable[[str], str]:
    def read(cell: str) -> str:
        if len(cell) > limit:
            raise ValueError
        return " ".join(cell.split())

    return read


def _number(lowest: int, highest: int) -> Callable[[str], int]:
    def read(cell: str) -> int:
        if not cell.isascii() or not cell.isdigit() or not lowest <= int(cell[:6]) <= highest:
            raise ValueError
        return int(cell)

    return read


def _email(cell: str) -> str:
    if len(cell) > 254:
        raise ValueError
    validate_email(cell)
    return cell.lower()


def _language(cell: str) -> str:
    code = {"espanol": "es", "spanish": "es", "ingles": "en", "english": "en"}.get(fold(cell), fold(cell)[:2])
    if code not in Language.values:
        raise ValueError
    return code


LABELS = {
    "student_number": _("Student number"),
    "name": _("Name"),
    "surname": _("Surname"),
    "email": _("E-mail"),
    "degree_program": _("Degree programme"),
    "semester": _("Semester"),
    "graduation_year": _("Year of graduation"),
    "location": _("City"),
    "phone": _("Phone"),
    "language": _("Language"),
}
READ: dict[str, Callable[[str], Any]] = {
    "student_number": _text(30),
    "name": _text(150),
    "surname": _text(100),
    "email": _email,
    "degree_program": _text(200),
    "semester": _number(1, 20),
    "graduation_year": _number(1950, 2100),
    "location": _text(120),
    "phone": _text(30),
    "language": _language,
}
NAMES = {
    "student_number": "matricula, numero de cuenta, no de cuenta, cuenta, numero de control, expediente, "
    "student number, student id, id",
    "name": "nombre, nombres, nombre completo, alumno, name, full name, first name",
    "surname": "apellidos, apellido, surname, last name",
    "email": "correo, correo electronico, correo institucional, email, e mail, mail",
    "degree_program": "carrera, programa, licenciatura, plan, degree, degree program, degree programme, program",
    "semester": "semestre, semester",
    "graduation_year": "generacion, egreso, ano de egreso, graduation year, year of graduation",
    "location": "ciudad, municipio, city, location",
    "phone": "telefono, celular, phone",
    "language": "idioma, language",
}
REASONS = {
    "columns": _("The row has not as many cells as the header."),
    "cell": _("A cell is longer than a datum of a person can be."),
    "characters": _("A cell holds characters that cannot be stored."),
    "missing": _("%(detail)s is missing."),
    "value": _("%(detail)s cannot be read."),
    "formula": _("%(detail)s begins like a formula."),
    "number_twice": _("The student number was on line %(detail)s already."),
    "email_twice": _("The e-mail was on line %(detail)s already, under another student number."),
    "other_person": _("The student number belongs to somebody else: %(detail)s differs."),
    "number_moves": _("The e-mail belongs to somebody with another student number."),
    "other_role": _("The e-mail belongs to an account that is not a student's."),
    "restricted": _("The person restricted what is done with the data."),
}


def explain(reason: str, detail: str) -> str:
    """A reason in words; '' for none."""
    text = REASONS.get(reason)
    return str(text) % {"detail": LABELS.get(detail, detail)} if text else ""


def signature_of(header: Sequence[str]) -> str:
    """The same for files with the same columns, so that they are matched the same way."""
    return hashlib.sha256("\n".join(fold(name) for name in header).encode()).hexdigest()


def guess(header: Sequence[str]) -> dict[str, int]:
    """Which column each field stands in, by its name."""
    return match_columns(header, NAMES)


def values_of(cells: Sequence[str], mapping: Mapping[str, int]) -> dict[str, Any]:
    """The values of a row by field. An empty cell says nothing and is left out: it clears nothing."""
    values: dict[str, Any] = {}
    for field, at in mapping.items():
        cell = cells[at]
        if not cell:
            continue
        if cell[0] in "=@" or (cell[0] in "+-" and field != "phone"):
            raise RowError("formula", field)
        try:
            values[field] = READ[field](cell)
        except (ValueError, ValidationError):
            raise RowError("value", field) from None
    if "student_number" not in values:
        raise RowError("missing", "student_number")
    if surname := values.pop("surname", ""):
        values["name"] = f"{values.get('name', '')} {surname}".strip()[:150]
    return values

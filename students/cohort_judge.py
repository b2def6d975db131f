"""What rows of a cohort's file would do: whom each is about, what it changes, or why it is not taken."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from moirai.accounts.models import User
from moirai.crypto.ring import normalised
from moirai.skills.text import fold
from students.cohort_fields import RowError
from students.models import CohortRow, Student

#: The person's own as soon as there is an account: the office's list fills them, and never overwrites them.
OWN = ("location", "phone", "language")
LISTED = {"name": "enrolled_name", "email": "enrolled_email"}
CHANGEABLE = [
    "student_number", "enrolled_name", "enrolled_email", "degree_program", "semester", "graduation_year", "location",
    "phone", "language",
]  # fmt: skip
MARKS = {"id", "needs_matching_since", "needs_inviting_since"}  # no part of what a person's profile says


@dataclass
class Plan:
    """What one row does."""

    outcome: str
    student: Student | None = None
    changes: dict[str, Any] = field(default_factory=dict)
    reason: str = ""
    detail: str = ""


class People:
    """Everybody whom some rows may be about, found with three queries."""

    def __init__(self, rows: Sequence[dict[str, Any]], *, lock: bool = False) -> None:
        numbers = [row["student_number"] for row in rows]
        emails = [row["email"] for row in rows if row.get("email")]
        students = Student.objects.select_related("user")
        if lock:
            students = students.select_for_update(of=("self",)).order_by("pk")
        found = list(students.filter(student_number__in=numbers))
        listed = list(students.filter(enrolled_email__in=emails))
        self.users = {normalised(user.email): user for user in User.objects.filter(email__in=emails)}
        owned = list(students.filter(user__in=list(self.users.values())))
        same = {student.pk: student for student in [*found, *listed, *owned]}  # one instance for each person
        self.by_number = {normalised(str(row.student_number)): same[row.pk] for row in found}
        self.by_email = {normalised(str(row.enrolled_email)): same[row.pk] for row in listed}
        self.by_email |= {normalised(row.user.email): same[row.pk] for row in owned if row.user}

    def plan(self, values: dict[str, Any]) -> Plan:
        student = self.by_number.get(normalised(values["student_number"]))
        try:
            return self._plan(values)
        except RowError as error:
            outcome = CohortRow.Outcome.ERROR.value
            return Plan(outcome, student=student, reason=error.reason, detail=error.detail)

    def _plan(self, values: dict[str, Any]) -> Plan:
        email = normalised(values.get("email", ""))
        by_number, by_email = self.by_number.get(normalised(values["student_number"])), self.by_email.get(email)
        user = self.users.get(email)
        if user is not None and user.role != User.Role.STUDENT:
            raise RowError("other_role")
        if by_number is not None and by_email is not None and by_number.pk != by_email.pk:
            raise RowError("number_moves")
        student = by_number or by_email
        if student is None:
            return self._new(values, user)
        _refuse_other_people(student, values)
        changes = _changes(student, values)
        outcome = CohortRow.Outcome.CHANGED if changes else CohortRow.Outcome.SAME
        return Plan(outcome.value, student=student, changes=changes)

    def _new(self, values: dict[str, Any], user: User | None) -> Plan:
        student = Student(user=user)
        if user is not None and "name" in values and user.full_name and fold(user.full_name) != fold(values["name"]):
            raise RowError("other_person", "name")
        if user is None and "name" not in values:
            raise RowError("missing", "name")
        return Plan(CohortRow.Outcome.NEW.value, student=student, changes=_changes(student, values))


def _refuse_other_people(student: Student, values: dict[str, Any]) -> None:
    """A student number never moves between people, nor does a person get a second one."""
    number = student.student_number
    if number and normalised(number) != normalised(values["student_number"]):
        raise RowError("number_moves")
    user = student.user
    name, email = (user.full_name, user.email) if user else (student.enrolled_name, student.enrolled_email or "")
    if name and "name" in values and fold(name) != fold(values["name"]):
        raise RowError("other_person", "name")
    if email and "email" in values and normalised(email) != normalised(values["email"]):
        raise RowError("other_person", "email")
    if student.restricted_since is not None:
        raise RowError("restricted")


def _changes(student: Student, values: dict[str, Any]) -> dict[str, Any]:
    """What the row says that the profile does not say yet."""
    changes = {}
    for name, value in values.items():
        if name in LISTED and student.user_id is not None:
            continue  # the account says it
        field_name = LISTED.get(name, name)
        there = getattr(student, field_name)
        is_own = name in OWN and student.user_id is not None and there not in ("", None)
        is_same = fold(str(there)) == fold(str(value)) if name in LISTED or name == "student_number" else there == value
        if not is_own and not (there and is_same):
            changes[field_name] = value
    return changes


def state_of(student: Student) -> dict[str, str | None]:
    """Everything a profile says, as text."""
    fields = [field.attname for field in Student._meta.concrete_fields if field.name not in MARKS]
    values = {name: getattr(student, name) for name in fields}
    return {name: None if value is None else str(value) for name, value in values.items()}


def hash_of(student: Student) -> str:
    return hashlib.sha256(json.dumps(state_of(student), sort_keys=True).encode()).hexdigest()

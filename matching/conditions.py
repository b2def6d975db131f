"""Conditions of a posting beside a student's facts: met, unmet or unknown, never part of the score."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from jobs.models import Job
from moirai.skills.text import fold
from students.models import Student

LEVELS = ("A1", "A2", "B1", "B2", "C1", "C2")
MET, UNMET, UNKNOWN = "met", "unmet", "unknown"


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition as a sentence; ``state`` is met, unmet or unknown."""

    state: str
    text: str


def conditions(student: Student, job: Job) -> list[Condition]:
    """Those that the posting states: semester, English, hours, place."""
    found = [_semester(student, job), _english(student, job), _hours(student, job), _place(student, job)]
    return [condition for condition in found if condition]


def _semester(student: Student, job: Job) -> Condition | None:
    least, own = job.minimum_semester, student.semester
    if least is None:
        return None
    if own is None:
        return Condition(UNKNOWN, _("Semester %(least)d or later: the profile does not say") % {"least": least})
    text = _("Semester %(least)d or later: %(own)d in the profile") % {"least": least, "own": own}
    return Condition(MET if own >= least else UNMET, text)


def _english(student: Student, job: Job) -> Condition | None:
    if job.english_level not in LEVELS:
        return None
    if student.english_level not in LEVELS:
        return Condition(UNKNOWN, _("English %(level)s: the profile does not say") % {"level": job.english_level})
    is_met = LEVELS.index(student.english_level) >= LEVELS.index(job.english_level)
    values = {"level": job.english_level, "own": student.english_level}
    return Condition(MET if is_met else UNMET, _("English %(level)s: %(own)s in the profile") % values)


def _hours(student: Student, job: Job) -> Condition | None:
    if job.hours_per_week is None:
        return None
    values = {"hours": job.hours_per_week, "own": student.hours_per_week}
    if student.hours_per_week is None:
        return Condition(UNKNOWN, _("%(hours)d hours a week: the profile does not say") % values)
    is_met = student.hours_per_week >= job.hours_per_week
    return Condition(MET if is_met else UNMET, _("%(hours)d hours a week: %(own)d available") % values)


def _place(student: Student, job: Job) -> Condition | None:
    if job.modality == Job.Modality.REMOTE or not job.city:
        return None
    values = {"city": job.city, "modality": job.get_modality_display()}
    if not student.location:
        return Condition(UNKNOWN, _("%(city)s, %(modality)s: the profile names no city") % values)
    own, wanted = fold(student.location).split(",")[0].strip(), fold(job.city).split(",")[0].strip()
    if own == wanted:
        return Condition(MET, _("%(city)s, %(modality)s: the same city") % values)
    return Condition(UNMET, _("%(city)s, %(modality)s: %(own)s in the profile") % {**values, "own": student.location})

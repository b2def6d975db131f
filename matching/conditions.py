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
        return Condition(UNKNOWN, _("Semester %(least)d or later: say yours in your profile") % {"least": least})
    values = {"least": least, "own": own}
    if own >= least:
        return Condition(MET, _("Semester %(least)d or later: you are in %(own)d") % values)
    return Condition(UNMET, _("Semester %(least)d or later: you are only in %(own)d") % values)


def _english(student: Student, job: Job) -> Condition | None:
    if job.english_level not in LEVELS:
        return None
    if student.english_level not in LEVELS:
        return Condition(UNKNOWN, _("English %(level)s: say your level in your profile") % {"level": job.english_level})
    values = {"level": job.english_level, "own": student.english_level}
    if LEVELS.index(student.english_level) >= LEVELS.index(job.english_level):
        return Condition(MET, _("English %(level)s: you have %(own)s") % values)
    return Condition(UNMET, _("English %(level)s: your profile says %(own)s") % values)


def _hours(student: Student, job: Job) -> Condition | None:
    if job.hours_per_week is None:
        return None
    values = {"hours": job.hours_per_week, "own": student.hours_per_week}
    if student.hours_per_week is None:
        return Condition(UNKNOWN, _("%(hours)d hours a week: check your timetable") % values)
    if student.hours_per_week >= job.hours_per_week:
        return Condition(MET, _("%(hours)d hours a week: you have %(own)d") % values)
    return Condition(UNMET, _("%(hours)d hours a week: you offer %(own)d") % values)


def _place(student: Student, job: Job) -> Condition | None:
    if job.modality == Job.Modality.REMOTE or not job.city:
        return None
    values = {"city": job.city, "modality": job.get_modality_display()}
    if not student.location:
        return Condition(UNKNOWN, _("%(city)s, %(modality)s: say your city in your profile") % values)
    own, wanted = fold(student.location).split(",")[0].strip(), fold(job.city).split(",")[0].strip()
    if own == wanted:
        return Condition(MET, _("%(city)s, %(modality)s: your city") % values)
    return Condition(UNMET, _("%(city)s, %(modality)s: you live elsewhere") % values)

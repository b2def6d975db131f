"""Students, their CVs, and the skills that sentences of those CVs prove."""

from students.models.cohort import Cohort, CohortRow
from students.models.cv import CV, LEASE, CVQuerySet, cv_path
from students.models.entry import ProfileEntry
from students.models.outcome import OutcomeAnswer, OutcomeSurvey
from students.models.skill import Evidence, StudentSkill
from students.models.student import Student, StudentQuerySet, mark_for_matching

__all__ = [
    "CV",
    "LEASE",
    "CVQuerySet",
    "Cohort",
    "CohortRow",
    "Evidence",
    "OutcomeAnswer",
    "OutcomeSurvey",
    "ProfileEntry",
    "Student",
    "StudentQuerySet",
    "StudentSkill",
    "cv_path",
    "mark_for_matching",
]

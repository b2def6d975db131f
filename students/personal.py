"""What this app holds about a person, told to `moirai.privacy`."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from moirai.accounts.models import User
from moirai.crypto.keys import destroy
from moirai.privacy.registry import Holding, forget_in_admin_log, keep, register
from students.cohort import KEEP_DAYS, forget_old_cohorts
from students.models import (
    CV,
    CohortRow,
    Evidence,
    OutcomeAnswer,
    OutcomeSurvey,
    ProfileEntry,
    Student,
    StudentSkill,
    mark_for_matching,
)
from students.signals import student_changed

PROFILE = [
    "public_id", "external_id", "student_number", "enrolled_name", "enrolled_email", "language",
    "degree_program", "semester", "graduation_year",
    "location", "phone", "headline", "declared_skills", "experience_years", "hours_per_week", "english_level",
    "visibility", "wants_matching", "restricted_since", "invited_at", "created_at",
    "updated_at",
]  # fmt: skip
OUTCOME = [
    "survey__degree_program", "survey__graduation_year", "status", "invited_at", "reminded_at", "answered_at",
    "is_working", "is_studying", "through_moirai", "months_to_job", "place",
]  # fmt: skip
CV_FIELDS = ["public_id", "original_name", "size", "status", "pages", "language", "is_current", "uploaded_at", "text"]


def export(user: User) -> dict[str, object]:
    """Profile, entries, CVs with their text, skills, and each piece of evidence with its words."""
    evidence = Evidence.objects.filter(student_skill__student__user=user).select_related("cv", "student_skill__skill")
    imported = CohortRow.objects.filter(student__user=user).order_by("pk")
    return {
        "imported": list(imported.values("cohort__created_at", "line", "outcome", "data")),
        "profile": Student.objects.filter(user=user).values(*PROFILE).first(),
        "entries": list(
            ProfileEntry.objects.filter(student__user=user).values(
                "kind", "title", "organisation", "started_on", "ended_on", "description"
            )
        ),
        "cvs": list(CV.objects.filter(student__user=user).values(*CV_FIELDS)),
        "skills": list(
            StudentSkill.objects.filter(student__user=user).values("skill__code", "skill__name_es", "status")
        ),
        "surveys_of_graduates": list(OutcomeAnswer.objects.filter(student__user=user).order_by("pk").values(*OUTCOME)),
        "evidence": [
            {
                "skill": row.student_skill.skill.code,
                "words": row.words,
                "sentence": row.sentence,
                "statement": row.statement,
                "contested": row.is_contested,
            }
            for row in evidence
        ],
    }


def files(user: User) -> Iterable[tuple[str, bytes]]:
    for cv in CV.objects.filter(student__user=user).exclude(file="").defer("text"):
        try:
            with cv.file.open("rb") as file:
                yield f"{cv.public_id}-{cv.original_name}".replace("/", "_"), file.read()
        except FileNotFoundError:
            continue


def hide(user: User, now: datetime) -> None:
    """No company is shown the profile any more, and no match is computed."""
    Student.objects.filter(user=user).update(visibility=Student.Visibility.PRIVATE, wants_matching=False)
    restrict(user, now)


def restrict(user: User, now: datetime) -> None:
    """Kept as it is: not matched, not shown; what is computed goes with the next run, and is shown to nobody before."""
    Student.objects.filter(user=user, restricted_since__isnull=True).update(restricted_since=now)
    match_again(user, now)


def lift(user: User, now: datetime) -> None:
    Student.objects.filter(user=user).update(restricted_since=None)
    match_again(user, now)


def match_again(user: User, now: datetime) -> None:
    for student in Student.objects.filter(user=user):
        mark_for_matching(student, at=now)
        student_changed.send(Student, student_id=student.pk)


def restricted_since(user: User) -> datetime | None:
    return Student.objects.filter(user=user).values_list("restricted_since", flat=True).first()


def erase(user: User, now: datetime) -> None:
    for student in Student.objects.filter(user=user):
        erase_student(student, now)


def erase_student(student: Student, now: datetime) -> None:
    """Rows go by cascade. Files go first: were it the other way round, a crash could leave one that no row names."""
    for cv in student.cvs.exclude(file="").defer("text"):
        cv.file.storage.delete(str(cv.file.name))
    forget_in_admin_log(student)
    student.delete()
    destroy([student.key_id], now=now)


def erase_keys(key_ids: Collection[str], now: datetime) -> None:
    for student in Student.objects.filter(key_id__in=key_ids):
        erase_student(student, now)


def expire(now: datetime) -> int:
    """Profiles that the office imported and whose person never signed up; old surveys and imports."""
    before = now - timedelta(days=settings.IMPORTED_KEEP_DAYS)
    old = list(Student.objects.filter(user=None, updated_at__lte=before).order_by("pk"))
    for student in old:
        with transaction.atomic():
            erase_student(student, now)
    closed = timezone.localdate(now) - timedelta(days=settings.SURVEY_KEEP_DAYS)
    surveys = OutcomeSurvey.objects.filter(closes_on__lte=closed).delete()[0]
    return len(old) + surveys + forget_old_cohorts(now)


def subject(user: User) -> str:
    return Student.objects.filter(user=user).values_list("public_id", flat=True).first() or ""


TAXONOMY = (
    "Skill",
    "SkillAlias",
    "SkillRelation",
    "OccupationGroup",
    "Occupation",
    "OccupationAlias",
    "OccupationPhrase",
)
ERASED = "until the person asks to be erased"
register(
    Holding(
        "students",
        export,
        files,
        block=hide,
        restrict=restrict,
        lift=lift,
        restricted_since=restricted_since,
        erase=erase,
        erase_keys=erase_keys,
        expire=expire,
        subject=subject,
    )
)
keep(
    {
        "students.Student": f"{ERASED}; imported ones without an account IMPORTED_KEEP_DAYS after the last import",
        "students.CV": ERASED,
        "students.Cohort": f"always; its file, the file's name and columns {KEEP_DAYS} days: the rest is counts",
        "students.CohortRow": f"{KEEP_DAYS} days, and no longer than the person it is about",
        "students.OutcomeSurvey": "SURVEY_KEEP_DAYS after it has closed: accreditations look back five years",
        "students.OutcomeAnswer": "with its survey, and no longer than the person; declined ones hold no answer",
        "students.StudentSkill": ERASED,
        "students.Evidence": ERASED,
        "students.ProfileEntry": ERASED,
        "skills.EnrichmentLog": "always: counts of a reading, no text of a person",
        **{f"skills.{name}": "always: no personal data" for name in TAXONOMY},
        "skills.AliasProposal": "always: names the member of staff who proposed it, until that account goes",
    }
)

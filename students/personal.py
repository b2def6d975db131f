"""What this app holds about a person, told to `moirai.privacy`."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils import timezone

from moirai.accounts.models import User
from moirai.privacy.registry import Holding, forget_in_admin_log, keep, register
from students.models import CV, Evidence, ProfileEntry, Student, StudentSkill, mark_for_matching

PROFILE = [
    "public_id", "external_id", "student_number", "language", "degree_program", "semester", "graduation_year",
    "location", "phone", "headline", "declared_skills", "experience_years", "hours_per_week", "english_level",
    "visibility", "wants_matching", "created_at", "updated_at",
]  # fmt: skip
CV_FIELDS = ["public_id", "original_name", "size", "status", "pages", "language", "is_current", "uploaded_at", "text"]


def export(user: User) -> dict[str, object]:
    """Profile, entries, CVs with their text, skills, and each piece of evidence with its words."""
    evidence = Evidence.objects.filter(student_skill__student__user=user).select_related("cv", "student_skill__skill")
    return {
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


def hide(user: User) -> None:
    """No company is shown the profile any more, and no match is computed."""
    for student in Student.objects.filter(user=user):
        Student.objects.filter(pk=student.pk).update(visibility=Student.Visibility.PRIVATE, wants_matching=False)
        mark_for_matching(student, at=timezone.now())


def erase(user: User) -> None:
    """Rows go by cascade; each CV is deleted as an object, so that its file goes with it."""
    for student in Student.objects.filter(user=user):
        for row in (student, *student.cvs.defer("text"), *student.entries.all()):
            forget_in_admin_log(row)
        student.delete()


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
register(Holding("students", export, files, hide, erase, subject))
keep(
    {
        "students.Student": ERASED,
        "students.CV": ERASED,
        "students.StudentSkill": ERASED,
        "students.Evidence": ERASED,
        "students.ProfileEntry": ERASED,
        "skills.EnrichmentLog": "always: counts of a reading, no text of a person",
        **{f"skills.{name}": "always: no personal data" for name in TAXONOMY},
        "skills.AliasProposal": "always: names the member of staff who proposed it, until that account goes",
    }
)

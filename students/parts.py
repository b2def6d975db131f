"""The parts of a profile, and which of them are still missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from students.models import CV, ProfileEntry, Student, StudentSkill


@dataclass(frozen=True)
class KindOfEntry:
    """One part of the profile that is made of lines."""

    kind: str
    label: str
    add_label: str
    entries: list[ProfileEntry]


@dataclass(frozen=True)
class Task:
    label: str
    is_done: bool
    url: str


def entries_by_kind(entries: Sequence[ProfileEntry]) -> list[KindOfEntry]:
    """Every kind in the order of a CV, with its lines; kinds without lines too."""
    labels = {
        ProfileEntry.Kind.EDUCATION: (_("Education"), _("Add education")),
        ProfileEntry.Kind.EXPERIENCE: (_("Experience"), _("Add experience")),
        ProfileEntry.Kind.PROJECT: (_("Projects"), _("Add a project")),
        ProfileEntry.Kind.LANGUAGE: (_("Languages"), _("Add a language")),
        ProfileEntry.Kind.CERTIFICATE: (_("Certificates"), _("Add a certificate")),
    }
    return [
        KindOfEntry(kind.value, label, add, [entry for entry in entries if entry.kind == kind])
        for kind, (label, add) in labels.items()
    ]


def completion(
    student: Student, *, cv: CV | None, skills: Sequence[StudentSkill], entries: Sequence[ProfileEntry]
) -> list[Task]:
    """What a profile should have, each with whether it has it and where to add it."""
    kinds = {entry.kind for entry in entries}
    edit = reverse("students:edit_profile")
    reviewed = bool(skills) and all(row.status != StudentSkill.Status.FOUND for row in skills)
    return [
        Task(_("Upload your CV"), cv is not None, reverse("students:upload_cv")),
        Task(_("Say what you study"), bool(student.degree_program), edit),
        Task(_("Say your semester or year of graduation"), bool(student.semester or student.graduation_year), edit),
        Task(_("Say your city"), bool(student.location), edit),
        Task(_("Review your skills"), reviewed, reverse("students:review_skills")),
        Task(_("Add your education"), "education" in kinds, reverse("students:add_entry", args=["education"])),
        Task(
            _("Add experience or a project"),
            bool(kinds & {"experience", "project"}),
            reverse("students:add_entry", args=["experience"]),
        ),
        Task(_("Add your languages"), "language" in kinds, reverse("students:add_entry", args=["language"])),
    ]

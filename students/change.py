"""Every change a student makes to the profile; each marks the row for matching and announces it, in one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction

from moirai.privacy import consents
from moirai.privacy.models import Consent
from moirai.skills.aliases import AliasRefusedError, propose_alias
from moirai.skills.models import Skill
from moirai.skills.text import fold
from students.models import Evidence, ProfileEntry, Student, StudentSkill, mark_for_matching
from students.signals import student_changed


def _announce(student: Student, *, now: datetime) -> None:
    mark_for_matching(student, at=now)
    student_changed.send(Student, student_id=student.pk)


@transaction.atomic
def save_profile(*, student: Student, fields: Iterable[str], now: datetime) -> None:
    """Store some fields of a profile: degree, city, settings and so on; the others may have changed meanwhile."""
    names = set(fields)
    student.save(update_fields=[*names, "updated_at"])
    if student.user is not None and "visibility" in names:
        is_shown = student.visibility == Student.Visibility.COMPANIES
        consents.note(user=student.user, purpose=Consent.Purpose.COMPANIES, is_given=is_shown, now=now)
    if student.user is not None and "wants_matching" in names:
        consents.note(user=student.user, purpose=Consent.Purpose.MATCHING, is_given=student.wants_matching, now=now)
    _announce(student, now=now)


@transaction.atomic
def decide(*, student: Student, decisions: Mapping[int, str], now: datetime) -> int:
    """Set the status of the student's skills, by id of the row; ids of other people or gone are ignored."""
    Student.objects.select_for_update().get(pk=student.pk)
    changed = []
    for row in student.skills.filter(pk__in=decisions):
        if row.status != decisions[row.pk]:
            row.status = decisions[row.pk]
            changed.append(row)
    StudentSkill.objects.bulk_update(changed, ["status"], batch_size=500)
    if changed:
        _announce(student, now=now)
    return len(changed)


@transaction.atomic
def state_skill(*, student: Student, skill: Skill, statement: str, now: datetime) -> StudentSkill:
    """Add a skill with the student's own statement as evidence; said twice, it is stored once."""
    Student.objects.select_for_update().get(pk=student.pk)
    row, _ = StudentSkill.objects.get_or_create(
        student=student, skill=skill, defaults={"status": StudentSkill.Status.CONFIRMED}
    )
    if row.status in {StudentSkill.Status.REMOVED, StudentSkill.Status.FOUND}:
        row.status = StudentSkill.Status.CONFIRMED
        row.save()
    if statement not in row.evidence.filter(cv=None).values_list("statement", flat=True):
        start, end = words_of(skill, statement)
        Evidence.objects.create(
            student_skill=row,
            statement=statement,
            start=start,
            end=end,
            sentence_start=0,
            sentence_end=len(statement),
        )
    _announce(student, now=now)
    return row


def words_of(skill: Skill, statement: str) -> tuple[int, int]:
    """Where the statement names the skill; all of it where it does not."""
    folded = fold(statement)
    for name in (skill.name_es, skill.name_en):
        start = folded.find(fold(name))
        if start >= 0:
            return start, start + len(name)
    return 0, len(statement)


@transaction.atomic
def contest(*, evidence: Evidence, is_wrong: bool, now: datetime) -> None:
    """Note that the student calls a piece of evidence wrong, or takes that back; it counts no more, or again."""
    changed = Evidence.objects.filter(pk=evidence.pk).exclude(is_contested=is_wrong)
    if changed.update(is_contested=is_wrong, contested_at=now if is_wrong else None):
        _announce(evidence.student_skill.student, now=now)


@transaction.atomic
def save_entry(*, entry: ProfileEntry, now: datetime) -> ProfileEntry:
    """Store a line of the profile; the same line sent twice is stored once, and the first returns."""
    Student.objects.select_for_update().get(pk=entry.student_id)
    fields = ("kind", "title", "organisation", "started_on", "ended_on", "description")
    if entry._state.adding:
        for row in ProfileEntry.objects.filter(student=entry.student_id):
            if all(getattr(row, name) == getattr(entry, name) for name in fields):
                return row
    entry.save()
    _announce(entry.student, now=now)
    return entry


@transaction.atomic
def delete_entry(*, entry: ProfileEntry, now: datetime) -> None:
    student = entry.student
    entry.delete()
    _announce(student, now=now)


def propose_name(*, student: Student, skill: Skill, name: str, statement: str, now: datetime) -> None:
    """Put the name that a student gave a skill before staff; one that cannot be an alias is nothing to decide."""
    try:
        propose_alias(skill=skill, language=student.language, text=name, sentence=statement, by=student.user, at=now)
    except AliasRefusedError:
        return

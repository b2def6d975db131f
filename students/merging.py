"""Two profiles of one person become one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.apps import apps
from django.core.files.base import ContentFile
from django.db import models, transaction

from moirai.accounts.audit import record
from moirai.accounts.models import AuditEvent, User
from moirai.crypto.fields import Encrypted, seal
from moirai.crypto.keys import destroy
from moirai.crypto.ring import normalised
from moirai.merging import move_rows
from moirai.privacy.registry import forget_in_admin_log
from students import enrich
from students.models import CV, Evidence, Student, StudentSkill, mark_for_matching
from students.signals import student_changed

#: What the profile that stays takes over where it says nothing itself.
FILLED = [
    "external_id", "student_number", "enrolled_name", "enrolled_email", "degree_program", "semester",
    "graduation_year", "location", "phone", "headline", "declared_skills", "hours_per_week", "english_level",
]  # fmt: skip
UNIQUE = ["user", "external_id", "student_number", "enrolled_email"]


class MergeRefusedError(Exception):
    """These two are not joined: a word that the page explains."""


@transaction.atomic
def merge_students(
    *, source: Student, target: Student, closes_account: bool = False, by: User, now: datetime
) -> Student:
    """Everything of ``source`` goes to ``target``, re-encrypted under its key; then ``source`` is gone for good.

    Where both have accounts, ``closes_account`` says that the one of ``source`` may be closed. Where both have the same
    thing (an application to the same posting), that of ``target`` stays.
    """
    rows = Student.objects.select_for_update(of=("self",)).select_related("user").order_by("pk")
    people = {row.pk: row for row in rows.filter(pk__in=[source.pk, target.pk])}
    source, target = people[source.pk], people[target.pk]
    _refuse(source, target, closes_account)
    name, key_id = source.public_id, source.key_id
    _carry_over(source, target)
    _keep_one_current_cv(source, target)
    _move_evidence(source, target)
    forget_in_admin_log(source)
    move_rows(source=source, target=target)
    _encrypt_under_key_of(target)
    source.delete()
    destroy([key_id], now=now)
    enrich.read_again(cvs=CV.objects.current().filter(student=target), now=now)
    mark_for_matching(target, at=now)
    student_changed.send(Student, student_id=target.pk)
    record(action=AuditEvent.Action.MERGED, actor=by, subject=target.public_id, thing=name, at=now)
    return target


def _refuse(source: Student, target: Student, closes_account: bool) -> None:
    if source.pk == target.pk:
        raise MergeRefusedError("same")
    numbers = {normalised(row.student_number) for row in (source, target) if row.student_number}
    if len(numbers) > 1:  # the university says that they are two people
        raise MergeRefusedError("numbers")
    if source.user_id and target.user_id and not closes_account:
        raise MergeRefusedError("accounts")


def _carry_over(source: Student, target: Student) -> None:
    """Fill what is empty; of two consents the stricter one holds, as far as a person gave them."""
    asked = [row for row in (source, target) if row.user_id] or [source, target]
    filled = {name: getattr(source, name) for name in FILLED if getattr(target, name) in ("", None)}
    user, own = source.user, target.user_id
    for name in UNIQUE:
        setattr(source, name, None)
    source.save()
    for name, value in filled.items():
        setattr(target, name, value)
    if own is None:
        target.user = user
    elif user is not None:
        user.is_active = False
        user.save(update_fields=["is_active"])
    if target.user_id is not None:  # the account says it
        target.enrolled_name, target.enrolled_email = "", None
    if any(row.visibility == Student.Visibility.PRIVATE for row in asked):
        target.visibility = Student.Visibility.PRIVATE
    else:
        target.visibility = Student.Visibility.COMPANIES
    target.wants_matching = all(row.wants_matching for row in asked)
    since = [row.restricted_since for row in (source, target) if row.restricted_since]
    target.restricted_since = min(since, default=None)
    target.experience_years = max(source.experience_years, target.experience_years)
    target.save()


def _keep_one_current_cv(source: Student, target: Student) -> None:
    """The newest of the current ones stays current."""
    current = CV.objects.current().filter(student__in=[source, target]).order_by("-uploaded_at", "-pk")
    old = list(current.values_list("pk", flat=True))[1:]
    CV.objects.filter(pk__in=old).update(is_current=False)


def _move_evidence(source: Student, target: Student) -> None:
    """Skills that both have keep the evidence of both; reading the CV again sorts it."""
    theirs = dict(StudentSkill.objects.filter(student=target).values_list("skill_id", "pk"))
    for pk, skill_id in StudentSkill.objects.filter(student=source, skill__in=theirs).values_list("pk", "skill_id"):
        Evidence.objects.filter(student_skill=pk).update(student_skill=theirs[skill_id])


def _encrypt_under_key_of(student: Student) -> None:
    """Write every text and file of this person anew, for those that came hold another key, which is destroyed."""
    for model, path, names in _encrypted_for_students():
        for row in model._base_manager.filter(**{path: student}).select_related(path):
            values = {name: getattr(row, name) for name in names}
            model._base_manager.filter(pk=row.pk).update(**seal(row, **values))
    for cv in CV.objects.filter(student=student).exclude(file=""):
        _encrypt_file(cv)


def _encrypted_for_students() -> Iterator[tuple[type[models.Model], str, list[str]]]:
    """Models with columns under a student's key: the path to the student, and the columns."""
    for model in apps.get_models():
        by_path: dict[str, list[str]] = {}
        for field in model._meta.concrete_fields:
            if isinstance(field, Encrypted) and _leads_to_student(model, field.person):
                by_path.setdefault(field.person.replace(".", "__"), []).append(field.name)
        yield from ((model, path, names) for path, names in by_path.items())


def _leads_to_student(model: type[models.Model], person: str) -> bool:
    if person in ("self", "house"):
        return False
    for name in person.split("."):
        related = model._meta.get_field(name).related_model
        assert isinstance(related, type)
        model = related
    return model is Student


def _encrypt_file(cv: CV) -> None:
    storage, old = cv.file.storage, str(cv.file.name)
    with cv.file.open("rb") as file:
        content = file.read()
    cv.file.save("cv", ContentFile(content), save=False)
    new = str(cv.file.name)
    CV.objects.filter(pk=cv.pk).update(file=new)
    transaction.on_commit(lambda: storage.delete(old), robust=True)

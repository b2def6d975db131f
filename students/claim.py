"""The profile that the office's list made becomes the person's, at the first visit with the address in the list."""

from __future__ import annotations

from datetime import datetime

from allauth.account.models import EmailAddress
from django.db import transaction

from moirai.accounts.models import User
from students.models import Student, mark_for_matching
from students.signals import student_changed


@transaction.atomic
def claim_profile(*, user: User, now: datetime) -> Student | None:
    """None where the list names nobody with this address, or the person has not shown that it is theirs."""
    if not EmailAddress.objects.filter(user=user, email=user.email, verified=True).exists():
        return None
    student = Student.objects.select_for_update().filter(user=None, enrolled_email=user.email).first()
    if student is None:
        return None
    student.user, student.enrolled_name, student.enrolled_email = user, "", None  # the account says it from now on
    student.save(update_fields=["user", "enrolled_name", "enrolled_email", "updated_at"])
    mark_for_matching(student, at=now)
    student_changed.send(Student, student_id=student.pk)
    return student

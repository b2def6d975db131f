"""What the office knows of a student's standing: that an address is theirs, and that they have left with a degree."""

from __future__ import annotations

from datetime import datetime

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import Q

from students.models import Student, StudentQuerySet
from students.signals import student_changed


@transaction.atomic
def verify_addresses(*, students: StudentQuerySet) -> list[Student]:
    """Take the addresses of these accounts as shown to be theirs; returns those for whom that was new."""
    found = list(students.filter(user__isnull=False).select_related("user").order_by("pk"))
    users = [student.user for student in found]
    known = {
        row.user_id: row for row in EmailAddress.objects.filter(user__in=users, email__in=[u.email for u in users if u])
    }
    done = []
    for student in found:
        assert student.user is not None
        row = known.get(student.user_id)
        if row is None or not row.verified:
            row = row or EmailAddress(user=student.user, email=student.user.email, primary=True)
            row.verified = True
            row.save()
            done.append(student)
    return done


@transaction.atomic
def graduate(*, students: StudentQuerySet, now: datetime) -> list[Student]:
    """They finish this year, unless an earlier one is written down; returns those for whom that was new."""
    enrolled = students.filter(Q(semester__isnull=False) | Q(graduation_year=None) | Q(graduation_year__gt=now.year))
    found = list(enrolled.select_for_update(of=("self",)).order_by("pk"))
    rows = Student.objects.filter(pk__in=[student.pk for student in found])
    rows.filter(Q(graduation_year=None) | Q(graduation_year__gt=now.year)).update(graduation_year=now.year)
    rows.update(semester=None, needs_matching_since=now, updated_at=now)
    for student in found:
        student_changed.send(Student, student_id=student.pk)
    return found

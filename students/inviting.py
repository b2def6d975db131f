"""People of the office's list are invited to open their account: only when staff say so, and not twice in a while.

The mark in the row is the queue. It goes with the sending: while the mail server is down, the invitation waits.
"""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from students.models import Student, StudentQuerySet


@transaction.atomic
def mark_to_invite(*, students: StudentQuerySet, now: datetime) -> list[Student]:
    """Those of them who may be invited, marked; the caller queues the mails."""
    found = list(students.invitable(at=now).select_for_update(of=("self",)).order_by("pk"))
    Student.objects.filter(pk__in=[student.pk for student in found]).update(needs_inviting_since=now)
    return found


@transaction.atomic
def send_invitation(*, student_id: int, now: datetime) -> bool:
    """False where nobody waits (any more); raises what the mail server raises, and then the row waits on."""
    waiting = Student.objects.waiting_to_be_invited().select_for_update(of=("self",))
    student = waiting.filter(pk=student_id).first()
    if student is None:
        return False
    address = student.enrolled_email if student.user_id is None and student.restricted_since is None else None
    student.needs_inviting_since, student.invited_at = None, now if address else student.invited_at
    student.save(update_fields=["needs_inviting_since", "invited_at"])
    if address:
        _send(student, address)
    return bool(address)


def _send(student: Student, address: str) -> None:
    language = {"es": "es-mx"}.get(student.language, student.language)
    with translation.override(language):
        link = f"{settings.SITE_URL.rstrip('/')}{reverse('account_signup')}"
        words = {"name": student.enrolled_name, "link": link, "address": address, "site_name": settings.SITE_NAME}
        subject = _("Open your account at the careers office")
        text = render_to_string("students/mail/invitation.txt", words)
    EmailMultiAlternatives(subject, text.strip() + "\n", to=[address]).send()

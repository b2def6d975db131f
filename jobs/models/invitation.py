"""Invitations of companies to students whom they know by an alias only."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jobs.models.company import Company
from jobs.models.job import Job
from moirai.crypto.fields import EncryptedTextField
from moirai.public_ids import new_public_id
from students.models import Student


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def shown_to(self, student: Student) -> Self:
        """A student's own; a company that is not verified any more asks nobody."""
        asks = Q(status=Invitation.Status.ACCEPTED) | Q(company__status=Company.Status.VERIFIED)
        return self.filter(asks, student=student)

    def waiting(self, *, at: datetime) -> Self:
        """Those that the student can still answer."""
        return self.filter(status=Invitation.Status.WAITING, expires_at__gt=at)

    def in_force(self) -> Self:
        """Those that a company reads as waiting: a refusal is not told, so it looks the same until the end."""
        return self.filter(status__in=[Invitation.Status.WAITING, Invitation.Status.DECLINED])

    def over(self, *, at: datetime) -> Self:
        return self.in_force().filter(expires_at__lte=at)

    def newest_first(self) -> Self:
        return self.order_by("-sent_at", "-id")


class Invitation(models.Model):
    """A company asks a student, known to it by an alias, to apply to a posting."""

    class Status(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("invitation", "waiting for an answer")
        ACCEPTED = "accepted", pgettext_lazy("invitation", "accepted")
        DECLINED = "declined", pgettext_lazy("invitation", "declined")
        EXPIRED = "expired", pgettext_lazy("invitation", "without an answer")

    public_id = models.CharField(_("public id"), max_length=10, unique=True, default=new_public_id, editable=False)
    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="invitations", verbose_name=_("posting"))
    company = models.ForeignKey(
        Company, on_delete=models.CASCADE, related_name="+", db_index=False, verbose_name=_("company")
    )
    student = models.ForeignKey(
        Student, on_delete=models.CASCADE, related_name="invitations", db_index=False, verbose_name=_("student")
    )
    sender = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    note = EncryptedTextField(_("note"), max_length=1000, blank=True, person="student")
    status = models.CharField(_("status"), max_length=8, choices=Status, default=Status.WAITING)
    sent_at = models.DateTimeField(_("sent at"))
    expires_at = models.DateTimeField(_("expires"))
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        indexes = [
            models.Index(fields=["student", "-sent_at"], name="invitations_of_a_student"),
            models.Index(fields=["company", "sent_at"], name="invitations_of_a_company"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["job", "student"], name="student_is_invited_to_a_job_once"),
            models.UniqueConstraint(
                fields=["company", "student"],
                condition=Q(status__in=["waiting", "declined"]),
                name="company_invites_a_student_to_one_job_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.company} → {self.student.alias}"

"""Education, experience and the other entries of a profile."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from moirai.crypto.fields import EncryptedCharField, EncryptedTextField
from students.models.student import Student


class ProfileEntryQuerySet(models.QuerySet["ProfileEntry"]):
    def in_order(self) -> Self:
        """Latest first; what has no dates last."""
        return self.order_by(F("started_on").desc(nulls_last=True), "pk")


class ProfileEntry(models.Model):
    """A line of the profile: a degree, a post, a project, a language or a certificate."""

    class Kind(models.TextChoices):
        EDUCATION = "education", _("education")
        EXPERIENCE = "experience", _("experience")
        PROJECT = "project", _("project")
        LANGUAGE = "language", _("language")
        CERTIFICATE = "certificate", _("certificate")

    student = models.ForeignKey(Student, on_delete=models.CASCADE, related_name="entries", verbose_name=_("student"))
    kind = models.CharField(_("kind"), max_length=11, choices=Kind)
    title = EncryptedCharField(_("title"), max_length=200, person="student")
    organisation = EncryptedCharField(_("organisation"), max_length=200, blank=True, person="student")
    started_on = models.DateField(_("from"), null=True, blank=True)
    ended_on = models.DateField(_("until"), null=True, blank=True)
    description = EncryptedTextField(_("description"), max_length=2000, blank=True, person="student")

    objects = ProfileEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("profile entry")
        verbose_name_plural = _("profile entries")
        indexes = [models.Index(fields=["student", "kind", "-started_on"], name="entries_of_a_profile_by_kind")]
        constraints = [
            models.CheckConstraint(
                condition=Q(started_on__isnull=True) | Q(ended_on__isnull=True) | Q(ended_on__gte=F("started_on")),
                name="profile_entry_does_not_end_before_it_starts",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.pk}"  # never the title: logs and lists repeat this

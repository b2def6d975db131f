"""Which company may look at which student: one row a pair, given by an application or an accepted invitation."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from jobs.models.company import Company
from students.models import Student


class CompanyGrantQuerySet(models.QuerySet["CompanyGrant"]):
    def in_force(self) -> Self:
        return self.filter(revoked_at__isnull=True)

    def of(self, student: Student) -> Self:
        return self.filter(student=student)


class CompanyGrant(models.Model):
    """A student's consent to one company; taken back, the row stays and closes everything to that company."""

    class Source(models.TextChoices):
        APPLICATION = "application", _("you applied")
        INVITATION = "invitation", _("you accepted an invitation")

    student = models.ForeignKey(Student, on_delete=models.CASCADE, related_name="grants", verbose_name=_("student"))
    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="grants", verbose_name=_("company"))
    source = models.CharField(_("because"), max_length=11, choices=Source)
    given_at = models.DateTimeField(_("given"))
    revoked_at = models.DateTimeField(_("taken back"), null=True, blank=True)

    objects = CompanyGrantQuerySet.as_manager()

    class Meta:
        verbose_name = _("consent to a company")
        verbose_name_plural = _("consents to companies")
        constraints = [
            models.UniqueConstraint(fields=["student", "company"], name="student_consents_to_a_company_once"),
        ]

    def __str__(self) -> str:
        return f"{self.student_id} → {self.company_id}"


def closed_to(*, student: str, company: str | Company) -> Q:
    """Rows whose ``student`` took consent back from the ``company`` (a path, or one company); for ``exclude``.

    An application is itself a consent, so what closes is a consent taken back, not one that nobody wrote down.
    """
    theirs = CompanyGrant.objects.filter(student=OuterRef(student), revoked_at__isnull=False)
    return Q(Exists(theirs.filter(company=OuterRef(company) if isinstance(company, str) else company)))

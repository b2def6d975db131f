"""Companies and their recruiters."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from jobs.models.revisions import Revisions


class CompanyQuerySet(models.QuerySet["Company"]):
    def verified(self) -> Self:
        return self.filter(status=Company.Status.VERIFIED)

    def waiting(self) -> Self:
        """Companies that staff have to judge, oldest first."""
        return self.filter(status=Company.Status.PENDING).order_by("created_at", "id")


class Company(models.Model):
    """An employer; it publishes nothing before staff have verified it."""

    class Status(models.TextChoices):
        PENDING = "pending", _("waiting for verification")
        NEEDS_INFO = "needs_info", _("asked for information")
        VERIFIED = "verified", _("verified")
        DECLINED = "declined", _("declined")
        SUSPENDED = "suspended", _("suspended")

    name = models.CharField(_("name"), max_length=150)
    slug = models.SlugField(_("address"), max_length=160, unique=True)
    legal_name = models.CharField(_("legal name"), max_length=200, blank=True)
    tax_id = models.CharField(_("tax id (RFC)"), max_length=13, blank=True)
    website = models.URLField(_("website"), blank=True)
    city = models.CharField(_("city"), max_length=120, blank=True)
    description = models.TextField(_("description"), max_length=3000, blank=True)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.PENDING)
    status_reason = models.TextField(_("reason"), blank=True, help_text=_("The company reads it."))
    created_at = models.DateTimeField(_("registered"), auto_now_add=True)
    verified_at = models.DateTimeField(_("verified at"), null=True, blank=True)
    is_trusted = models.BooleanField(
        _("trusted"), default=False, help_text=_("Its postings without findings are published at once.")
    )
    has_generic_mail = models.BooleanField(
        _("generic mail domain"), default=False, help_text=_("Registered from an address that anybody can open.")
    )

    objects = CompanyQuerySet.as_manager()
    revisions = Revisions()

    class Meta:
        verbose_name = _("company")
        verbose_name_plural = _("companies")
        indexes = [models.Index(fields=["status", "created_at"], name="companies_by_status_and_age")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(status="verified") | Q(verified_at__isnull=False),
                name="verified_company_says_since_when",
            ),
            models.CheckConstraint(
                condition=Q(is_trusted=False) | Q(status="verified"), name="only_a_verified_company_is_trusted"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("jobs:company", args=[self.slug])

    @property
    def is_verified(self) -> bool:
        return self.status == self.Status.VERIFIED


class Recruiter(models.Model):
    """A user who acts for one company."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, verbose_name=_("user"))
    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="recruiters", verbose_name=_("company"))
    position = models.CharField(_("position"), max_length=120, blank=True)
    is_owner = models.BooleanField(_("may add colleagues"), default=False)

    class Meta:
        verbose_name = _("recruiter")
        verbose_name_plural = _("recruiters")

    def __str__(self) -> str:
        return f"{self.user} ({self.company})"

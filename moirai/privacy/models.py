"""What people agreed to, and what they asked for."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from moirai.crypto.fields import EncryptedTextField


class ConsentQuerySet(models.QuerySet["Consent"]):
    def newest_first(self) -> Self:
        return self.order_by("-at", "-pk")

    def update(self, **fields: Any) -> int:
        raise TypeError("Consents are append-only.")


class Consent(models.Model):
    """One answer to one purpose under one version of the notice; a change of mind is another row."""

    class Purpose(models.TextChoices):
        NOTICE = "notice", _("privacy notice")
        COMPANIES = "companies", _("companies may be shown my anonymous profile")
        MATCHING = "matching", _("matches are computed for me")

    NECESSARY = (Purpose.NOTICE,)  # without it there is no account; the others are voluntary and can be taken back

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="consents")
    purpose = models.CharField(_("purpose"), max_length=10, choices=Purpose)
    is_given = models.BooleanField(_("given"))
    notice_version = models.CharField(_("version of the notice"), max_length=20)
    at = models.DateTimeField(_("at"))

    objects = ConsentQuerySet.as_manager()

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        indexes = [models.Index(fields=["user", "purpose", "-at"], name="consents_of_a_person")]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.purpose} {'+' if self.is_given else '-'}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("Consents are append-only.")
        super().save(*args, **kwargs)


class PrivacyRequestQuerySet(models.QuerySet["PrivacyRequest"]):
    def open(self) -> Self:
        return self.filter(closed_at__isnull=True)

    def due(self, *, at: datetime) -> Self:
        return self.open().filter(due_at__lte=at)

    def erasures(self) -> Self:
        """Those that end with the person erased: asked for, or announced after years without a sign-in."""
        return self.filter(kind__in=PrivacyRequest.ENDS_IN_ERASURE)

    def for_staff(self) -> Self:
        """Those that somebody must answer."""
        return self.filter(kind__in=PrivacyRequest.ANSWERED_BY_STAFF)

    def newest_first(self) -> Self:
        return self.order_by("-asked_at", "-pk")


class PrivacyRequest(models.Model):
    """Somebody uses a right over their data; whatever it is, it has a due date and an end.

    Once the person is erased the row keeps the opaque id alone.
    """

    class Kind(models.TextChoices):
        ACCESS = "access", _("a copy of my data")
        CORRECT = "correct", _("correct my data")
        RESTRICT = "restrict", _("restrict what is done with my data")
        OBJECT = "object", _("a person looks at a match or a decision")
        ERASE = "erase", _("erase my data")
        INACTIVE = "inactive", _("erasing after years without a sign-in")

    class Outcome(models.TextChoices):
        OPEN = "open", _("open")
        DONE = "done", _("done")
        DECLINED = "declined", _("declined, with a reason")
        TAKEN_BACK = "taken_back", _("taken back")

    ANSWERED_BY_STAFF = (Kind.CORRECT, Kind.OBJECT)
    ENDS_IN_ERASURE = (Kind.ERASE, Kind.INACTIVE)

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, "privacy_requests", null=True, blank=True, verbose_name=_("user")
    )
    subject = models.CharField(_("person"), max_length=10, blank=True)
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    about = models.CharField(_("about"), max_length=60, blank=True, help_text=_("A posting or application, by its id."))
    text = EncryptedTextField(_("what the person wrote"), person="user", max_length=2000, blank=True)
    asked_at = models.DateTimeField(_("asked at"))
    due_at = models.DateTimeField(_("due"))
    outcome = models.CharField(_("state"), max_length=10, choices=Outcome, default=Outcome.OPEN)
    answer = EncryptedTextField(
        _("answer"), person="user", max_length=2000, blank=True, help_text=_("The person reads it.")
    )
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, "+", null=True, blank=True, verbose_name=_("closed by")
    )

    objects = PrivacyRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("privacy request")
        verbose_name_plural = _("privacy requests")
        indexes = [models.Index(fields=["due_at"], name="requests_that_are_due", condition=Q(closed_at__isnull=True))]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "kind", "about"],
                condition=Q(closed_at__isnull=True),
                name="person_asks_for_a_thing_once_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(outcome="open", closed_at__isnull=True) | (~Q(outcome="open") & Q(closed_at__isnull=False)),
                name="closed_request_says_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.subject or self.pk}"

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

"""What people agreed to, and what they asked for."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


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


class ErasureRequestQuerySet(models.QuerySet["ErasureRequest"]):
    def due(self, *, at: datetime) -> Self:
        return self.filter(erased_at__isnull=True, due_at__lte=at)

    def open(self) -> Self:
        return self.filter(erased_at__isnull=True)


class ErasureRequest(models.Model):
    """Somebody asked to be erased: closed at once, erased when due; the row then keeps the opaque id alone."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, verbose_name=_("user")
    )
    subject = models.CharField(_("person"), max_length=10, blank=True)
    asked_at = models.DateTimeField(_("asked at"))
    due_at = models.DateTimeField(_("due"))
    erased_at = models.DateTimeField(_("erased at"), null=True, blank=True)

    objects = ErasureRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request to be erased")
        verbose_name_plural = _("requests to be erased")
        indexes = [models.Index(fields=["due_at"], name="erasures_that_are_due", condition=Q(erased_at__isnull=True))]

    def __str__(self) -> str:
        return f"{self.subject or self.pk}: {self.due_at:%Y-%m-%d}"

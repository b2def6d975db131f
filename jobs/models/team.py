"""Colleagues who are asked to join a company's team."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from jobs.models.company import Company
from moirai.crypto.fields import EncryptedEmailField, LookupHash

OPEN_FOR = timedelta(days=7)


class TeamInvitationQuerySet(models.QuerySet["TeamInvitation"]):
    def valid(self, *, at: datetime) -> Self:
        return self.filter(invited_at__gt=at - OPEN_FOR)


class TeamInvitation(models.Model):
    """An address that may join; the row goes when it is used, taken back or invited again."""

    company = models.ForeignKey(
        Company, on_delete=models.CASCADE, related_name="team_invitations", verbose_name=_("company")
    )
    email = EncryptedEmailField(_("e-mail address"), person="house")
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    invited_at = models.DateTimeField(_("invited"))

    objects = TeamInvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation to a team")
        verbose_name_plural = _("invitations to teams")
        constraints = [
            models.UniqueConstraint("company", LookupHash("email"), name="company_invites_an_address_once_at_a_time")
        ]

    def __str__(self) -> str:
        return f"{self.company}: {self.pk}"

    @property
    def expires_at(self) -> datetime:
        return self.invited_at + OPEN_FOR

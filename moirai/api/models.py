"""Personal tokens: a person lets a program act for them, within scopes and until a date."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from moirai.accounts.models import User
from moirai.crypto.fields import EncryptedCharField
from moirai.public_ids import new_public_id


class Scope(models.TextChoices):
    """What a token may be used for; never more than its person may do."""

    PROFILE_READ = "profile:read", _("read my account and profile")
    PROFILE_WRITE = "profile:write", _("change my account")
    MATCHES_READ = "matches:read", _("read my matches and why")
    APPLICATIONS_READ = "applications:read", _("read applications")
    APPLICATIONS_WRITE = "applications:write", _("send and move applications, and write messages")


SCOPES_OF: dict[str, tuple[Scope, ...]] = {
    User.Role.STUDENT: tuple(Scope),
    User.Role.RECRUITER: (
        Scope.PROFILE_READ, Scope.PROFILE_WRITE, Scope.APPLICATIONS_READ, Scope.APPLICATIONS_WRITE,
    ),
    User.Role.STAFF: (),
}  # fmt: skip


class TokenQuerySet(models.QuerySet["Token"]):
    def in_force(self, *, at: datetime) -> Self:
        return self.filter(expires_at__gt=at, user__is_active=True)

    def newest_first(self) -> Self:
        return self.order_by("-created_at", "-id")


class Token(models.Model):
    """The keyed hash of a secret that was shown once; taken back, the row is gone."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="api_tokens", verbose_name=_("user")
    )
    public_id = models.CharField(_("public id"), max_length=10, unique=True, default=new_public_id, editable=False)
    name = EncryptedCharField(_("name"), max_length=80, person="user")
    hash = models.CharField(_("keyed hash of the secret"), max_length=43, unique=True, editable=False)
    scopes = models.JSONField(_("scopes"), default=list)
    created_at = models.DateTimeField(_("created"))
    expires_at = models.DateTimeField(_("expires"))
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True)

    objects = TokenQuerySet.as_manager()

    class Meta:
        verbose_name = _("token of the API")
        verbose_name_plural = _("tokens of the API")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("created_at")), name="token_expires_after_it_was_made"
            )
        ]

    def __str__(self) -> str:
        return self.public_id

    @property
    def labels(self) -> list[str]:
        """The scopes in words; one that is no longer known is left out."""
        return [str(Scope(scope).label) for scope in self.scopes if scope in Scope.values]

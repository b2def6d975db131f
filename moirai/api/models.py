"""Personal tokens: a person lets a program act for them, within scopes and until a date."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from moirai.accounts.models import User
from moirai.crypto.fields import EncryptedCharField, EncryptedJSONField
from moirai.public_ids import new_public_id


class Scope(models.TextChoices):
    """What a token may be used for; never more than its person may do."""

    PROFILE_READ = "profile:read", _("read my account and profile")
    PROFILE_WRITE = "profile:write", _("change my account and profile")
    MATCHES_READ = "matches:read", _("read matches and why")
    APPLICATIONS_READ = "applications:read", _("read applications and invitations")
    APPLICATIONS_WRITE = "applications:write", _("send and move applications, invite and answer, and write messages")
    SAVED_READ = "saved:read", _("read saved postings and searches")
    SAVED_WRITE = "saved:write", _("change saved postings and searches")
    NOTIFICATIONS_READ = "notifications:read", _("read notifications and how I want them")
    NOTIFICATIONS_WRITE = "notifications:write", _("mark notifications read, and change how I want them")
    COMPANY_READ = "company:read", _("read my company and its postings")
    COMPANY_WRITE = "company:write", _("change my company and its postings")
    OFFICE_READ = "office:read", _("read companies, postings, matches and imports")
    OFFICE_IMPORT = "office:import", _("import students and postings")


OF_EVERYBODY = (
    Scope.PROFILE_READ, Scope.PROFILE_WRITE, Scope.MATCHES_READ, Scope.APPLICATIONS_READ, Scope.APPLICATIONS_WRITE,
    Scope.NOTIFICATIONS_READ, Scope.NOTIFICATIONS_WRITE,
)  # fmt: skip
SCOPES_OF: dict[str, tuple[Scope, ...]] = {
    User.Role.STUDENT: (*OF_EVERYBODY, Scope.SAVED_READ, Scope.SAVED_WRITE),
    User.Role.RECRUITER: (*OF_EVERYBODY, Scope.COMPANY_READ, Scope.COMPANY_WRITE),
    User.Role.STAFF: (Scope.OFFICE_READ, Scope.OFFICE_IMPORT),  # and the permission for each thing
}


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


class Answer(models.Model):
    """What a request with an ``Idempotency-Key`` was answered; one without a status is being answered."""

    token = models.ForeignKey(Token, on_delete=models.CASCADE, related_name="answers", db_index=False)
    key_hash = models.CharField(_("keyed hash of the key"), max_length=43)
    request_hash = models.CharField(_("keyed hash of the request"), max_length=43)
    status = models.PositiveSmallIntegerField(_("status"), null=True)
    body = EncryptedJSONField(_("answer"), person="token.user", default=dict)
    created_at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("answer of the API")
        verbose_name_plural = _("answers of the API")
        constraints = [models.UniqueConstraint(fields=["token", "key_hash"], name="token_answers_a_request_once")]

    def __str__(self) -> str:
        return f"{self.token_id}: {self.status}"

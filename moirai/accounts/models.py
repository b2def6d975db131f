"""People who sign in."""

from __future__ import annotations

from typing import Any, Self

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from moirai.accounts.borrowed import encrypt_borrowed_tables
from moirai.crypto.fields import EncryptedCharField, EncryptedEmailField, LookupHash
from moirai.crypto.models import KeyIdField

encrypt_borrowed_tables()


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        if not email:
            raise ValueError("A user needs an e-mail address.")
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        return self.create_user(email, password, **fields, role=User.Role.STAFF, is_staff=True, is_superuser=True)

    def get_by_natural_key(self, email: str | None) -> User:
        return self.get(email__iexact=email)


class User(AbstractBaseUser, PermissionsMixin):
    """A person with an e-mail address and one role; what the role holds lives in `students` and `jobs`."""

    class Role(models.TextChoices):
        STUDENT = "student", _("student")
        RECRUITER = "recruiter", _("recruiter")
        STAFF = "staff", _("staff")

    key_id = KeyIdField(_("id of the key"))
    email = EncryptedEmailField(_("e-mail address"))
    full_name = EncryptedCharField(_("full name"), max_length=150, blank=True)
    role = models.CharField(_("role"), max_length=10, choices=Role)
    language = models.CharField(_("language"), max_length=5, default="es-mx", help_text=_("Language of mails."))
    is_active = models.BooleanField(_("active"), default=True)
    is_staff = models.BooleanField(_("may enter the admin"), default=False)
    date_joined = models.DateTimeField(_("joined"), default=timezone.now)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        constraints = [
            models.UniqueConstraint(LookupHash("email"), name="user_email_is_unique_whatever_its_case"),
            models.CheckConstraint(
                condition=Q(role__in=["student", "recruiter", "staff"]), name="user_has_a_known_role"
            ),
            models.CheckConstraint(
                condition=Q(is_staff=False) | Q(role="staff"), name="only_the_staff_role_may_enter_the_admin"
            ),
        ]

    def __str__(self) -> str:
        return self.full_name or self.email

    def get_short_name(self) -> str:
        return self.full_name.split(" ")[0] if self.full_name else self.email

    @property
    def initials(self) -> str:
        """One or two letters for the avatar."""
        words = self.full_name.split() or [self.email]
        return "".join(word[0] for word in words[:2]).upper()


class AuditEventQuerySet(models.QuerySet["AuditEvent"]):
    def about(self, subject: str) -> Self:
        return self.filter(subject=subject)

    def looks(self) -> Self:
        return self.filter(action__in=AuditEvent.LOOKS)

    def newest_first(self) -> Self:
        return self.order_by("-at", "-pk")

    def update(self, **fields: Any) -> int:
        raise TypeError("The ledger is append-only.")

    def delete(self) -> tuple[int, dict[str, int]]:
        raise TypeError("The ledger is append-only.")


class AuditEvent(models.Model):
    """One line of the ledger; written by `accounts.audit.record`, never changed, never deleted."""

    class Action(models.TextChoices):
        APPLICANT_OPENED = "applicant_opened", _("opened your application")
        PROFILE_OPENED = "profile_opened", _("opened your anonymous profile")
        CV_OPENED = "cv_opened", _("downloaded the CV you shared")
        NAME_REVEALED = "name_revealed", _("ended the blind review of your application")
        STAFF_OPENED = "staff_opened", _("the careers office opened your data")
        EXPORTED = "exported", _("you downloaded your data")
        COMPANY_CLOSED = "company_closed", _("you closed your data to a company")
        RESTRICTED = "restricted", _("you restricted what is done with your data")
        LIFTED = "lifted", _("you lifted the restriction")
        ASKED = "asked", _("you asked the careers office")
        ANSWERED = "answered", _("the careers office answered you")
        MERGED = "merged", _("the careers office joined two profiles of yours")
        ERASURE_ASKED = "erasure_asked", _("you asked to be erased")
        ERASED = "erased", _("your data was erased")

    LOOKS = (
        Action.APPLICANT_OPENED,
        Action.PROFILE_OPENED,
        Action.CV_OPENED,
        Action.NAME_REVEALED,
        Action.STAFF_OPENED,
    )

    action = models.CharField(_("action"), max_length=20, choices=Action)
    # No constraint: the number stays when the account is erased, and nothing may change a row.
    actor = models.ForeignKey(
        User, on_delete=models.DO_NOTHING, null=True, db_constraint=False, related_name="+", verbose_name=_("actor")
    )
    subject = models.CharField(_("person"), max_length=10, help_text=_("Public id of the profile."))
    thing = models.CharField(_("what"), max_length=60, blank=True)
    on_behalf_of = models.CharField(_("on behalf of"), max_length=150, blank=True)
    reason = EncryptedCharField(_("reason"), max_length=500, blank=True, person="house")
    at = models.DateTimeField(_("at"))
    previous_hash = models.CharField(_("hash of the event before"), max_length=64, unique=True)
    hash = models.CharField(_("hash"), max_length=64, unique=True)

    objects = AuditEventQuerySet.as_manager()

    class Meta:
        verbose_name = _("event of the ledger")
        verbose_name_plural = _("ledger")
        indexes = [models.Index(fields=["subject", "-at"], name="events_about_a_person")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.action} {self.subject}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("The ledger is append-only.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise TypeError("The ledger is append-only.")


class LedgerHead(models.Model):
    """The last hash and the number of events: writers queue on this row, and a cut tail shows against it."""

    hash = models.CharField(_("hash"), max_length=64)
    events = models.PositiveBigIntegerField(_("events"))

    class Meta:
        verbose_name = _("head of the ledger")
        verbose_name_plural = _("head of the ledger")

    def __str__(self) -> str:
        return f"{self.events} {self.hash}"

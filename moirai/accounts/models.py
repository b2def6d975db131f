"""People who sign in."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


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

    email = models.EmailField(_("e-mail address"))
    full_name = models.CharField(_("full name"), max_length=150, blank=True)
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
            models.UniqueConstraint(Lower("email"), name="user_email_is_unique_whatever_its_case"),
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

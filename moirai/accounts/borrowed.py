"""What Django and allauth keep about people in tables of their own, encrypted like ours.

Every address of a person; the secrets of second factors; what the single sign-on told; from where and with what browser
somebody signed in; and what things were called in the log of the admin, which goes on naming what is gone.
"""

from __future__ import annotations

from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.contrib.admin.models import LogEntry
from django.db import models

from moirai.crypto.borrowed import swap
from moirai.crypto.fields import (
    EncryptedCharField,
    EncryptedEmailField,
    EncryptedJSONField,
    EncryptedTextField,
    LookupHash,
)


def encrypt_borrowed_tables() -> None:
    swap(EmailAddress, "email", EncryptedEmailField(person="user"))
    options: Any = EmailAddress._meta
    options.unique_together = options.original_attrs["unique_together"] = ()
    options.constraints = [
        *(constraint for constraint in options.constraints if constraint.name == "unique_primary_email"),
        models.UniqueConstraint(LookupHash("email"), condition=models.Q(verified=True), name="unique_verified_email"),
        models.UniqueConstraint("user", LookupHash("email"), name="person_has_an_address_once"),
    ]
    swap(Authenticator, "data", EncryptedJSONField(person="user"))
    swap(SocialAccount, "extra_data", EncryptedJSONField(default=dict, person="user"))
    swap(UserSession, "ip", EncryptedCharField(max_length=45, person="user"))
    swap(UserSession, "user_agent", EncryptedCharField(max_length=200, person="user"))
    swap(LogEntry, "object_repr", EncryptedCharField(max_length=200, person="house"))
    swap(LogEntry, "change_message", EncryptedTextField(blank=True, person="house"))

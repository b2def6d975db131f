"""What privacy does when people sign up and sign in."""

from __future__ import annotations

from typing import Any

from allauth.account.signals import user_signed_up
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.utils import timezone

from moirai.accounts.models import User
from moirai.privacy import consents, requests
from moirai.privacy.models import Consent, PrivacyRequest


@receiver(user_signed_up)
def note_the_notice(user: User, **_: Any) -> None:
    """The form does not go through without the box being ticked; students see no company until they say so."""
    now = timezone.now()
    consents.note(user=user, purpose=Consent.Purpose.NOTICE, is_given=True, now=now)
    if user.role == User.Role.STUDENT:
        consents.note(user=user, purpose=Consent.Purpose.COMPANIES, is_given=False, now=now)
        consents.note(user=user, purpose=Consent.Purpose.MATCHING, is_given=True, now=now)


@receiver(user_logged_in)
def stay(user: User, **_: Any) -> None:
    """Whoever signs in is not inactive."""
    requests.take_back(user=user, kinds=(PrivacyRequest.Kind.INACTIVE,), now=timezone.now())

"""What privacy does when people sign up."""

from __future__ import annotations

from typing import Any

from allauth.account.signals import user_signed_up
from django.dispatch import receiver
from django.utils import timezone

from moirai.accounts.models import User
from moirai.privacy import consents
from moirai.privacy.models import Consent


@receiver(user_signed_up)
def note_the_notice(user: User, **_: Any) -> None:
    """The form does not go through without the box being ticked; students see no company until they say so."""
    now = timezone.now()
    consents.note(user=user, purpose=Consent.Purpose.NOTICE, is_given=True, now=now)
    if user.role == User.Role.STUDENT:
        consents.note(user=user, purpose=Consent.Purpose.COMPANIES, is_given=False, now=now)
        consents.note(user=user, purpose=Consent.Purpose.MATCHING, is_given=True, now=now)

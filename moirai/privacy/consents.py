"""Writing down what a person agreed to."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings

from moirai.accounts.models import User
from moirai.privacy.models import Consent


def note(*, user: User, purpose: Consent.Purpose, is_given: bool, now: datetime) -> None:
    """One row if the answer, or the notice it answers to, is another than last time."""
    last = Consent.objects.filter(user=user, purpose=purpose).newest_first().first()
    if last is None or (last.is_given, last.notice_version) != (is_given, settings.PRIVACY_NOTICE_VERSION):
        Consent.objects.create(
            user=user, purpose=purpose, is_given=is_given, notice_version=settings.PRIVACY_NOTICE_VERSION, at=now
        )


def in_force(user: User) -> list[Consent]:
    """The newest answer to each purpose, in the order of the purposes."""
    newest: dict[str, Consent] = {}
    for row in Consent.objects.filter(user=user).newest_first():
        newest.setdefault(row.purpose, row)
    return [newest[purpose] for purpose in Consent.Purpose.values if purpose in newest]

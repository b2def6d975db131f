"""Accounts that nobody uses: warned by mail, erased after a grace; any sign-in ends that."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.db.models.functions import Coalesce

from moirai.accounts.models import User
from moirai.privacy.models import PrivacyRequest
from moirai.privacy.registry import subject_of
from moirai.privacy.signals import inactive_warned

Kind = PrivacyRequest.Kind


def to_be_warned(*, now: datetime) -> list[User]:
    """Students and recruiters who have not signed in for years and are neither warned nor closed."""
    warned = PrivacyRequest.objects.erasures().open().filter(user=OuterRef("pk"))
    rows = User.objects.filter(~Exists(warned), is_active=True, is_staff=False)
    rows = rows.annotate(seen_at=Coalesce("last_login", "date_joined"))
    return list(rows.filter(seen_at__lte=now - timedelta(days=settings.INACTIVE_AFTER_DAYS)).order_by("pk"))


@transaction.atomic
def warn(*, user: User, now: datetime) -> PrivacyRequest:
    """Say that the account will be erased; the request falls due by itself and `erase` carries it out."""
    request = PrivacyRequest.objects.create(
        user=user,
        subject=subject_of(user),
        kind=Kind.INACTIVE,
        asked_at=now,
        due_at=now + timedelta(days=settings.INACTIVE_GRACE_DAYS),
    )
    inactive_warned.send(PrivacyRequest, request_id=request.pk)
    return request


def warn_all(*, now: datetime) -> int:
    users = to_be_warned(now=now)
    for user in users:
        warn(user=user, now=now)
    return len(users)

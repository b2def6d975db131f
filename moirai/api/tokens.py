"""Making, finding and using tokens."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from moirai.accounts.models import User
from moirai.api.models import SCOPES_OF, Token
from moirai.crypto.ring import keyed_hash

PREFIX = "moi_"  # scanners of leaked secrets find tokens by it
RANDOM_BYTES = 32
LENGTH = len(PREFIX) + 43
MOST = 20  # of one person
USE_NOTED_EVERY = timedelta(minutes=5)


class TooManyError(Exception):
    """The person has ``MOST`` tokens."""


def hash_of(secret: str) -> str:
    return keyed_hash(secret, about="api.token")


@transaction.atomic
def make_token(*, user: User, name: str, scopes: Sequence[str], days: int, now: datetime) -> tuple[Token, str]:
    """A new token and its secret, which is kept nowhere; scopes that the role has not are left out."""
    User.objects.select_for_update().get(pk=user.pk)
    if user.api_tokens.count() >= MOST:
        raise TooManyError
    secret = PREFIX + secrets.token_urlsafe(RANDOM_BYTES)
    token = Token.objects.create(
        user=user,
        name=name,
        hash=hash_of(secret),
        scopes=[scope.value for scope in SCOPES_OF[user.role] if scope in scopes],
        created_at=now,
        expires_at=now + timedelta(days=days),
    )
    return token, secret


def token_of(secret: str, *, at: datetime) -> Token | None:
    """The token with this secret, its person beside it; None where it is unknown, over, or the account is closed."""
    if not secret.startswith(PREFIX) or len(secret) != LENGTH:
        return None
    return Token.objects.in_force(at=at).select_related("user").filter(hash=hash_of(secret)).first()


def note_use(token: Token, *, now: datetime) -> None:
    """Remember that the token was used, with a write every few minutes only."""
    stale = Q(last_used_at__isnull=True) | Q(last_used_at__lte=now - USE_NOTED_EVERY)
    if token.last_used_at is None or now - token.last_used_at >= USE_NOTED_EVERY:
        Token.objects.filter(stale, pk=token.pk).update(last_used_at=now)

"""What this app holds about a person, told to `moirai.privacy`."""

from __future__ import annotations

from datetime import datetime, timedelta

from moirai.accounts.models import User
from moirai.api.models import Answer, Token
from moirai.api.once import KEPT
from moirai.privacy.registry import Holding, keep, register

SHOWN_AFTER_EXPIRY = timedelta(days=30)


def export(user: User) -> dict[str, object]:
    """The person's tokens without what proves them."""
    fields = ("name", "scopes", "created_at", "expires_at", "last_used_at")
    return {"tokens": list(Token.objects.filter(user=user).order_by("pk").values(*fields))}


def close_tokens(user: User, now: datetime) -> None:
    """A closed account has no programs that act for it."""
    Token.objects.filter(user=user).delete()


def expire(now: datetime) -> int:
    answers = Answer.objects.filter(created_at__lte=now - KEPT).delete()[0]
    return answers + Token.objects.filter(expires_at__lte=now - SHOWN_AFTER_EXPIRY).delete()[0]


register(Holding("api", export, block=close_tokens, expire=expire))
keep(
    {
        "api.Token": "until the person takes it back, or 30 days after it expired; at most with the account",
        "api.Answer": "24 hours, at most with its token",
    }
)

"""Where each app says what it holds about a person: what to export, what to erase, how long rows stay.

The ground floor imports no app above it; apps call ``register`` and ``keep`` when they start.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model

from moirai.accounts.models import User


def nothing(user: User) -> None:
    """The rows go with the account."""


def no_files(user: User) -> Iterable[tuple[str, bytes]]:
    return ()


def no_subject(user: User) -> str:
    return ""


@dataclass(frozen=True)
class Holding:
    """What one app holds. ``export`` gives plain values, ``files`` name and content, ``subject`` the public id."""

    name: str
    export: Callable[[User], dict[str, object]]
    files: Callable[[User], Iterable[tuple[str, bytes]]] = no_files
    block: Callable[[User], None] = nothing
    erase: Callable[[User], None] = nothing
    subject: Callable[[User], str] = no_subject


_holdings: dict[str, Holding] = {}
_retention: dict[str, str] = {}


def register(holding: Holding) -> None:
    """Add what an app holds; a second one of the same name takes the place of the first."""
    _holdings[holding.name] = holding


def holdings() -> list[Holding]:
    return [_holdings[name] for name in sorted(_holdings)]


def keep(rules: dict[str, str]) -> None:
    """Say how long rows of each model stay and why: ``{"students.CV": "…"}``."""
    _retention.update(rules)


def retention() -> dict[str, str]:
    return dict(sorted(_retention.items()))


def forget_in_admin_log(obj: Model) -> None:
    """The log of the admin repeats what a row was called; take the words away, keep who changed which number when."""
    kind = ContentType.objects.get_for_model(obj)
    LogEntry.objects.filter(content_type=kind, object_id=str(obj.pk)).update(object_repr="–", change_message="")


def subject_of(user: User) -> str:
    """The public id by which the ledger knows this person; empty where no app gives one."""
    return next(filter(None, (holding.subject(user) for holding in holdings())), "")

"""Where each app says what it holds about a person: what to export, what to erase, how long rows stay.

The ground floor imports no app above it; apps call ``register`` and ``keep`` when they start.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.contrib.admin.models import LogEntry
from django.contrib.admin.utils import NestedObjects
from django.contrib.contenttypes.models import ContentType
from django.db import DEFAULT_DB_ALIAS
from django.db.models import Model

from moirai.accounts.models import User


def no_change(user: User, now: datetime) -> None:
    """Nothing of this app is shown or computed; its rows go with the account."""


def none_of_these(key_ids: Collection[str], now: datetime) -> None:
    """This app holds nobody who has no account."""


def nothing_expires(now: datetime) -> int:
    return 0


def not_restricted(user: User) -> datetime | None:
    return None


def no_files(user: User) -> Iterable[tuple[str, bytes]]:
    return ()


def no_subject(user: User) -> str:
    return ""


@dataclass(frozen=True)
class Holding:
    """What one app holds.

    ``export`` gives plain values, ``files`` name and content, ``subject`` the public id. ``block`` closes what others
    see before ``erase`` takes it away; ``restrict`` does so while it is kept, until ``lift``. ``expire`` takes away
    rows past their time, whosever they are, and says how many. ``erase_keys`` erases again, after an old back-up was
    restored, who has one of these keys and no account.
    """

    name: str
    export: Callable[[User], dict[str, object]]
    files: Callable[[User], Iterable[tuple[str, bytes]]] = no_files
    block: Callable[[User, datetime], None] = no_change
    restrict: Callable[[User, datetime], None] = no_change
    lift: Callable[[User, datetime], None] = no_change
    restricted_since: Callable[[User], datetime | None] = not_restricted
    erase: Callable[[User, datetime], None] = no_change
    erase_keys: Callable[[Collection[str], datetime], None] = none_of_these
    expire: Callable[[datetime], int] = nothing_expires
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


def forget_in_admin_log(root: Model) -> None:
    """The admin's log repeats what rows were called. For ``root`` and all that goes with it: take the words away,
    keep who changed which number when.
    """
    going = NestedObjects(using=DEFAULT_DB_ALIAS)
    going.collect([root])
    for model, rows in going.data.items():
        kind = ContentType.objects.get_for_model(model)
        ids = [str(row.pk) for row in rows]
        LogEntry.objects.filter(content_type=kind, object_id__in=ids).update(object_repr="", change_message="")


def subject_of(user: User) -> str:
    """The public id by which the ledger knows this person; empty where no app gives one."""
    return next(filter(None, (holding.subject(user) for holding in holdings())), "")

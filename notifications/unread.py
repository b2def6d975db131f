"""What waits to be read, as every page shows it: counted in the query that reads who is signed in."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef

from moirai.accounts.models import User
from moirai.children import RowsOf
from notifications.models import Kind, Notification

MOST_COUNTED = 100


class Waiting(NamedTuple):
    number: int = 0
    has_bounced: bool = False


def of_the_signed_in() -> dict[str, Any]:
    unread = Notification.objects.filter(user=OuterRef("pk")).unread().order_by()
    return {
        "waiting_count": RowsOf(unread.values("pk")[:MOST_COUNTED]),
        "waiting_has_bounced": Exists(unread.filter(kind=Kind.MAIL_BOUNCED)),
    }


def waiting(user: User | AnonymousUser | None) -> Waiting:
    """Of the person who is signed in, read with the person; one who signs in with this very request is asked anew."""
    if user is None or not user.is_authenticated:
        return Waiting()
    known: Any = user
    if not hasattr(known, "waiting_count"):
        said = User.objects.filter(pk=user.pk).annotate(**of_the_signed_in()).values_list(*of_the_signed_in()).get()
        known.waiting_count, known.waiting_has_bounced = said
    return Waiting(known.waiting_count, known.waiting_has_bounced)

"""What this app holds about a person, told to `moirai.privacy`."""

from __future__ import annotations

from moirai.accounts.models import User
from moirai.privacy.registry import Holding, keep, register
from notifications.models import Notification, OutboxMail


def export(user: User) -> dict[str, object]:
    """What the person was told, in the app and by mail."""
    notices = Notification.objects.filter(user=user).order_by("created_at", "pk")
    mails = OutboxMail.objects.filter(user=user).order_by("created_at", "pk")
    return {
        "notices": list(notices.values("kind", "data", "created_at", "read_at")),
        "mails": list(mails.values("subject", "text", "status", "created_at", "sent_at")),
    }


register(Holding("notifications", export))
keep({"notifications.Notification": "with the account", "notifications.OutboxMail": "with the account"})

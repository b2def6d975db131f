"""What this app holds about a person, told to `moirai.privacy`."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings

from jobs.models import Application
from moirai.accounts.models import User
from moirai.privacy.registry import Holding, keep, register
from notifications.models import DeadAddress, Delivery, Notification, OutboxMail, Preference
from notifications.outbox import forget_words
from notifications.webhook_sending import forget_old


def export(user: User) -> dict[str, object]:
    """What the person was told, in the app and by mail, and how they want to be told."""
    notices = Notification.objects.filter(user=user).order_by("created_at", "pk")
    mails = OutboxMail.objects.filter(user=user).order_by("created_at", "pk")
    return {
        "notices": list(notices.values("kind", "data", "created_at", "read_at")),
        "mails": list(mails.values("subject", "text", "status", "created_at")),
        "preferences": list(Preference.objects.filter(user=user).values("kind", "channel")),
        "address_refuses_mail_since": DeadAddress.objects.filter(user=user).values_list("at", flat=True).first(),
    }


def erase(user: User, now: datetime) -> None:
    """Own rows go with the account; here go those of recruiters that name this applicant."""
    for public_id in Application.objects.filter(student__user=user).values_list("public_id", flat=True):
        notices = Notification.objects.filter(url__contains=f"/{public_id}/").exclude(user=user)
        for holder, key in list(notices.values_list("user_id", "key")):
            OutboxMail.objects.filter(user_id=holder, key=key).delete()
        notices.delete()
        Delivery.objects.filter(data__application=public_id).delete()


def expire(now: datetime) -> int:
    """Notices of long ago, read or not, and the words of mails that are over."""
    old = Notification.objects.filter(created_at__lte=now - timedelta(days=settings.NOTICE_KEEP_DAYS))
    gone: int = old.delete()[0]
    return gone + forget_words(now) + forget_old(now)


register(Holding("notifications", export, erase=erase, expire=expire))
keep(
    {
        "notifications.Notification": "NOTICE_KEEP_DAYS, at most with the account",
        "notifications.OutboxMail": "words until they are forgotten after sending, the row with the account",
        "notifications.Preference": "with the account",
        "notifications.Webhook": "with the company; no data of students",
        "notifications.Delivery": "30 days, at most with the application: ids and states, no words",
        "notifications.DeadAddress": "until the address changes or works again, at most with the account",
    }
)

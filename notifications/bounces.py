"""Mails that come back: reports of mail servers (RFC 3464) read, believed only about mails that we sent.

A report counts when it quotes the Message-ID of one of our mails, which carries a signature: nobody can close an
address by writing to the mailbox of bounces. A hard failure of the address ends mails to it; a full mailbox, a size
or a policy only marks the one mail.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage, Message
from email.utils import parseaddr

from django.conf import settings
from django.db import transaction
from django.utils.crypto import constant_time_compare, salted_hmac

from moirai.accounts.models import User
from moirai.mail import address_mark
from notifications.models import DeadAddress, Kind, Notification, OutboxMail
from notifications.tell import tell

LARGEST_REPORT = 1024 * 1024
MESSAGE_ID = re.compile(r"<moirai-(\d{1,18})-([0-9a-f]{20})@")
DEAD = re.compile(r"5\.(0\.0|1\.\d+|2\.[01])$")  # no such mailbox, or one that was closed


@dataclass(frozen=True)
class Report:
    """What one report says about one mail of ours."""

    mail_id: int
    status: str
    reason: str

    @property
    def is_final(self) -> bool:
        return self.status.startswith("5.")

    @property
    def ends_the_address(self) -> bool:
        return DEAD.match(self.status) is not None


def message_id(mail: OutboxMail) -> str:
    """The same for every attempt, so that a mail that left twice is folded into one by its reader."""
    _name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    domain = address.rpartition("@")[2] or "localhost"
    return f"<moirai-{mail.pk}-{_signature(mail.pk)}@{domain}>"


def _signature(mail_id: int) -> str:
    return salted_hmac("notifications.message_id", str(mail_id), algorithm="sha256").hexdigest()[:20]


def read_report(content: bytes) -> Report | None:
    """The report in a mail; None for anything else: a holiday notice, a report about mails of others, rubbish."""
    if len(content) > LARGEST_REPORT:
        return None
    try:
        message = message_from_bytes(content, policy=policy.default)
        mail_id, fields = _quoted_mail(message), _failure(message)
    except (ValueError, LookupError, AttributeError, TypeError, RecursionError):  # what parsers say of rubbish
        return None
    if mail_id is None or fields is None:
        return None
    status = re.match(r"[245]\.\d{1,3}\.\d{1,3}", str(fields.get("Status", "")).strip())
    reason = without_addresses(str(fields.get("Diagnostic-Code", "")))
    return Report(mail_id, status.group() if status else "5.0.0", reason)


def without_addresses(said: str) -> str:
    """What a mail server said, fit to be kept: one line, and no person in it."""
    return re.sub(r"[^\s<>'\"]+@[^\s<>'\"]+", "…", " ".join(said.replace("\x00", "").split()))[:300]


def _failure(message: EmailMessage) -> Message | None:
    """The first block about a recipient whose delivery failed."""
    for part in message.walk():
        if part.get_content_type() == "message/delivery-status":
            for block in part.get_payload():
                if isinstance(block, Message) and str(block.get("Action", "")).strip().lower() == "failed":
                    return block
    return None


def _quoted_mail(message: EmailMessage) -> int | None:
    """The number of the mail of ours whose headers come back, if the signature is ours."""
    for part in message.walk():
        kind = part.get_content_type()
        if kind == "text/rfc822-headers":
            quoted = str(part.get_payload())
        elif part is not message and kind != "message/rfc822" and part.get("Message-ID"):
            quoted = f"Message-ID: {part['Message-ID']}"
        else:
            continue
        found = MESSAGE_ID.search(quoted)
        if found and constant_time_compare(found[2], _signature(int(found[1]))):
            return int(found[1])
    return None


@transaction.atomic
def record(*, report: Report, now: datetime) -> bool:
    """Mark the mail, and end mails to an address that is gone; the same report twice changes nothing more."""
    mail = OutboxMail.objects.select_related("user").filter(pk=report.mail_id).first()
    if mail is None or not report.is_final:
        return False
    if mail.status != OutboxMail.Status.BOUNCED:
        error = f"{report.status} {report.reason}"[:300]
        OutboxMail.objects.filter(pk=mail.pk).update(status=OutboxMail.Status.BOUNCED, error=error)
        # An address that the person has changed meanwhile is not the one that failed.
        if report.ends_the_address and mail.address_mark in ("", address_mark(mail.user.email)):
            bury(user=mail.user, reason=error, now=now)
    return True


@transaction.atomic
def bury(*, user: User, reason: str, now: datetime) -> None:
    """No mail goes to this address any more, and a banner says so in the app; said twice, nothing more happens."""
    if DeadAddress.objects.refuses(user):
        return
    values = {"address_mark": address_mark(user.email), "reason": reason[:300], "at": now}
    DeadAddress.objects.update_or_create(user=user, defaults=values)
    tell(user=user, kind=Kind.MAIL_BOUNCED, data={}, url="", key=f"bounced:{now.isoformat()}", now=now)


@transaction.atomic
def revive(*, user: User, now: datetime) -> None:
    """Write to this person again: the address changed, or the person says that it works."""
    DeadAddress.objects.filter(user=user).delete()
    Notification.objects.of(user).unread().filter(kind=Kind.MAIL_BOUNCED).update(read_at=now)

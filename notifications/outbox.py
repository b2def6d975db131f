"""Sending what waits in the outbox: claimed row by row, tried again with growing pauses.

At most once: a row is claimed before its mail leaves, and a mail whose worker died in between is not sent again by
itself, because it may have gone out; staff see it as failed and decide. A server that is down or that closes the
connection costs a pause, never a mail. Should it close the connection after it took the whole mail, but before it
said so, the second copy has the Message-ID of the first.
"""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import datetime, timedelta
from smtplib import SMTPDataError, SMTPException, SMTPRecipientsRefused
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db.models import F

from moirai.mail import address_mark
from notifications import bounces
from notifications.models import DeadAddress, OutboxMail

BATCH = 200
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=1)
LOST_AFTER = timedelta(minutes=15)
WORDS_STAY = timedelta(days=30)
NO_SUCH_MAILBOX = re.compile(r"\b5\.(1\.\d+|2\.1)\b")


def send_waiting(*, now: datetime) -> int:
    """Try every mail that is due, over one connection; returns how many were sent."""
    give_up_on_lost(now=now)
    due = OutboxMail.objects.waiting().filter(next_attempt_at__lte=now).order_by("next_attempt_at", "id")
    waiting = list(due.values_list("pk", flat=True)[:BATCH])
    if not waiting:
        return 0
    connection, sent = get_connection(), 0
    try:
        for pk in waiting:
            try:
                sent += send(mail_id=pk, now=now, connection=connection)
            except ServerDownError:
                break  # the others need not each wait for the same time-out
    finally:
        _close(connection)
    return sent


class ServerDownError(Exception):
    """The mail server does not answer: nothing is wrong with the mail."""


def give_up_on_lost(*, now: datetime) -> int:
    lost = OutboxMail.objects.filter(status=OutboxMail.Status.SENDING, next_attempt_at__lte=now - LOST_AFTER)
    return lost.update(status=OutboxMail.Status.FAILED, error="The worker ended while sending; it may have arrived.")


def send(*, mail_id: int, now: datetime, connection: Any) -> bool:
    """Send one mail if nobody else has claimed it. Raises ServerDownError, with the mail waiting again."""
    mine = OutboxMail.objects.waiting().filter(pk=mail_id, next_attempt_at__lte=now)
    if mine.update(status=OutboxMail.Status.SENDING, attempts=F("attempts") + 1, next_attempt_at=now) != 1:
        return False
    mail = OutboxMail.objects.select_related("user").get(pk=mail_id)
    if DeadAddress.objects.refuses(mail.user):
        _finish(mail, OutboxMail.Status.FAILED, error="The address refuses mail.")
        return False
    try:
        connection.open()
        message_of(mail, connection).send()
    except (SMTPException, OSError, ValueError) as error:
        _keep(mail, error, now=now)
        if not _is_about_the_mail(error):
            _close(connection)
            raise ServerDownError from error
        return False
    _finish(mail, OutboxMail.Status.SENT, sent_at=now, error="")
    return True


def message_of(mail: OutboxMail, connection: Any) -> EmailMultiAlternatives:
    """The mail with the headers by which programs know it: automatic, and how to end it (RFC 3834, 2369, 8058)."""
    headers = {"Message-ID": bounces.message_id(mail), "Auto-Submitted": "auto-generated"}
    if mail.unsubscribe_url:
        headers["List-Unsubscribe"] = f"<{mail.unsubscribe_url}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    if settings.MAIL_BOUNCES_TO:
        headers["From"] = settings.DEFAULT_FROM_EMAIL
    message = EmailMultiAlternatives(
        mail.subject,
        mail.text,
        from_email=settings.MAIL_BOUNCES_TO or settings.DEFAULT_FROM_EMAIL,
        to=[mail.user.email],
        reply_to=[settings.MAIL_REPLY_TO] if settings.MAIL_REPLY_TO else None,
        headers=headers,
        connection=connection,
    )
    if mail.html:
        message.attach_alternative(mail.html, "text/html")
    return message


def forget_words(now: datetime) -> int:
    """Delete the words of mails that are over; what kind of mail went when stays."""
    old = OutboxMail.objects.with_words_of(before=now - WORDS_STAY)
    return old.update(subject="", text="", html="", unsubscribe_url="", address_mark="", forgotten_at=now)


def _finish(mail: OutboxMail, status: OutboxMail.Status, **fields: Any) -> None:
    mark = address_mark(mail.user.email)
    OutboxMail.objects.filter(pk=mail.pk).update(status=status, address_mark=mark, **fields)


def _keep(mail: OutboxMail, error: Exception, *, now: datetime) -> None:
    """Write down what went wrong; only a refusal of this very mail is final."""
    final = _is_refusal(error)
    pause = min(FIRST_PAUSE * 2 ** min(mail.attempts - 1, 10), LONGEST_PAUSE)
    _finish(
        mail,
        OutboxMail.Status.FAILED if final else OutboxMail.Status.WAITING,
        error=bounces.without_addresses(f"{type(error).__name__}: {error}"),
        next_attempt_at=now + pause,
    )
    # Only what says that there is no such mailbox: a relay that is set up badly refuses everybody.
    if final and isinstance(error, SMTPRecipientsRefused) and NO_SUCH_MAILBOX.search(str(error)):
        bounces.bury(user=mail.user, reason=bounces.without_addresses(str(error)), now=now)


def _is_about_the_mail(error: Exception) -> bool:
    return isinstance(error, SMTPRecipientsRefused | SMTPDataError | ValueError)


def _is_refusal(error: Exception) -> bool:
    """Whether the server, or the mail itself (ValueError: a header that cannot be), says that it will never go."""
    if isinstance(error, SMTPRecipientsRefused):
        return all(code >= 500 for code, _reason in error.recipients.values())
    return isinstance(error, ValueError) or (isinstance(error, SMTPDataError) and error.smtp_code >= 500)


def _close(connection: Any) -> None:
    with suppress(SMTPException, OSError):  # it may be gone already
        connection.close()

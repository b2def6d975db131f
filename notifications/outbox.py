"""Sending what waits in the outbox: claimed row by row, tried again with growing pauses, never sent twice."""

from __future__ import annotations

from datetime import datetime, timedelta
from smtplib import SMTPDataError, SMTPException, SMTPRecipientsRefused

from django.core.mail import EmailMultiAlternatives
from django.db.models import F

from notifications.models import OutboxMail

BATCH = 200
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=1)
LOST_AFTER = timedelta(minutes=15)


def send_waiting(*, now: datetime) -> int:
    """Try every mail that is due; returns how many were sent.

    A mail server that is down costs a pause, never a mail. A mail whose worker died while sending is not tried
    again by itself, because it may have gone out: staff see it as failed and decide.
    """
    give_up_on_lost(now=now)
    due = OutboxMail.objects.waiting().filter(next_attempt_at__lte=now).order_by("next_attempt_at", "id")
    return sum(send(mail_id=pk, now=now) for pk in list(due.values_list("pk", flat=True)[:BATCH]))


def give_up_on_lost(*, now: datetime) -> int:
    lost = OutboxMail.objects.filter(status=OutboxMail.Status.SENDING, next_attempt_at__lte=now - LOST_AFTER)
    return lost.update(status=OutboxMail.Status.FAILED, error="The worker ended while sending; it may have arrived.")


def send(*, mail_id: int, now: datetime) -> bool:
    """Send one mail if nobody else has claimed it."""
    mine = OutboxMail.objects.waiting().filter(pk=mail_id, next_attempt_at__lte=now)
    if mine.update(status=OutboxMail.Status.SENDING, attempts=F("attempts") + 1, next_attempt_at=now) != 1:
        return False
    mail = OutboxMail.objects.select_related("user").get(pk=mail_id)
    message = EmailMultiAlternatives(mail.subject, mail.text, to=[mail.user.email])
    if mail.html:
        message.attach_alternative(mail.html, "text/html")
    try:
        message.send()
    except (SMTPException, OSError, ValueError) as error:
        _keep(mail, error, now=now)
        return False
    OutboxMail.objects.filter(pk=mail.pk).update(status=OutboxMail.Status.SENT, sent_at=now, error="")
    return True


def _keep(mail: OutboxMail, error: Exception, *, now: datetime) -> None:
    """Write down what went wrong; only a refusal of this very mail is final."""
    final = _is_refusal(error)
    pause = min(FIRST_PAUSE * 2 ** min(mail.attempts - 1, 10), LONGEST_PAUSE)
    OutboxMail.objects.filter(pk=mail.pk).update(
        status=OutboxMail.Status.FAILED if final else OutboxMail.Status.WAITING,
        error=f"{type(error).__name__}: {error}"[:300],
        next_attempt_at=now + pause,
    )


def _is_refusal(error: Exception) -> bool:
    """Whether the server, or the mail itself (ValueError: a header that cannot be), says that it will never go."""
    if isinstance(error, SMTPRecipientsRefused):
        return all(code >= 500 for code, _reason in error.recipients.values())
    return isinstance(error, ValueError) or (isinstance(error, SMTPDataError) and error.smtp_code >= 500)

"""Messages between a student and a company, on an application that has not ended."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from jobs import pipeline
from jobs.models import Application, Message, Side
from jobs.pipeline import S
from jobs.signals import message_sent
from moirai.accounts.models import User

DAY = timedelta(days=1)
A_DAY = 20  # messages of one side on one application
TWICE = timedelta(minutes=10)  # the same words again within this time are the same click


class EndedError(Exception):
    """The application has ended; what was written can be read."""


class TooManyError(Exception):
    """This side has written ``A_DAY`` messages within a day."""


@transaction.atomic
def send_message(*, application: Application, side: Side, author: User, body: str, now: datetime) -> Message:
    """Write to the other side; the same words sent twice are sent once.

    What a company writes to somebody whom it has not answered yet is the answer: the application goes to review.
    """
    row = Application.objects.select_for_update().get(pk=application.pk)
    if row.is_ended:
        raise EndedError
    own = list(row.messages.filter(side=side, at__gt=now - DAY).order_by("-at", "-id"))
    if own and own[0].body == body and now - own[0].at < TWICE:
        return own[0]
    if len(own) >= A_DAY:
        raise TooManyError
    if side == Side.COMPANY and row.is_unanswered:
        pipeline.move(application=row, to=S.IN_REVIEW, actor=author, side=side, now=now, is_told=False)
    message = Message.objects.create(application=row, side=side, author=author, body=body, at=now)
    message_sent.send(sender=Message, message_id=message.pk)
    return message


def mark_read(*, application: Application, side: Side, now: datetime) -> int:
    """This side has opened the page: what the other side wrote is read."""
    unread = [message.pk for message in application.messages.all() if message.side != side and message.read_at is None]
    return Message.objects.filter(pk__in=unread).update(read_at=now) if unread else 0

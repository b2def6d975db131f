"""Read the mailbox of bounces."""

from __future__ import annotations

import mailbox
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from notifications import bounces


class Command(BaseCommand):
    help = (
        "Record the mails that came back, from an mbox file, a Maildir folder, or one report on standard input (-), "
        "as a mail server's alias pipes it. Reads only; the same report twice changes nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", help="mbox file, Maildir folder, or - for standard input")

    def handle(self, *args: Any, path: str, **options: Any) -> None:
        now, recorded, others = timezone.now(), 0, 0
        for content in _messages(path):
            report = bounces.read_report(content)
            if report is not None and bounces.record(report=report, now=now):
                recorded += 1
            else:
                others += 1
        self.stdout.write(f"{recorded} bounces recorded, {others} other messages left alone.")


def _messages(path: str) -> Iterator[bytes]:
    if path == "-":
        yield sys.stdin.buffer.read(bounces.LARGEST_REPORT + 1)
        return
    place = Path(path)
    if not place.exists():
        raise CommandError(f"{path} is not there.")
    try:
        kind = mailbox.Maildir if place.is_dir() else mailbox.mbox
        with closing(kind(place, create=False)) as box:
            yield from map(box.get_bytes, box.keys())
    except (OSError, mailbox.Error) as error:
        raise CommandError(f"{path} cannot be read: {error}") from error

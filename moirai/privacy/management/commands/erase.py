"""Erase everybody whose delay is over."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from moirai.backup.erased import read
from moirai.backup.restoring import erase_again
from moirai.privacy.erasure import erase_due
from moirai.privacy.models import PrivacyRequest


class Command(BaseCommand):
    help = "Erase the people who asked for it, or were warned, and whose delay is over. Beat runs it daily."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--again", type=Path, nargs="+", metavar="LIST", help="who is back from an older copy")
        parser.add_argument("--dry-run", action="store_true", help="say who is due, by opaque id, and erase nobody")

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        if lists := options["again"]:
            ids = [key_id for path in lists for key_id in read(path)]
            self.stdout.write(f"{erase_again(ids, now=now)} of {len(ids)} keys were back; all are erased.")
            return
        erasures = PrivacyRequest.objects.erasures()
        if options["dry_run"]:
            for request in erasures.due(at=now).order_by("due_at", "pk"):
                self.stdout.write(f"{request.subject or f'request {request.pk}'}, due {request.due_at:%Y-%m-%d}")
            return
        erased, failed = erase_due(now=now)
        self.stdout.write(f"{erased} erased, {erasures.open().count()} waiting.")
        if failed:
            raise CommandError(f"{failed} could not be erased and stay due; the log says which.")

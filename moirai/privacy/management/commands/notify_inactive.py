"""Warn people who have not signed in for years."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from moirai.privacy.inactivity import to_be_warned, warn_all


class Command(BaseCommand):
    help = "Mail those who have not signed in for INACTIVE_AFTER_DAYS; INACTIVE_GRACE_DAYS later `erase` erases them."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="count, and warn nobody")

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        count = len(to_be_warned(now=now)) if options["dry_run"] else warn_all(now=now)
        self.stdout.write(f"{count} {'to be ' if options['dry_run'] else ''}warned.")

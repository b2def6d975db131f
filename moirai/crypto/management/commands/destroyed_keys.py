"""The list that keeps erased people erased when an old backup is restored."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from moirai.crypto.keys import destroy
from moirai.crypto.models import KEY_ID_LENGTH, PersonKey


class Command(BaseCommand):
    help = "Print the ids of destroyed keys; with --again read such a list from standard input and destroy them again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--again", action="store_true", help="destroy the keys listed on standard input")

    def handle(self, *args: Any, again: bool, **options: Any) -> None:
        if not again:
            destroyed = PersonKey.objects.filter(destroyed_at__isnull=False).order_by("pk")
            self.stdout.write("\n".join(destroyed.values_list("pk", flat=True)))
            return
        listed = [line.strip() for line in sys.stdin if len(line.strip()) == KEY_ID_LENGTH]
        count = destroy(listed, now=timezone.now())
        self.stdout.write(f"{count} of {len(listed)} keys were still there and are destroyed.")

"""Turn what is past its time into counts, and erase it."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from moirai.privacy.retention import expire


class Command(BaseCommand):
    help = "Count applications past their time by month, programme and outcome, then erase them and what else is old."

    def handle(self, *args: Any, **options: Any) -> None:
        for name, rows in expire(now=timezone.now()).items():
            self.stdout.write(f"{name}: {rows}")

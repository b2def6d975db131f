"""What `/readyz` says, for a shell, a health check or a timer."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from moirai.health import readiness


class Command(BaseCommand):
    help = "Print how database, migrations, broker, worker and waiting work are; exit code 1 if any of them fails."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--only", nargs="+", metavar="PART", help="judge these parts alone, e.g. --only worker")

    def handle(self, *args: Any, only: list[str] | None, **options: Any) -> None:
        state = readiness(now=timezone.now())
        self.stdout.write(json.dumps(state, indent=2))
        if unknown := set(only or ()) - set(state):
            raise CommandError(f"There is no part {', '.join(sorted(unknown))}.")
        if failing := [part for part in state["failing"] if only is None or part in only]:
            raise CommandError(f"Not ready: {', '.join(failing)}.")

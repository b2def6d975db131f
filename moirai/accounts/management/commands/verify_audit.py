"""Follow the chain of the ledger from its first event to its last."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from moirai.accounts.audit import broken_link
from moirai.accounts.models import AuditEvent


class Command(BaseCommand):
    help = "Verify that no event of the ledger was changed, removed or put in; ends with an error where one was."

    def handle(self, *args: Any, **options: Any) -> None:
        if broken := broken_link():
            raise CommandError(broken)
        self.stdout.write(f"{AuditEvent.objects.count()} events, every link holds.")

"""Erase everybody whose delay is over."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from moirai.privacy.erasure import erase
from moirai.privacy.models import ErasureRequest


class Command(BaseCommand):
    help = "Erase the people who asked for it and whose delay (ERASE_AFTER_DAYS) is over; run it daily."

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        requests = list(ErasureRequest.objects.due(at=now).order_by("due_at", "pk"))
        for request in requests:
            erase(request=request, now=now)
        self.stdout.write(f"{len(requests)} erased, {ErasureRequest.objects.open().count()} waiting.")

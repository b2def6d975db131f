"""Wrap every person's key with the first key of the ring; run after putting a new one in front."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from tqdm import tqdm

from moirai.crypto.known import refuse_unknown_ring
from moirai.crypto.models import PersonKey
from moirai.crypto.ring import fingerprint, ring
from moirai.crypto.rotation import forget_keys_out_of_use, rewrap_some, waiting


class Command(BaseCommand):
    help = "Wrap every person's key with the first key of ENCRYPTION_KEYS. May be stopped and run again at any time."

    def handle(self, *args: Any, **options: Any) -> None:
        refuse_unknown_ring()
        primary = fingerprint(ring()[0])
        with tqdm(total=waiting().count(), unit="key", disable=options["verbosity"] == 0) as bar:
            while done := rewrap_some():
                bar.update(done)
        if left := waiting().count():
            self.stdout.write(f"{left} keys are held by other transactions: run this again.")
            return
        gone = forget_keys_out_of_use()
        self.stdout.write(f"All {PersonKey.objects.exclude(wrapped='').count()} keys are wrapped with {primary}.")
        if gone or len(ring()) > 1:
            old = ", ".join(fingerprint(key) for key in ring()[1:]) or "none"
            self.stdout.write(
                f"Once every process has been started with the new ring, the other keys ({old}) may leave "
                "ENCRYPTION_KEYS; keep them as long as backups from before are kept."
            )

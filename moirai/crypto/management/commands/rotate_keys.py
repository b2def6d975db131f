"""Bring everything over to the first key of a setting; run after putting a new one in front."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from moirai.crypto.known import refuse_unknown_lookup_key, refuse_unknown_ring
from moirai.crypto.models import KnownKey, PersonKey
from moirai.crypto.ring import Ring, UnreadableError, fingerprint, lookup_keys, ring
from moirai.crypto.rotation import forget_keys_out_of_use, rehash, rewrap_some, waiting


class Command(BaseCommand):
    help = (
        "Wrap every person's key with the first key of ENCRYPTION_KEYS; with --lookup compute every keyed hash anew "
        "with the first of LOOKUP_KEY. May be stopped and run again at any time."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--lookup", action="store_true", help="the hashes that people are found by")

    def handle(self, *args: Any, lookup: bool, verbosity: int, **options: Any) -> None:
        try:
            (self.rehash if lookup else self.rewrap)(quiet=verbosity == 0)
        except UnreadableError as error:
            raise CommandError(f"{error} `manage.py check_keys --all` names all of them.") from None

    def rewrap(self, *, quiet: bool) -> None:
        refuse_unknown_ring()
        with tqdm(total=waiting().count(), unit="key", disable=quiet) as bar:
            while done := rewrap_some():
                bar.update(done)
        if left := waiting().count():
            self.stdout.write(f"{left} keys are held by other transactions: run this again.")
            return
        count = PersonKey.objects.exclude(wrapped="").count()
        self.stdout.write(f"All {count} keys are wrapped with {fingerprint(ring()[0])}.")
        self.may_leave("ENCRYPTION_KEYS", KnownKey.Use.RING, ring())

    def rehash(self, *, quiet: bool) -> None:
        refuse_unknown_lookup_key()
        twice: list[str] = []
        for run in (1, 2):  # what a process with the old key in front wrote behind the first
            changed = sum(tqdm(rehash(twice), unit="hash", desc=f"run {run}", disable=quiet))
        if twice:
            raise CommandError("\n".join([*dict.fromkeys(twice), "Merge or change these, then run this again."]))
        if changed:
            raise CommandError(
                "Rows are still written with another key in front: restart those processes, run this again."
            )
        self.stdout.write(f"Everybody is found with {fingerprint(lookup_keys()[0])}.")
        self.may_leave("LOOKUP_KEY", KnownKey.Use.LOOKUP, lookup_keys())

    def may_leave(self, setting: str, use: KnownKey.Use, keys: Ring) -> None:
        gone = forget_keys_out_of_use(use, keys)
        if gone or len(keys) > 1:
            old = ", ".join(fingerprint(key) for key in keys[1:]) or "none"
            self.stdout.write(
                f"Once every process has been started with the new keys, the other keys ({old}) may leave "
                f"{setting}; keep them as long as backups from before are kept."
            )

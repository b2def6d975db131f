"""Fit a new version of the matching model and let it serve."""

from __future__ import annotations

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from matching import modelstore
from moirai.skills.models import Occupation


class Command(BaseCommand):
    help = "Fit the matching model on the taxonomy and the newest texts; the old version serves until it is complete."

    def handle(self, *args: Any, **options: Any) -> None:
        if not Occupation.objects.exists():
            raise CommandError("The taxonomy is empty. Run manage.py load_taxonomy first.")
        began = time.monotonic()
        row = modelstore.fit(now=timezone.now())
        self.stdout.write(
            f"Model {row.version} serves: {row.occupations} occupations, fitted on {row.postings} postings and "
            f"{row.students} students in {time.monotonic() - began:.1f} s."
        )

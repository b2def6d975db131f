"""Print who gets seen: exposure by degree programme and by language."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from matching import fairness


class Command(BaseCommand):
    help = "Share of the top-10 places of open postings against share of eligible students, by programme and language."

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        columns: tuple[fairness.Column, ...] = ("degree_program", "language")
        for column in columns:
            self.stdout.write(f"{column:44s} students   places  ratio")
            for row in fairness.exposure(column, now=now):
                name = row.group or "(groups under 10 and unknown)"
                self.stdout.write(f"{name[:44]:44s} {row.students:8d} {row.places:8d} {row.ratio:6.2f}")

"""Load the shipped taxonomy into the database."""

from typing import Any

from django.core.management.base import BaseCommand

from moirai.skills import seed


class Command(BaseCommand):
    help = "Load the shipped skills and occupations; safe to run again, rows of other sources stay."

    def handle(self, *args: Any, **options: Any) -> None:
        counts = seed.load(seed.Seed.read())
        self.stdout.write("Loaded " + ", ".join(f"{count} {name}" for name, count in counts.items()) + ".")

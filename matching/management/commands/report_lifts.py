"""Print which one skill would lift most students of each programme, over the open postings."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from matching import market, modelstore


class Command(BaseCommand):
    help = "For each degree programme, the skill that would lift most open postings to a high match, and for how many."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--city", default="", help="only postings of this city, as they write it")

    def handle(self, *args: Any, city: str, **options: Any) -> None:
        try:
            demands = market.lifts_by_programme(now=timezone.now(), city=city)
        except modelstore.NoModelError as error:
            raise CommandError(str(error)) from error
        if not demands:
            self.stdout.write("No skill lifts anybody, or every programme has fewer than ten students.")
            return
        self.stdout.write(f"{'degree_program':44s} {'skill':32s} students postings")
        for demand in demands:
            name, skill = demand.programme[:44], demand.skill.name_en[:32]
            self.stdout.write(f"{name:44s} {skill:32s} {demand.students:8d} {demand.postings:8d}")

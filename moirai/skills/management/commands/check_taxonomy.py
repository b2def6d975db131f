"""Check the shipped taxonomy files; exits 1 when something is wrong."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from moirai.skills.isco import UNIT_GROUPS
from moirai.skills.seed import Seed


class Command(BaseCommand):
    help = "Check the shipped taxonomy: duplicates, missing languages, unknown or uncovered ISCO codes, dead relations."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        seed = Seed.read()
        problems = list(seed.problems(UNIT_GROUPS))
        for problem in problems:
            self.stderr.write(problem)
        if problems:
            raise CommandError(f"{len(problems)} problems in the taxonomy.")
        self.stdout.write(f"{len(seed.skills)} skills and {len(seed.occupations)} occupations, nothing wrong.")

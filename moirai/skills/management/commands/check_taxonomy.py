"""Check the shipped taxonomy files; exits 1 when something is wrong."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from moirai.skills.checker import problems
from moirai.skills.isco import UNIT_GROUPS
from moirai.skills.seed import Seed


class Command(BaseCommand):
    help = "Check the shipped taxonomy: duplicates, missing languages, unknown or uncovered ISCO codes, dead relations."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            seed = Seed.read()
        except ValueError as error:
            raise CommandError(str(error)) from error
        found = list(problems(seed, UNIT_GROUPS))
        for problem in found:
            self.stderr.write(problem)
        if found:
            raise CommandError(f"{len(found)} problems in the taxonomy.")
        self.stdout.write(f"{len(seed.skills)} skills and {len(seed.occupations)} occupations, nothing wrong.")

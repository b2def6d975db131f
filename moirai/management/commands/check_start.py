"""May the site start here, with this environment and these services?"""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from moirai.metrics import prepare_folder
from moirai.starting import refuse_to_start


class Command(BaseCommand):
    help = "Say in a sentence each what keeps the site from starting, and exit with 1; the web server asks it first."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        refuse_to_start(stop=CommandError)
        prepare_folder()

"""Write ``static/css/moirai.css`` from its parts."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from moirai import stylesheets


class Command(BaseCommand):
    help = "Write static/css/moirai.css from tokens, base, layout and components."

    def handle(self, *_args: Any, **_options: Any) -> None:
        target = stylesheets.folder() / "moirai.css"
        target.write_text(stylesheets.bundle())
        self.stdout.write(f"{target}: {target.stat().st_size} bytes")

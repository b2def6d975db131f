"""Compile the message catalogues without gettext's own tools, which a fresh machine lacks."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser


class Command(BaseCommand):
    help = "Write a .mo file beside every .po file that is newer."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--complete-english", action="store_true", help="first say every English message as the code says it"
        )

    def handle(self, *args: Any, complete_english: bool, **options: Any) -> None:
        folder = Path(settings.LOCALE_PATHS[0])
        if complete_english:
            complete(folder / "en" / "LC_MESSAGES" / "django.po")
        for source in sorted(folder.glob("*/LC_MESSAGES/*.po")):
            target = source.with_suffix(".mo")
            language = source.parts[-3].partition("_")[0]
            general = folder / language / "LC_MESSAGES" / source.name
            newest = max(path.stat().st_mtime for path in (source, general) if path.exists())
            if target.exists() and target.stat().st_mtime >= newest:
                continue
            catalogue = read(source)
            if general != source and general.exists():
                add_rest(catalogue, read(general))
            with target.open("wb") as file:
                write_mo(file, catalogue)
            if options["verbosity"]:
                self.stdout.write(f"{source}: {len(catalogue)} messages")


def read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file)


def add_rest(catalogue: Catalog, general: Catalog) -> None:
    """What a country does not say otherwise it says as its language does: Django looks there at once, and in the
    catalogue of the language only after those of all other packages, for every word of every page."""
    for message in general:
        if message.id and catalogue.get(message.id, message.context) is None:
            catalogue.add(message.id, message.string, context=message.context, flags=message.flags)


def complete(path: Path) -> None:
    """English is the language of the code: every message without a translation is its own."""
    catalogue = read(path)
    for message in catalogue:
        if message.id and not all(message.string if isinstance(message.string, tuple) else [message.string]):
            message.string = message.id if isinstance(message.id, str) else tuple(message.id)
            message.flags.discard("fuzzy")
    with path.open("wb") as file:
        write_po(file, catalogue, sort_output=True, width=0)

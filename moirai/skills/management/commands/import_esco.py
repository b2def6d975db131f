"""Load ESCO, as published, on top of the shipped taxonomy."""

from __future__ import annotations

from moirai.import_command import Progress
from moirai.skills import attribution, esco, esco_files
from moirai.skills.import_taxonomy import ImportTaxonomyCommand
from moirai.skills.summary import Summary
from moirai.skills.tables import Tables


class Command(ImportTaxonomyCommand):
    help = (
        "Load the CSV files of ESCO (a folder or .zip, Spanish and English): occupations and skills. "
        "The seed and staff's own names stay; can be run again, also with a newer version."
    )
    attribution = attribution.ESCO

    def load(self, tables: Tables, *, summary: Summary, progress: Progress) -> None:
        read = esco_files.read(tables, summary=summary, advance=progress.advance)
        self.stdout.write(f"Storing {len(read.occupations)} occupations …")
        esco.store(read, summary=summary)

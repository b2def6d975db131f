"""Load O*NET, as published, on top of what is there."""

from __future__ import annotations

from moirai.import_command import Progress
from moirai.skills import attribution, onet
from moirai.skills.import_taxonomy import ImportTaxonomyCommand
from moirai.skills.summary import Summary
from moirai.skills.tables import Tables


class Command(ImportTaxonomyCommand):
    help = (
        "Load the database text files of O*NET (a folder or .zip): occupations, tasks, technology. "
        "An occupation is placed in ISCO-08 by the likeness of its titles to those in the database; can be run again."
    )
    attribution = attribution.ONET

    def load(self, tables: Tables, *, summary: Summary, progress: Progress) -> None:
        read = onet.read(tables, summary=summary, advance=progress.advance)
        self.stdout.write(f"Storing {len(read.occupations)} occupations …")
        onet.store(read, summary=summary)

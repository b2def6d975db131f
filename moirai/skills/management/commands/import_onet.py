"""Load O*NET, as published, on top of what is there."""

from __future__ import annotations

from moirai.skills import attribution, onet
from moirai.skills.import_taxonomy import ImportTaxonomyCommand


class Command(ImportTaxonomyCommand):
    help = (
        "Load the database text files of O*NET (a folder or .zip): occupations, tasks, technology. "
        "An occupation is placed in ISCO-08 by the likeness of its titles to those in the database; can be run again."
    )
    attribution = attribution.ONET
    read, store = staticmethod(onet.read), staticmethod(onet.store)

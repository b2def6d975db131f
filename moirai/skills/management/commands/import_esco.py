"""Load ESCO, as published, on top of the shipped taxonomy."""

from __future__ import annotations

from moirai.skills import attribution, esco, esco_files
from moirai.skills.import_taxonomy import ImportTaxonomyCommand


class Command(ImportTaxonomyCommand):
    help = (
        "Load the CSV files of ESCO (a folder or .zip, Spanish and English): occupations and skills. "
        "The seed and staff's own names stay; can be run again, also with a newer version."
    )
    attribution = attribution.ESCO
    read, store = staticmethod(esco_files.read), staticmethod(esco.store)

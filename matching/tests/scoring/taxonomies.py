"""Taxonomies for the tests."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from matching.scoring.taxonomy import Occupation, Taxonomy


def from_rows(occupations: Iterable[dict[str, Any]], groups: Iterable[dict[str, Any]]) -> Taxonomy:
    """Taxonomy from dictionaries with the keys of the seed files (id, isco, es, en, es_aliases, essential, …)."""
    return Taxonomy(
        occupations=tuple(
            Occupation(
                id=row["id"],
                isco=row["isco"],
                title_es=row["es"],
                title_en=row["en"],
                aliases_es=tuple(row.get("es_aliases", ())),
                aliases_en=tuple(row.get("en_aliases", ())),
                essential=tuple((es, en) for es, en in row.get("essential", ())),
                optional=tuple((es, en) for es, en in row.get("optional", ())),
                description_es=row.get("es_description", ""),
                description_en=row.get("en_description", ""),
            )
            for row in occupations
        ),
        groups={row["isco"]: (row["es"], row["en"]) for row in groups},
    )

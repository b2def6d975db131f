"""The occupations that texts are read through: titles, phrases and ISCO-08 groups in two languages."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Occupation:
    """One occupation. ``essential`` and ``optional`` hold (Spanish, English) phrases; either may be ''."""

    id: str
    isco: str
    title_es: str
    title_en: str
    aliases_es: tuple[str, ...] = ()
    aliases_en: tuple[str, ...] = ()
    essential: tuple[Pair, ...] = ()
    optional: tuple[Pair, ...] = ()
    description_es: str = ""
    description_en: str = ""

    def titles(self, language: str) -> tuple[str, ...]:
        """Title and aliases in one language, without blanks."""
        own = (self.title_es, *self.aliases_es) if language == "es" else (self.title_en, *self.aliases_en)
        return tuple(title for title in own if title)


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """Occupations and the names (Spanish, English) of the ISCO-08 groups they belong to, by four-digit code."""

    occupations: tuple[Occupation, ...]
    groups: dict[str, Pair] = field(default_factory=dict)

    @property
    def group_codes(self) -> tuple[str, ...]:
        """Codes of the unit groups that have an occupation, sorted."""
        return tuple(sorted({occupation.isco for occupation in self.occupations}))

    @property
    def content_hash(self) -> str:
        """Hash of everything in the taxonomy; the order of occupations counts."""
        rows = [asdict(occupation) for occupation in self.occupations]
        text = json.dumps([rows, sorted(self.groups.items())], ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:16]

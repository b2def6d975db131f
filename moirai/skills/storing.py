"""Bring the rows of one source of the taxonomy to what its files say; those of other sources stay as they are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model, QuerySet

from moirai.skills.models import Occupation, OccupationAlias, OccupationPhrase, Skill, SkillAlias, Source
from moirai.skills.summary import Summary
from moirai.skills.synchronise import Changes, codes_of_others, remove_unused, synchronise


@dataclass(frozen=True)
class Rows:
    """The rows of one source; what becomes of each kind of them is counted in ``summary``."""

    source: Source
    summary: Summary = field(default_factory=Summary)

    def store_skills(self, wanted: Iterable[Skill]) -> None:
        """Skills that staff gave another name stay, whatever the files say."""
        own = Skill.objects.filter(source=self.source)
        unnamed = own.exclude(aliases__source=Source.STAFF)
        self._store_coded("Skills", own, wanted, ("kind", "name_es", "name_en"), removable=unnamed)

    def store_occupations(self, wanted: Iterable[Occupation]) -> dict[str, int]:
        """Returns the ids of this source's occupations by code. Those that vanish take titles and phrases along."""
        own = Occupation.objects.filter(source=self.source)
        fields = ("group_id", "title_es", "title_en", "description_es", "description_en")
        self._store_coded("Occupations", own, wanted, fields, removable=own)
        return dict(own.values_list("code", "pk"))

    def store_aliases(self, wanted: Iterable[SkillAlias]) -> None:
        own = SkillAlias.objects.filter(source=self.source)
        self._store("Skill aliases", own, wanted, ("language", "folded"), ("skill_id", "text", "is_ambiguous"))

    def store_titles(self, wanted: Iterable[OccupationAlias]) -> None:
        own = OccupationAlias.objects.filter(occupation__source=self.source)
        self._store("Other titles", own, wanted, ("occupation_id", "language", "text"))

    def store_phrases(self, wanted: Iterable[OccupationPhrase]) -> None:
        own = OccupationPhrase.objects.filter(occupation__source=self.source)
        self._store("Phrases", own, wanted, ("occupation_id", "text_es", "text_en"), ("is_essential",))

    def _store(
        self, kind: str, own: QuerySet, wanted: Iterable[Model], key: tuple[str, ...], fields: tuple[str, ...] = ()
    ) -> None:
        self.summary.count(kind, synchronise(own, wanted, key=key, fields=fields), total=own.count())

    def _store_coded(
        self, kind: str, own: QuerySet, wanted: Iterable[Any], fields: tuple[str, ...], *, removable: QuerySet
    ) -> None:
        """Rows known by their code, which others may point at: staff who change one make it theirs."""
        foreign, kept = codes_of_others(own.model, self.source), []
        for row in wanted:
            if row.code in foreign:
                self.summary.skip(f"{kind.lower()} that staff changed", row.code)
            else:
                kept.append(row)
        changes = synchronise(own, kept, key=("code",), fields=fields, remove=False)
        removed, used = remove_unused(removable, keep={row.code for row in kept})
        for row in used:
            self.summary.skip(f"{kind.lower()} that the files no longer have, kept because they are used", str(row))
        self.summary.count(kind, changes + Changes(removed=removed), total=own.count())

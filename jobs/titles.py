"""What else the position of a posting is called, in both languages: titles of the occupations that its title names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import TypeAlias

from django.db.models import Count, Max

from jobs.lexemes import JOINING, words_of
from moirai.skills.models import Occupation, OccupationAlias
from moirai.skills.text import stem

LONGEST = 6  # words of a title that are looked up together
MOST = 3  # occupations that one title may name

Key: TypeAlias = tuple[str, ...]
Stamp: TypeAlias = tuple[int | None, ...]

_current: tuple[Stamp, Titles] | None = None


class Titles:
    """Occupations by the stems of their titles and aliases."""

    def __init__(self, occupations: Iterable[tuple[int, str, str]], aliases: Iterable[tuple[int, str, str]]) -> None:
        self.names: dict[int, tuple[str, str]] = {}
        self._titles: dict[tuple[str, Key], set[int]] = defaultdict(set)
        self._aliases: dict[tuple[str, Key], set[int]] = defaultdict(set)
        for pk, *names in occupations:
            self.names[pk] = (names[0], names[1])
            for language, name in zip(("es", "en"), names, strict=True):
                self._titles[language, key_of(name, language)].add(pk)
        for pk, language, text in aliases:
            key = key_of(text, language)
            if len(key) > 1:  # one word alone means too many things
                self._aliases[language, key].add(pk)

    def also(self, title: str) -> list[str]:
        """Names in both languages of the occupations that ``title`` names; the longest names decide."""
        for length in range(LONGEST, 0, -1):
            found: set[int] = set()
            for language in ("es", "en"):
                key = key_of(title, language)
                for start in range(len(key) - length + 1):
                    part = language, key[start : start + length]
                    aliased = self._aliases.get(part, set())
                    found |= self._titles.get(part, set()) or (aliased if len(aliased) == 1 else set())
            if found:
                return [name for pk in sorted(found)[:MOST] for name in self.names[pk] if name]
        return []


def key_of(text: str, language: str) -> Key:
    """The stems of the words that tell something."""
    return tuple(stem(word, language) for word in words_of(text) if word not in JOINING)


def titles() -> Titles:
    """The occupations of the database; costs one small query when nothing has changed."""
    global _current
    stamp = _stamp()
    if _current is None or _current[0] != stamp:
        _current = (
            stamp,
            Titles(
                Occupation.objects.order_by("pk").values_list("pk", "title_es", "title_en"),
                OccupationAlias.objects.order_by("pk").values_list("occupation_id", "language", "text"),
            ),
        )
    return _current[1]


def _stamp() -> Stamp:
    counts = [model.objects.aggregate(rows=Count("pk"), last=Max("pk")) for model in (Occupation, OccupationAlias)]
    return tuple(number for row in counts for number in row.values())

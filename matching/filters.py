"""The smallest match that a student wants to see, with counts."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Case, When
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from jobs.search import Counts
from matching.models import POINT

LEAST = (0, 50, 70, 85)


@dataclass(frozen=True, slots=True)
class Band:
    """From ``least`` points upwards."""

    least: int

    @classmethod
    def read(cls, data: QueryDict) -> Band:
        """The band asked for; anything unknown shows all."""
        value = data.get("min", "")
        return cls(int(value) if value in map(str, LEAST) else 0)

    @property
    def hundredths(self) -> int:
        """Stored scores from here round to ``least`` or more."""
        return max(1, self.least * POINT - POINT // 2)

    @property
    def label(self) -> str:
        labels = {50: _("Partial or better"), 70: _("High or better"), 85: _("Very high")}
        return labels.get(self.least) or pgettext("postings", "All")


@dataclass(frozen=True, slots=True)
class Choice:
    band: Band
    count: int
    is_chosen: bool


#: Of a posting joined with its match: the ``least`` of the highest band that it is in.
LEVEL = Case(*(When(matches__score__gte=Band(least).hundredths, then=least) for least in LEAST[::-1]), default=-1)


def bands(counts: Counts, chosen: Band) -> list[Choice]:
    """Each band with its number of matches, as ``counts`` by ``LEVEL`` has them."""
    return [Choice(Band(least), counts.from_level(least), least == chosen.least) for least in LEAST]

"""The smallest match that a student wants to see, with counts."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from matching.models import POINT, MatchQuerySet

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


def bands(matches: MatchQuerySet, chosen: Band) -> list[Choice]:
    """Each band with its number of matches, in one query."""
    counts = matches.aggregate(
        **{f"from_{least}": Count("pk", filter=Q(score__gte=Band(least).hundredths)) for least in LEAST}
    )
    return [Choice(Band(least), counts[f"from_{least}"], least == chosen.least) for least in LEAST]

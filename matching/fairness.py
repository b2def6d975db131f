"""Who gets seen: each group's share of the places at the top against its share of those who could stand there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.db.models import F, Window
from django.db.models.functions import RowNumber

from matching.models import Match
from students.models import Student

TOP = 10  # places of each posting that count as being seen
SMALLEST_GROUP = 10  # smaller groups are reported together
Column = Literal["degree_program", "language"]


@dataclass(frozen=True, slots=True)
class Exposure:
    """``ratio`` is share of top places over share of eligible students: 1 is even, below 1 is seen too little."""

    group: str
    students: int
    places: int
    share_of_students: float
    share_of_places: float

    @property
    def ratio(self) -> float:
        return self.share_of_places / self.share_of_students if self.share_of_students else 0.0


def exposure(column: Column, *, now: datetime) -> list[Exposure]:
    """Exposure by degree programme or language over the stored matches of open postings, largest group first.

    Source: Singh & Joachims 2018, fairness of exposure in rankings, with equal weight for the first ten places.
    """
    students = Counter(Student.objects.matchable().with_text().values_list(column, flat=True))
    ranked = Match.objects.of_open_jobs(at=now).annotate(
        place=Window(RowNumber(), partition_by=[F("job_id")], order_by=[F("score").desc(), F("student_id").asc()])
    )
    places = Counter(ranked.filter(place__lte=TOP).values_list(f"student__{column}", flat=True))
    return grouped(students, places)


def grouped(students: Counter[str], places: Counter[str]) -> list[Exposure]:
    """Shares of each group; groups under ten students and people without one are reported together, as ``""``."""
    small = {name for name, count in students.items() if count < SMALLEST_GROUP or not name}
    held, seen = folded(students, small), folded(places, small)
    everybody, everywhere = sum(held.values()), sum(seen.values())
    rows = [
        Exposure(name, count, seen[name], count / everybody, seen[name] / everywhere if everywhere else 0.0)
        for name, count in held.items()
    ]
    return sorted(rows, key=lambda row: (-row.students, row.group))


def folded(counts: Counter[str], small: Iterable[str]) -> Counter[str]:
    small = set(small)
    result: Counter[str] = Counter()
    for name, count in counts.items():
        result["" if name in small else name] += count
    return result

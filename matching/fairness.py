"""Who gets seen: each group's share of the places at the top against its share of those who could stand there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.db.models import Count, OuterRef, Subquery

from jobs.models import Job
from matching.models import Match
from moirai.office.protect import protect, small_groups
from students.models import Student

TOP = 10  # places of each posting that count as being seen
Column = Literal["degree_program", "language"]


@dataclass(frozen=True, slots=True)
class Exposure:
    """Whole percents; ``ratio`` is share of places over share of students: 1 is even, below 1 is seen too little.

    What is None is not shown, because it would tell of few.
    """

    group: str
    students: int | None
    places: int | None
    percent_of_students: int | None
    percent_of_places: int | None
    ratio: float | None


def exposure(column: Column, *, now: datetime) -> list[Exposure]:
    """Exposure by degree programme or language over the stored matches of open postings, largest group first.

    Source: Singh & Joachims 2018, fairness of exposure in rankings, with equal weight for the first ten places.
    """
    eligible = Student.objects.matchable().with_text()
    students = dict(eligible.order_by().values_list(column).annotate(Count("pk")))
    best = Match.objects.filter(job=OuterRef("pk")).order_by("-score", "student_id").values(f"student__{column}")
    jobs = Job.objects.open(at=now).order_by()
    # One small look-up per posting and place: numbering all matches would sort millions of them.
    seen = [jobs.values(group=Subquery(best[at : at + 1])).annotate(places=Count("pk")) for at in range(TOP)]
    places: Counter[str] = Counter()
    for row in seen[0].union(*seen[1:], all=True):
        if row["group"] is not None:  # fewer than ten students match the posting
            places[row["group"]] += row["places"]
    return grouped(students, places)


def grouped(students: Mapping[str, int], places: Mapping[str, int]) -> list[Exposure]:
    """Shares of each group; small groups and people without one are reported together, as ``""``."""
    small = small_groups(students)
    names = {name: "" if name in small else name for name in {*students, *places}}
    counts: dict[str, list[int]] = {}
    for name, group in names.items():
        row = counts.setdefault(group if name in students else "", [0, 0])
        row[0], row[1] = row[0] + students.get(name, 0), row[1] + places.get(name, 0)
    everybody, everywhere = (sum(column) for column in zip(*counts.values(), strict=True)) if counts else (0, 0)
    shown, _total = protect(list(counts.values()), [None, None])
    rows = []
    for name, (people, seen) in zip(counts, shown, strict=True):
        of_students = people / everybody if people else None
        of_places = seen / everywhere if seen else None
        ratio = round(of_places / of_students, 2) if of_places and of_students else None
        rows.append(Exposure(name, people, seen, _percent(of_students), _percent(of_places), ratio))
    return sorted(rows, key=lambda row: (-(row.students or 0), row.group))


def _percent(share: float | None) -> int | None:
    return None if share is None else round(100 * share)

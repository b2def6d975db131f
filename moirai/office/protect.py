"""Counts of people without small ones, so that neither a cell nor a difference between cells tells of few people.

A count below ``least`` is hidden, and one that leaves fewer than that of what it is a part of. Where totals stand below
the rows, what is hidden in a column must be two rows or more, of together at least ``least``: else total minus the rest
would tell it. Rows are hidden until that holds, those first that lose least. Source: complementary cell suppression,
Hundepool et al. 2012, Statistical Disclosure Control, ch. 4.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from django.conf import settings

Counts = Sequence[int]
Shown = list[int | None]


def least() -> int:
    """The smallest count of people that reports show."""
    smallest: int = settings.SMALLEST_GROUP
    return smallest


@dataclass
class _Grid:
    rows: Sequence[Counts]  # the last one is the total
    bases: Sequence[int | None]
    zeros: Collection[int]
    hidden: set[tuple[int, int]]

    def tells(self, row: int, column: int) -> int | None:
        """The smaller of the two counts that a cell tells: its own, and what is left of its base; None for nothing."""
        base, value = self.bases[column], self.rows[row][column]
        if base is None:
            return None if value == 0 and column in self.zeros else value
        whole = self.rows[row][base]
        return min(value, whole - value) if whole else None

    def is_hidden(self, row: int, column: int) -> bool:
        return (row, column) in self.hidden

    def hide_small(self, column: int) -> None:
        base = self.bases[column]
        for row in range(len(self.rows)):
            told = self.tells(row, column)
            if (told is not None and told < least()) or (base is not None and self.is_hidden(row, base)):
                self.hidden.add((row, column))

    def hide_more(self, column: int) -> None:
        """Until what total minus shown rows tells is nothing, or of enough people in more than one row."""
        total, base = len(self.rows) - 1, self.bases[column]
        telling = {row: told for row in range(total) if (told := self.tells(row, column)) is not None}
        while not self.is_hidden(total, column):
            gone = [row for row in telling if self.is_hidden(row, column)]
            value = sum(self.rows[row][column] for row in gone)
            rest = value if base is None else sum(self.rows[row][base] for row in gone) - value
            if not gone or (len(gone) > 1 and min(value, rest) >= least()):
                return
            shown = [row for row in telling if not self.is_hidden(row, column)]
            self.hidden.add((min(shown, key=telling.__getitem__) if shown else total, column))


def protect(
    rows: Sequence[Counts], bases: Sequence[int | None], *, zeros: Collection[int] = ()
) -> tuple[list[Shown], Shown]:
    """The rows and their total, with None for what is not shown.

    rows : groups of people that do not overlap, a count per column
    bases : for each column the one that it is a part of, further left, or None
    zeros : columns without a base in which none at all tells nothing of anybody: who was asked, say
    """
    total = [sum(column) for column in zip(*rows, strict=True)] or [0] * len(bases)
    grid = _Grid([*rows, total], bases, zeros, set())
    before = -1
    while len(grid.hidden) > before:  # a base that goes takes its parts along
        before = len(grid.hidden)
        for column in range(len(bases)):
            grid.hide_small(column)
            grid.hide_more(column)
    shown: list[Shown] = [
        [None if grid.is_hidden(at, column) else value for column, value in enumerate(row)]
        for at, row in enumerate(grid.rows)
    ]
    return shown[:-1], shown[-1]


def small_groups(sizes: Mapping[str, int]) -> set[str]:
    """Names that are counted together as ``""``: those of few people, and as many more as make that group large."""
    small = {name for name, size in sizes.items() if not name or size < least()}
    for name in sorted(sizes, key=lambda name: (sizes[name], name)):
        if not small or sum(sizes[one] for one in small) >= least():
            break
        small.add(name)
    return small


def share(part: int | None, whole: int | None) -> int | None:
    """A share in whole percent; None where one of the two is not shown."""
    return round(100 * part / whole) if part is not None and whole else None


def rounded(count: int | None) -> int | None:
    """To fives: where periods can be chosen freely, two of them would tell the few of the days between."""
    return None if count is None else 5 * round(count / 5)

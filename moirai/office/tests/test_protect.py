"""Small counts stay hidden from whoever reads the table with a pencil."""

import random

import pytest

from moirai.office.protect import protect, rounded, share, small_groups

BASES = (None, 0, 1, 1)  # graduates; of them asked; of those working, studying
LEAST = 10


def told(counts, rows, total, bases):
    """Every count of people that cells, totals and their differences tell, with how many rows it is about.

    Where there is nobody to be counted, nothing tells of anybody.
    """
    for column, base in enumerate(bases):
        people = [at for at, row in enumerate(counts) if base is None or row[base]]
        shown = [rows[at][column] for at in people if rows[at][column] is not None]
        yield from ((count, 1) for count in shown)
        if total[column] is not None and len(shown) < len(people):
            yield total[column] - sum(shown), len(people) - len(shown)
        if base is None:
            continue
        known = [at for at in people if rows[at][base] is not None and rows[at][column] is not None]
        rests = [rows[at][base] - rows[at][column] for at in known]
        yield from ((rest, 1) for rest in rests)
        if total[column] is not None and total[base] is not None and len(known) < len(people):
            yield total[base] - total[column] - sum(rests), len(people) - len(known)


def table(seed):
    """Groups of very different sizes, with parts of anything from nobody to everybody."""
    random.seed(seed)
    for _ in range(random.randint(1, 7)):
        row = [random.choice((random.randint(0, 12), random.randint(0, 40), random.randint(0, 400)))]
        for base in BASES[1:]:
            row.append(random.choice((0, row[base], random.randint(0, row[base]))))
        yield row


def test_no_subtraction_tells_of_fewer_than_ten():
    shown_at_all = 0
    for seed in range(600):
        counts = list(table(seed))
        rows, total = protect(counts, BASES)
        for count, people in told(counts, rows, total, BASES):
            assert count >= LEAST, f"seed {seed}: {counts} as {rows}, {total}"
            shown_at_all += people == 1
        for column, base in enumerate(BASES):  # one hidden cell would be the total minus the rest
            hidden = [at for at, row in enumerate(rows) if row[column] is None and (base is None or counts[at][base])]
            assert len(hidden) != 1 or total[column] is None, f"seed {seed}: {counts} as {rows}, {total}"
    assert shown_at_all > 1000  # hiding everything would be no art


def test_hiding_only_what_is_small_would_have_told_it():
    naive = [[count if count >= LEAST else None for count in row] for row in [[30], [25], [4]]]
    assert (4, 1) in list(told([[30], [25], [4]], naive, [59], (None,)))
    assert protect([[30], [25], [4]], (None,)) == ([[30], [None], [None]], [59])


def test_nothing_is_hidden_where_every_number_is_large():
    assert protect([[40, 20], [60, 30]], (None, 0)) == ([[40, 20], [60, 30]], [100, 50])


def test_a_part_that_leaves_few_is_hidden_too():
    rows, total = protect([[40, 38], [60, 30], [50, 25]], (None, 0))
    assert rows == [[40, None], [60, 30], [50, None]]
    assert total == [150, 93]


@pytest.mark.parametrize(
    ("sizes", "together"),
    [
        ({"A": 30, "B": 12}, set()),
        ({"A": 30, "B": 12, "C": 11, "D": 3}, {"C", "D"}),
        ({"A": 30, "": 12}, {""}),
        ({"A": 30, "B": 12, "C": 5, "D": 5}, {"C", "D"}),
        ({"A": 4}, {"A"}),
    ],
)
def test_small_groups_go_together_until_they_are_large(sizes, together):
    assert small_groups(sizes) == together


def test_shares_are_whole_percents_and_counts_go_to_fives():
    assert [share(1, 3), share(None, 3), share(1, None), share(1, 0)] == [33, None, None, None]
    assert [rounded(12), rounded(13), rounded(None)] == [10, 15, None]


def test_where_nobody_was_asked_nothing_is_told():
    asked = protect([[40, 30, 20], [50, 0, 0]], (None, None, 1), zeros={1})
    assert asked == ([[40, 30, 20], [50, 0, 0]], [90, 30, 20])

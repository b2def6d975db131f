"""Which pairs are kept does not depend on how they are sorted."""

from __future__ import annotations

import numpy as np
import pytest

from matching import kept


@pytest.mark.parametrize("far", [0, 2**40])  # ids so far apart that they do not fit into one whole number
def test_the_best_of_each_are_those_of_three_sorts(far):
    rng = np.random.default_rng(1)
    pairs = rng.permutation(40 * 300)[:3000]
    owners, others = pairs // 300 + far * (pairs // 300 > 20), pairs % 300 + far * (pairs % 2)
    totals = rng.integers(0, 30, 3000).astype(np.int16)
    wanted = np.zeros(3000, bool)
    for owner in np.unique(owners):
        own = np.flatnonzero(owners == owner)
        wanted[sorted(own, key=lambda place: (-totals[place], others[place]))[:7]] = True
    assert (kept.best_of_each(owners, totals, others, 7) == (wanted & (totals > 0))).all()


def test_the_last_place_of_a_full_list_is_told_and_of_no_other():
    owners, totals = np.array([9, 4, 9, 4, 9, 2]), np.array([5, 8, 7, 3, 6, 1])
    subjects, scores = kept.last_places(owners, totals, 2)
    assert (subjects.tolist(), scores.tolist()) == ([4, 9], [3, 6])


def test_nothing_is_kept_of_nothing():
    nothing = np.zeros(0, np.int64)
    assert not len(kept.best_of_each(nothing, nothing, nothing, 5))
    assert not len(kept.last_places(nothing, nothing, 5)[0])

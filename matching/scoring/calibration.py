"""Curves that make points / 100 the share of pairs with such evidence that are relevant."""

from __future__ import annotations

import math

from matching.scoring.curve import LARGEST, Curve

# Logistic in the logarithm of the evidence, fitted on labelled pairs of three collections of equal weight
# (docs/matching.md). Above one unit nearly all pairs are relevant and the labels leave the slope open: a gentler one
# keeps good matches apart and costs nothing of the calibration.
SLOPE = 3.39
SLOPE_ABOVE_ONE = 2.0
INTERCEPT = 1.24
COSINE = 1_024_000.0  # evidence of one cosine of weight 1000
# A finer taxonomy spreads the same likeness over more occupations, so a unit of evidence is smaller.
REFERENCE_OCCUPATIONS = 800
FINEST_OCCUPATIONS = 4_000
FINENESS_POWER = 0.156
KNOTS = (0.01, 0.02, 0.04, 0.07, 0.1, 0.14, 0.2, 0.27, 0.35, 0.45, 0.57, 0.7, 0.85, 1.0, 1.2, 1.5, 1.9, 2.4, 3.0, 3.7)


def probability(evidence: float) -> float:
    """P(relevant) of a pair with this evidence in units, in (0, 1); 0 without evidence."""
    if evidence <= 0:
        return 0.0
    slope = SLOPE if evidence < 1 else SLOPE_ABOVE_ONE
    return 1.0 / (1.0 + math.exp(-slope * math.log(evidence) - INTERCEPT))


def unit_of(n_occupations: int) -> float:
    """Evidence that counts as one, for a taxonomy of this size."""
    size = min(max(n_occupations, REFERENCE_OCCUPATIONS), FINEST_OCCUPATIONS)
    return COSINE * (REFERENCE_OCCUPATIONS / size) ** FINENESS_POWER


def fitted_curve(n_occupations: int) -> Curve:
    """The curve shipped with Moirai, for a taxonomy of this size."""
    points = tuple(round(LARGEST * probability(knot), 2) for knot in KNOTS)
    return Curve(unit_of(n_occupations), (0.0, *KNOTS), (0.0, *points))

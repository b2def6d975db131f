"""Curves that make points / 100 the share of pairs with such evidence that are relevant."""

from __future__ import annotations

from matching.scoring.curve import Curve

# Knots fitted on labelled pairs (see docs/matching.md): evidence in units of cosine, hundredths of a point.
KNOTS = ((0.0, 0.0), (0.2, 500.0), (0.5, 2000.0), (1.0, 6000.0), (2.0, 9500.0), (3.0, 10000.0))
UNIT = 1_024_000.0  # evidence of one cosine of weight 1000


def fitted_curve() -> Curve:
    """The curve shipped with Moirai."""
    return Curve(UNIT, tuple(x for x, _ in KNOTS), tuple(y for _, y in KNOTS))

"""The monotone curve from evidence to points, calibrated so that points / 100 is a probability."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

LARGEST = 10_000


@dataclass(frozen=True)
class Curve:
    """Piecewise linear and rising. Evidence is divided by ``unit`` (of the fitted model) before the knots are read.

    evidence : knots, ascending, first 0.0; points : hundredths at the knots, ascending, first 0, last at most 10000
    """

    unit: float
    evidence: tuple[float, ...]
    points: tuple[float, ...]

    def __post_init__(self) -> None:
        if self.unit <= 0 or len(self.evidence) != len(self.points):
            raise ValueError(f"A curve needs a unit above 0 and as many points as knots, not {self}.")
        if list(self.evidence) != sorted(self.evidence) or list(self.points) != sorted(self.points):
            raise ValueError("The knots of a curve must rise.")
        if self.evidence[0] != 0 or self.points[0] != 0 or self.points[-1] > LARGEST:
            raise ValueError("A curve goes from no points without evidence to at most 10000.")

    def apply(self, evidence: NDArray[np.int64]) -> NDArray[np.int64]:
        """Hundredths of a point 0..10000 for whole evidence >= 0, same shape; element by element."""
        values = np.interp(np.asarray(evidence, dtype=np.float64) / self.unit, self.evidence, self.points)
        return np.floor(values + 0.5).astype(np.int64)

"""Encoded students or postings: arrays of small integers, one row each.

Unit vectors are stored as integers at the scale 2048. A dot product of two such rows is an integer below 2^22, which
float32 holds exactly whatever the order of summation: so a pair alone has, to the last bit, the dot products that it
has in a full run.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from matching.scoring.words import Array, Matrix

SCALE = 2048
DENSE = ("groups", "meaning")
SPARSE = ("occupations", "words", "own_words")


def quantised(unit_vectors: Array) -> NDArray[np.int16]:
    """Rows of length at most 1 as integers in [-2048, 2048]."""
    return np.rint(np.round(unit_vectors, 7) * SCALE).astype(np.int16)


def quantised_sparse(unit_vectors: Matrix) -> Matrix:
    """Like :func:`quantised`; entries that round to 0 are dropped."""
    result = sp.csr_matrix(unit_vectors, copy=True)
    result.data = np.rint(np.round(result.data, 7) * SCALE).astype(np.float32)
    result.eliminate_zeros()
    result.sort_indices()
    return result


@dataclass(frozen=True)
class Features:
    """Rows of one side (students or postings) encoded by one version of the model.

    occupations : sparse (n, n_occupations), words : sparse (n, n_terms), both float32 of whole numbers
    own_words : the words before translation (for postings the same matrix)
    groups : int16 (n, n_groups), meaning : int16 (n, n_dimensions)
    """

    version: str
    occupations: Matrix
    words: Matrix
    own_words: Matrix
    groups: NDArray[np.int16]
    meaning: NDArray[np.int16]

    def __len__(self) -> int:
        return int(self.groups.shape[0])

    def __getitem__(self, rows: slice | Sequence[int] | NDArray[np.int64]) -> Features:
        """The given rows, in the given order."""
        return Features(
            self.version,
            self.occupations[rows],
            self.words[rows],
            self.own_words[rows],
            self.groups[rows],
            self.meaning[rows],
        )

    def save(self, folder: Path) -> None:
        """Write the arrays as .npy files that :meth:`load` can map into memory."""
        folder.mkdir(parents=True, exist_ok=True)
        for name in DENSE:
            np.save(folder / f"{name}.npy", getattr(self, name))
        for name in SPARSE:
            matrix = getattr(self, name)
            for part in ("data", "indices", "indptr"):
                np.save(folder / f"{name}.{part}.npy", getattr(matrix, part))
        shapes = {name: list(getattr(self, name).shape) for name in SPARSE}
        (folder / "features.json").write_text(json.dumps({"version": self.version, "shapes": shapes}))

    @classmethod
    def load(cls, folder: Path, *, mapped: bool = True) -> Features:
        """Read what :meth:`save` wrote; ``mapped`` leaves the arrays on disk and shared between processes."""
        mode = "r" if mapped else None
        facts = json.loads((folder / "features.json").read_text())
        dense = {name: np.load(folder / f"{name}.npy", mmap_mode=mode) for name in DENSE}  # type: ignore[arg-type]
        sparse = {}
        for name in SPARSE:
            parts = [np.load(folder / f"{name}.{part}.npy", mmap_mode=mode) for part in ("data", "indices", "indptr")]  # type: ignore[arg-type]
            sparse[name] = sp.csr_matrix(tuple(parts), shape=facts["shapes"][name], copy=False)
        return cls(version=facts["version"], **sparse, **dense)


def concatenate(parts: Sequence[Features]) -> Features:
    """Rows of several Features of one model version, one after the other."""
    if len({part.version for part in parts}) != 1:
        raise ValueError(f"Features of different models cannot be joined: {sorted({p.version for p in parts})}.")
    return Features(
        parts[0].version,
        sp.csr_matrix(sp.vstack([part.occupations for part in parts])),
        sp.csr_matrix(sp.vstack([part.words for part in parts])),
        sp.csr_matrix(sp.vstack([part.own_words for part in parts])),
        np.concatenate([part.groups for part in parts]),
        np.concatenate([part.meaning for part in parts]),
    )

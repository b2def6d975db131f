"""One machine's copy of the encoded rows of one side: files that only grow, mapped into memory by all its processes.

The database is what machines share; these files can be deleted at any time and are built again from it. Rows are
appended under a file lock. A row that changed is appended again and its older self is passed over; when a quarter has
been superseded the files are written anew. ``state.json`` is replaced last, so readers see whole rows or none.
"""

from __future__ import annotations

import fcntl
import json
import mmap
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import scipy.sparse as sp

from matching.scoring.features import Features

DENSE = ("groups", "meaning")
SPARSE = ("occupations", "words", "skills")
SUPERSEDED_SHARE = 0.25
FEW = 1_000


@dataclass(frozen=True)
class Rows:
    """Rows to append. ``sparse`` and ``dense`` by the names above; at : microseconds since 2000."""

    ids: np.ndarray
    at: np.ndarray
    dense: dict[str, np.ndarray]
    sparse: dict[str, sp.csr_matrix]


@dataclass
class State:
    """What ``state.json`` says; rows beyond it in the files do not exist yet."""

    generation: int = 1
    rows: int = 0
    entries: dict[str, int] = field(default_factory=lambda: dict.fromkeys(SPARSE, 0))
    widths: dict[str, int] = field(default_factory=dict)
    superseded: int = 0
    seen_until: int = 0


class Mapped:
    """Encoded rows of one side and model version, by subject."""

    def __init__(self, folder: Path, version: str) -> None:
        self.folder, self.version = folder, version
        self._stamp: tuple[int, int] | None = None
        self.reload()

    # --- Reading ---

    def reload(self) -> None:
        """Look whether another process has appended, and map what is there."""
        path = self.folder / "state.json"
        try:
            facts = path.stat()
            stamp = (facts.st_mtime_ns, facts.st_ino)
        except FileNotFoundError:
            stamp = (0, 0)
        if stamp == self._stamp:
            return
        self._stamp = stamp
        self.state = State(**json.loads(path.read_text())) if stamp != (0, 0) else State()
        self._arrays: dict[str, np.ndarray] = {}
        for name, kind, shape in self._files():
            self._arrays[name] = self._map(name, kind, shape)
        self._order = np.argsort(self._arrays["ids"], kind="stable")
        self._sorted = np.asarray(self._arrays["ids"])[self._order]

    @property
    def ids(self) -> np.ndarray:
        """Subjects that have a row, ascending."""
        return np.unique(self._sorted)

    def __len__(self) -> int:
        return self.state.rows - self.state.superseded

    def places(self, subjects: np.ndarray) -> np.ndarray:
        """Newest row of each subject, -1 where there is none."""
        if not len(self._sorted):
            return np.full(len(subjects), -1, np.int64)
        place = np.searchsorted(self._sorted, subjects, side="right") - 1
        return np.where(self._sorted[place] == subjects, self._order[place], -1)

    def moments(self, subjects: np.ndarray) -> np.ndarray:
        """When each subject's newest row was encoded, -1 where there is none."""
        place = self.places(subjects)
        if not self.state.rows:
            return np.full(len(subjects), -1, np.int64)
        return np.where(place >= 0, self._arrays["at"][place], -1)

    def take(self, places: np.ndarray) -> tuple[Features, sp.csr_matrix]:
        """Features and skills of the rows at ``places``; a run of neighbouring rows is not copied.

        ``own_words`` of the features are the words: scoring reads no others, and explanations read the database.
        """
        is_run = len(places) > 0 and places[-1] - places[0] == len(places) - 1 and bool((np.diff(places) == 1).all())
        rows: slice | np.ndarray = slice(int(places[0]), int(places[-1]) + 1) if is_run else places
        dense = {name: self._arrays[name][rows] for name in DENSE}
        sparse = {name: self._sparse(name, rows) for name in SPARSE}
        skills = sparse.pop("skills")
        return Features(self.version, **dense, **sparse, own_words=sparse["words"]), skills

    def _sparse(self, name: str, rows: slice | np.ndarray) -> sp.csr_matrix:
        pointers, data, indices = (self._arrays[f"{name}.{part}"] for part in ("indptr", "data", "indices"))
        if isinstance(rows, slice):
            start, end = int(pointers[rows.start]), int(pointers[rows.stop])
            indptr = np.asarray(pointers[rows.start : rows.stop + 1]) - start
            parts = (data[start:end], indices[start:end])
        else:
            starts = np.asarray(pointers[rows])
            lengths = np.asarray(pointers[rows + 1]) - starts
            indptr = np.concatenate([[0], np.cumsum(lengths)])
            wanted = np.arange(indptr[-1]) + np.repeat(starts - indptr[:-1], lengths)
            parts = (data[wanted], indices[wanted])
        shape = (len(indptr) - 1, self.state.widths.get(name, 0))
        return sp.csr_matrix((*parts, indptr.astype(np.int32)), shape=shape, copy=False)

    def release(self) -> None:
        """Give the pages back to the system, which keeps them cached: what a process holds stays flat."""
        for array in self._arrays.values():
            mapping = getattr(array, "_mmap", None)
            if mapping is not None and hasattr(mmap, "MADV_DONTNEED"):
                mapping.madvise(mmap.MADV_DONTNEED)

    # --- Writing ---

    @contextmanager
    def locked(self) -> Iterator[None]:
        """The only process of this machine that writes these files."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            self.reload()
            yield

    @property
    def wants_rebuild(self) -> bool:
        return self.state.superseded > FEW + SUPERSEDED_SHARE * self.state.rows

    def restart(self) -> None:
        """Begin an empty generation; the old one serves whoever maps it. To be called with the lock held."""
        self.state = State(generation=self.state.generation + 1)
        shutil.rmtree(self._path("ids").parent, ignore_errors=True)
        self._arrays = {name: self._map(name, kind, shape) for name, kind, shape in self._files()}
        self._order = self._sorted = np.zeros(0, np.int64)

    def append(self, rows: Rows, *, seen_until: int) -> None:
        """Add rows at the end and make them known. To be called with the lock held."""
        state = self.state
        superseded = int((self.places(rows.ids) >= 0).sum())
        self._path("ids").parent.mkdir(parents=True, exist_ok=True)
        self._write("ids", rows.ids.astype("<i8"), state.rows)
        self._write("at", rows.at.astype("<i8"), state.rows)
        widths = dict(state.widths)
        for name in DENSE:
            widths[name] = rows.dense[name].shape[1]
            self._write(name, rows.dense[name].astype("<i2"), state.rows * widths[name])
        entries = {}
        for name in SPARSE:
            matrix, start = rows.sparse[name], state.entries[name]
            widths[name] = max(widths.get(name, 0), matrix.shape[1])
            self._write(f"{name}.data", matrix.data.astype("<f4"), start)
            self._write(f"{name}.indices", matrix.indices.astype("<i4"), start)
            self._write(f"{name}.indptr", matrix.indptr.astype("<i8") + start, state.rows)
            entries[name] = start + int(matrix.nnz)
        new = State(
            state.generation, state.rows + len(rows.ids), entries, widths, state.superseded + superseded, seen_until
        )
        draft = self.folder / f"state.{os.getpid()}"
        draft.write_text(json.dumps(vars(new)))
        draft.replace(self.folder / "state.json")
        self.reload()

    def _write(self, name: str, array: np.ndarray, start: int) -> None:
        """Put ``array`` at its place; what a writer that died left beyond the known rows is overwritten."""
        path = self._path(name)
        with path.open("r+b" if path.exists() else "w+b") as file:
            file.seek(start * array.itemsize)
            file.write(np.ascontiguousarray(array).data)

    def _files(self) -> Iterator[tuple[str, str, tuple[int, ...]]]:
        rows, widths = self.state.rows, self.state.widths
        yield "ids", "<i8", (rows,)
        yield "at", "<i8", (rows,)
        for name in DENSE:
            yield name, "<i2", (rows, widths.get(name, 0))
        for name in SPARSE:
            yield f"{name}.indptr", "<i8", (rows + 1,)
            yield f"{name}.data", "<f4", (self.state.entries[name],)
            yield f"{name}.indices", "<i4", (self.state.entries[name],)

    def _path(self, name: str) -> Path:
        return self.folder / f"generation-{self.state.generation}" / name

    def _map(self, name: str, kind: str, shape: tuple[int, ...]) -> np.ndarray:
        if self.state.rows == 0 or 0 in shape:
            return np.zeros(shape, kind)
        return np.memmap(self._path(name), kind, "r", shape=shape)

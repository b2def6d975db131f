"""Encoded students and postings: packed into rows by whoever read a text, held as matrices by every process.

A process keeps one matrix a side and model version, and before each use reads only the rows that changed since.
The database is the one place where machines meet, so a worker elsewhere sees the same rows.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import numpy as np
import scipy.sparse as sp

from jobs.models import Job
from matching import corpus, modelstore
from matching.models import EncodedText, Side
from matching.scoring.features import DENSE, SPARSE, Features, concatenate
from matching.scoring.model import FittedModel
from students.models import Student

BATCH = 500  # texts encoded at once
OVERLAP = timedelta(seconds=120)  # clocks of machines and open transactions may differ by this much
KINDS = ["<i4", "<i2"] * len(SPARSE) + ["<i2"] * len(DENSE) + ["<i4", "<f4"]  # of the arrays of one packed row


@dataclass
class Matrix:
    """All encoded rows of one side: ``features[i]`` and ``skills[i]`` belong to the subject ``ids[i]``."""

    ids: np.ndarray
    features: Features | None
    skills: list[corpus.Skills]
    place: dict[int, int] = field(default_factory=dict)
    seen_until: datetime | None = None

    def rows(self, subject_ids: list[int]) -> tuple[list[int], Features, list[corpus.Skills]]:
        """Ids found, in the given order, with their features and skills."""
        found = [subject for subject in subject_ids if subject in self.place]
        places = [self.place[subject] for subject in found]
        assert self.features is not None or not places
        features = self.features[np.array(places, dtype=np.int64)] if self.features is not None else None
        return found, features, [self.skills[place] for place in places]  # type: ignore[return-value]


_matrices: dict[tuple[str, str], Matrix] = {}


def encode(side: str, ids: list[int], *, model: FittedModel, now: datetime) -> int:
    """Encode the subjects with these ids and store the rows; returns how many there were."""
    count = 0
    for batch in corpus.batches(ids, BATCH):
        if side == Side.STUDENT:
            subjects = list(Student.objects.filter(pk__in=batch).order_by("pk"))
            features = model.encode_students(corpus.student_documents(subjects)) if subjects else None
        else:
            jobs = list(Job.objects.filter(pk__in=batch).order_by("pk"))
            subjects = jobs  # type: ignore[assignment]
            features = model.encode_postings([corpus.job_document(job) for job in jobs]) if jobs else None
        if features is None:
            continue
        skills = corpus.skills_of(side, [subject.pk for subject in subjects])
        EncodedText.objects.bulk_create(
            [
                EncodedText(
                    side=side,
                    subject_id=subject.pk,
                    model_version=model.version,
                    content=pack(features[[row]], skills.get(subject.pk, {})),
                    encoded_at=now,
                )
                for row, subject in enumerate(subjects)
            ],
            update_conflicts=True,
            unique_fields=["side", "subject_id", "model_version"],
            update_fields=["content", "encoded_at"],
        )
        count += len(subjects)
    return count


def encode_missing(side: str, ids: list[int], *, model: FittedModel, now: datetime) -> int:
    """Encode those of ``ids`` that this model version has not encoded yet."""
    stored = EncodedText.objects.filter(side=side, model_version=model.version)
    known = set(
        (stored.filter(subject_id__in=ids) if len(ids) <= BATCH else stored).values_list("subject_id", flat=True)
    )
    return encode(side, [subject for subject in ids if subject not in known], model=model, now=now)


def matrix(side: str, *, model: FittedModel) -> Matrix:
    """This process's matrix of a side, with what changed since it last looked."""
    key = (side, model.version)
    held = _matrices.get(key)
    if held is None:
        for other in [other for other in _matrices if other[1] != model.version]:
            del _matrices[other]
        held = _matrices[key] = Matrix(np.zeros(0, np.int64), None, [])
    stored = EncodedText.objects.filter(side=side, model_version=model.version)
    if held.seen_until is not None:
        stored = stored.filter(encoded_at__gt=held.seen_until - OVERLAP)
    changed = list(stored.order_by("subject_id").values_list("subject_id", "content", "encoded_at"))
    if changed:
        _merge(held, changed, model)
    return held


def rows(side: str, ids: list[int], *, model: FittedModel) -> tuple[list[int], Features, list[corpus.Skills]]:
    """A few subjects straight from the database, for pages: the whole matrix need not be in this process."""
    own = EncodedText.objects.filter(side=side, model_version=model.version, subject_id__in=ids)
    stored = {row.subject_id: row for row in own}
    found = [subject for subject in ids if subject in stored]
    unpacked = [unpack(bytes(stored[subject].content)) for subject in found]
    return found, assemble([arrays for arrays, _ in unpacked], model), [skills for _, skills in unpacked]


def forget() -> None:
    """Drop what this process holds; for tests and after a change of the database underneath."""
    _matrices.clear()
    modelstore._loaded.clear()


def _merge(held: Matrix, changed: list[tuple[int, bytes, datetime]], model: FittedModel) -> None:
    """Put changed rows in place of older ones, and new rows at the end."""
    fresh = {subject for subject, _, _ in changed}
    keep = [place for place, subject in enumerate(held.ids) if subject not in fresh]
    unpacked = [unpack(bytes(content)) for _, content, _ in changed]
    features = assemble([arrays for arrays, _ in unpacked], model)
    if held.features is not None and keep:
        features = concatenate([held.features[np.array(keep)], features])
    held.features = features
    held.skills = [held.skills[place] for place in keep] + [skills for _, skills in unpacked]
    held.ids = np.concatenate([held.ids[keep], np.array([subject for subject, _, _ in changed], np.int64)])
    held.place = {int(subject): place for place, subject in enumerate(held.ids)}
    held.seen_until = max([at for _, _, at in changed] + ([held.seen_until] if held.seen_until else []))


def pack(features: Features, skills: corpus.Skills) -> bytes:
    """One row of features and its skills as bytes: the lengths of the arrays, then the arrays, compressed."""
    arrays: list[np.ndarray] = []
    for name in SPARSE:
        row = getattr(features, name)
        arrays += [row.indices.astype("<i4"), row.data.astype("<i2")]
    arrays += [getattr(features, name)[0].astype("<i2") for name in DENSE]
    arrays += [np.array(list(skills), "<i4"), np.array(list(skills.values()), "<f4")]
    lengths = np.array([len(array) for array in arrays], "<u4")
    return zlib.compress(b"".join(array.tobytes() for array in [lengths, *arrays]), 1)


def unpack(content: bytes) -> tuple[list[np.ndarray], corpus.Skills]:
    """What :func:`pack` packed: indices and data of each sparse row, the dense rows; and the skills."""
    data = zlib.decompress(content)
    lengths = np.frombuffer(data, "<u4", len(KINDS))
    arrays, place = [], lengths.nbytes
    for kind, length in zip(KINDS, lengths.tolist(), strict=True):
        arrays.append(np.frombuffer(data, kind, length, place))
        place += arrays[-1].nbytes
    return arrays[:-2], dict(zip(arrays[-2].tolist(), arrays[-1].tolist(), strict=True))


def assemble(rows: list[list[np.ndarray]], model: FittedModel) -> Features:
    """Unpacked rows as Features of the model that encoded them."""
    sparse = {}
    for number, name in enumerate(SPARSE):
        indices, data = [row[2 * number] for row in rows], [row[2 * number + 1] for row in rows]
        indptr = np.concatenate([[0], np.cumsum([len(part) for part in indices])])
        width = len(model.occupation_ids) if name == "occupations" else len(model.idf)
        sparse[name] = sp.csr_matrix(
            (np.concatenate(data).astype(np.float32), np.concatenate(indices), indptr), shape=(len(rows), width)
        )
    dense = {name: np.stack([row[2 * len(SPARSE) + number] for row in rows]) for number, name in enumerate(DENSE)}
    return Features(model.version, **sparse, **dense)

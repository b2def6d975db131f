"""Encoded students and postings: packed into rows by whoever read a text, held as matrices by every process.

A machine keeps one set of files a side and model version, mapped by all its processes, and before each use reads only
the rows that changed since. The database is the one place where machines meet, so a worker elsewhere sees the same.
"""

from __future__ import annotations

import functools
import itertools
import operator
import shutil
import zlib
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import scipy.sparse as sp
from django.conf import settings
from django.db.models import Q

from jobs.models import Job
from matching import corpus, mapped, modelstore, writing
from matching.mapped import Mapped
from matching.models import EncodedText, Side
from matching.models import FittedModel as FittedModelRow
from matching.scoring.features import DENSE, SPARSE, Features
from matching.scoring.model import FittedModel
from students.models import Student

BATCH = 500  # texts encoded at once
READ_AT_ONCE = 2_000  # rows unpacked at once
OVERLAP = timedelta(seconds=120)  # clocks of machines and open transactions may differ by this much
KINDS = ["<i4", "<i2"] * len(SPARSE) + ["<i2"] * len(DENSE) + ["<i4", "<f4"]  # of the arrays of one packed row


class Matrix:
    """All encoded rows of one side, read from this machine's files."""

    def __init__(self, side: str, version: str) -> None:
        self.side = side
        self.files = Mapped(folder_of(side, version), version)

    @property
    def ids(self) -> np.ndarray:
        """Subjects that have a row, ascending."""
        return self.files.ids

    @property
    def place(self) -> dict[int, int]:
        """Row of each subject; for a few thousand of them, not for a country's."""
        ids = self.files.ids
        return dict(zip(ids.tolist(), self.files.places(ids).tolist(), strict=True))

    def block(self, subjects: np.ndarray) -> tuple[np.ndarray, Features, sp.csr_matrix]:
        """Subjects found, in the given order, with features and skills (n, width) by skill id."""
        places = self.files.places(subjects)
        found = places >= 0
        features, skills = self.files.take(places[found])
        return subjects[found], features, skills

    def rows(self, subject_ids: list[int]) -> tuple[list[int], Features, list[corpus.Skills]]:
        """Ids found, in the given order, with their features and skills."""
        found, features, skills = self.block(np.array(subject_ids, np.int64))
        rows = [
            dict(zip(skills.indices[start:end].tolist(), skills.data[start:end].tolist(), strict=True))
            for start, end in itertools.pairwise(skills.indptr.tolist())
        ]
        return found.tolist(), features, rows

    def release(self) -> None:
        """Let go of the pages that were read; see ``Mapped.release``."""
        self.files.release()


_matrices: dict[Path, Matrix] = {}


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
    """This machine's matrix of a side, with what changed since anybody here last looked."""
    folder = folder_of(side, model.version)
    held = _matrices.get(folder)
    if held is None:
        for other in [other for other in _matrices if other.parent != folder.parent]:
            del _matrices[other]
        held = _matrices[folder] = Matrix(side, model.version)
    held.files.reload()
    if len(changed_subjects(held, model)[0]):
        with held.files.locked():
            _append_changed(held, model)
    return held


def folder_of(side: str, version: str) -> Path:
    return Path(settings.DATA_DIR) / "features" / version / side


def forget_erased() -> None:
    """Delete this machine's files of other versions, and those that still hold a row the database has not."""
    versions = set(EncodedText.objects.values_list("model_version", flat=True).distinct())
    features = Path(settings.DATA_DIR) / "features"
    for folder in sorted(features.glob("*/*")):
        side, version = folder.name, folder.parent.name
        stored = EncodedText.objects.filter(side=side, model_version=version)
        if version not in versions or set(Mapped(folder, version).ids.tolist()) - set(
            stored.values_list("subject_id", flat=True)
        ):
            shutil.rmtree(folder, ignore_errors=True)


def changed_subjects(held: Matrix, model: FittedModel) -> tuple[np.ndarray, np.ndarray]:
    """Subjects whose row in the database is another than this machine's, with its moment."""
    stored = EncodedText.objects.filter(side=held.side, model_version=model.version)
    if held.files.state.seen_until:
        stored = stored.filter(encoded_at__gt=writing.moment(held.files.state.seen_until) - OVERLAP)
    rows = list(stored.order_by("subject_id").values_list("subject_id", "encoded_at"))
    subjects = np.array([subject for subject, _ in rows], np.int64)
    moments = np.array([writing.microseconds(at) for _, at in rows], np.int64)
    newer = moments != held.files.moments(subjects)
    return subjects[newer], moments[newer]


def _append_changed(held: Matrix, model: FittedModel) -> None:
    """Read what changed in batches and append it; the lock is held."""
    if held.files.wants_rebuild:
        held.files.restart()
    subjects, moments = changed_subjects(held, model)
    newest = max(int(moments.max(initial=0)), held.files.state.seen_until)
    stored = EncodedText.objects.filter(side=held.side, model_version=model.version)
    for start in range(0, len(subjects), READ_AT_ONCE):
        part = slice(start, start + READ_AT_ONCE)
        content = dict(stored.filter(subject_id__in=subjects[part].tolist()).values_list("subject_id", "content"))
        there = np.array([subject in content for subject in subjects[part].tolist()], bool)
        ids = subjects[part][there]
        if not len(ids):
            continue
        unpacked = [unpack(bytes(content[subject])) for subject in ids.tolist()]
        features = assemble([arrays for arrays, _ in unpacked], model)
        skills = [row for _, row in unpacked]
        width = 1 + max((skill for row in skills for skill in row), default=0)
        sparse = {"skills": corpus.skill_matrix(skills, width)}
        sparse |= {name: getattr(features, name) for name in mapped.SPARSE if name != "skills"}
        dense = {name: getattr(features, name) for name in mapped.DENSE}
        is_last = start + READ_AT_ONCE >= len(subjects)
        seen = newest if is_last else held.files.state.seen_until
        held.files.append(mapped.Rows(ids, moments[part][there], dense, sparse), seen_until=seen)


def rows(side: str, ids: list[int], *, model: FittedModel) -> tuple[list[int], Features, list[corpus.Skills]]:
    """A few subjects straight from the database, for pages: the whole matrix need not be in this process."""
    own = EncodedText.objects.filter(side=side, model_version=model.version, subject_id__in=ids)
    stored = {row.subject_id: row for row in own}
    found = [subject for subject in ids if subject in stored]
    unpacked = [unpack(bytes(stored[subject].content)) for subject in found]
    return found, assemble([arrays for arrays, _ in unpacked], model), [skills for _, skills in unpacked]


def serving_rows(
    subjects: dict[Side, int], *, now: datetime
) -> tuple[FittedModel, dict[Side, tuple[Features, corpus.Skills]]]:
    """The serving model and one subject of each side as it sees them; one query where both are at hand."""
    own = functools.reduce(operator.or_, (Q(side=side, subject_id=subject) for side, subject in subjects.items()))
    texts = EncodedText.objects.filter(own)
    serving = FittedModelRow.objects.filter(is_serving=True).values("version")
    stored = {Side(row.side): row for row in texts.filter(model_version__in=serving)}
    version = next((row.model_version for row in stored.values()), "")
    if len(stored) == len(subjects) and version in modelstore._loaded:
        model = modelstore.load(version)
    else:
        model = modelstore.serving_model()
        for side, subject in subjects.items():
            encode_missing(side, [subject], model=model, now=now)
        stored = {Side(row.side): row for row in texts.filter(model_version=model.version)}
    found = {}
    for side, row in stored.items():
        arrays, skills = unpack(bytes(row.content))
        found[side] = assemble([arrays], model), skills
    return model, found


def forget() -> None:
    """Drop what this process holds; for tests and after a change of the database underneath."""
    _matrices.clear()
    modelstore._loaded.clear()


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

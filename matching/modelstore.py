"""Fitted models: made here, kept in the database, unpacked once per machine, loaded once per process."""

from __future__ import annotations

import hashlib
import io
import logging
import shutil
import tempfile
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
from django.conf import settings
from django.db import transaction

from jobs.models import Job
from matching import corpus
from matching.models import FittedModel as Row
from matching.models import FittedModelFile, Side
from matching.scoring.model import FittedModel, ModelError
from matching.scoring.words import Array
from moirai.skills.models import Occupation
from students.models import Student

MOST_TEXTS = 20_000  # of each side that a model is fitted on; the newest
MOVED = 0.2  # share by which texts or occupations may grow or shrink before a new fit
logger = logging.getLogger(__name__)
_loaded: dict[str, FittedModel] = {}
_rarity: dict[str, Array] = {}


class NoModelError(Exception):
    """No fitted model serves yet."""


def serving_version() -> str:
    """The version that new scores are computed with; raises ``NoModelError`` before the first fit."""
    version = Row.objects.filter(is_serving=True).values_list("version", flat=True).first()
    if version is None:
        raise NoModelError("No fitted model serves yet. Run manage.py fit_matching, or start a worker: it fits one.")
    return version


def serving_model() -> FittedModel:
    """The serving model; one that cannot be used is retired, and the newest one that can serves in its place."""
    while True:
        version = serving_version()
        try:
            return load(version)
        except ModelError as error:
            retire(version, reason=str(error))


def serves() -> bool:
    """Whether a model serves that can be used; one that cannot is retired by asking."""
    try:
        serving_model()
    except NoModelError:
        return False
    return True


@transaction.atomic
def retire(version: str, *, reason: str) -> None:
    """Take a model out of service because it is damaged or of another schema; the next newest ready one serves."""
    logger.error("Model %s is retired: %s", version, reason)
    Row.objects.filter(version=version).update(status=Row.Status.FAILED, is_serving=False, reason=reason)
    if not Row.objects.filter(is_serving=True).exists():
        successor = Row.objects.filter(status=Row.Status.READY).order_by("-created_at").first()
        if successor is not None:
            Row.objects.filter(pk=successor.pk).update(is_serving=True)


def load(version: str) -> FittedModel:
    """The model of this version, from this process, this machine's folder, or the database.

    A folder that is damaged or of an older schema is unpacked anew; ``ModelError`` if the database's copy is too.
    """
    if version not in _loaded:
        folder = folder_of(version)
        try:
            model = FittedModel.load(folder)
        except ModelError as error:
            logger.warning(
                "Model %s on this machine is not usable (%s); unpacking it from the database.", version, error
            )
            unpack(version, folder)
            model = FittedModel.load(folder)
        _loaded.clear()  # one version at a time stays in memory
        _loaded[version] = model
    return _loaded[version]


def skill_rarity(version: str) -> Array:
    """How telling each skill is by a version, by skill id, without loading the rest of it; empty if it is gone."""
    if version not in _rarity:
        file = FittedModelFile.objects.filter(model__version=version, name="skill_rarity.npy").first()
        try:
            _rarity[version] = np.load(io.BytesIO(bytes(file.content))) if file else np.ones(0)
        except ValueError:  # damaged: the model is about to be retired, its points are shown until then
            _rarity[version] = np.ones(0)
    return _rarity[version]


def folder_of(version: str) -> Path:
    return Path(settings.DATA_DIR) / "models" / version


def unpack(version: str, folder: Path) -> None:
    """Write a model's files from the database, complete or not at all."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    partial = Path(tempfile.mkdtemp(dir=folder.parent, prefix=".unpacking-"))
    try:
        for file in FittedModelFile.objects.filter(model__version=version).iterator(chunk_size=1):
            content = bytes(file.content)
            if hashlib.sha256(content).hexdigest() != file.sha256:
                raise ModelError(f"{version}/{file.name} in the database is damaged; run manage.py fit_matching.")
            (partial / file.name).write_bytes(content)
        shutil.rmtree(folder, ignore_errors=True)
        partial.rename(folder)
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def fit(*, now: datetime) -> Row:
    """Fit a model on the taxonomy and the newest texts, store it, and let it serve.

    The model that served before serves until the new one is complete. The same inputs give the same version, and
    then nothing is stored twice.
    """
    taxonomy = corpus.taxonomy()
    jobs = list(Job.objects.open(at=now).order_by("-pk")[:MOST_TEXTS])
    students = list(Student.objects.matchable().order_by("-pk")[:MOST_TEXTS])
    asked = corpus.skills_of(Side.JOB, [job.pk for job in jobs])
    model = FittedModel.fit(
        taxonomy,
        [corpus.job_document(job) for job in jobs],
        corpus.student_documents(students),
        wanted=corpus.skill_matrix([asked[job.pk] for job in jobs], corpus.skill_width()),
    )
    folder = folder_of(model.version)
    try:
        FittedModel.load(folder)  # the same version is here already, and whole
    except ModelError:
        shutil.rmtree(folder, ignore_errors=True)
        model.save(folder.parent)
    return store(
        model.version,
        folder,
        now=now,
        postings=len(jobs),
        students=len(students),
        occupations=len(taxonomy.occupations),
    )


@transaction.atomic
def store(version: str, folder: Path, *, now: datetime, **counts: int) -> Row:
    """Put a saved model's files into the database and make it the serving one."""
    row, created = Row.objects.get_or_create(version=version, defaults={"created_at": now, **counts})
    if created or row.status == Row.Status.FAILED:
        row.files.all().delete()
        for path in sorted(folder.iterdir()):
            content = path.read_bytes()
            FittedModelFile.objects.create(
                model=row, name=path.name, content=content, sha256=hashlib.sha256(content).hexdigest()
            )
    Row.objects.filter(is_serving=True).exclude(pk=row.pk).update(is_serving=False)
    Row.objects.filter(pk=row.pk).update(status=Row.Status.READY, is_serving=True, reason="", created_at=now)
    row.refresh_from_db()
    return row


def is_outdated(*, now: datetime) -> bool:
    """Whether no model serves, texts or occupations have moved by more than a fifth since its fit, or it is too old.

    A closed account is in no fit from then on, so no model that is younger than the delay knows an erased person.
    """
    row = Row.objects.filter(is_serving=True).first()
    if row is None or row.created_at <= now - timedelta(days=settings.ERASE_AFTER_DAYS - 1):
        return True
    counts = (
        (row.postings, min(MOST_TEXTS, Job.objects.open(at=now).count())),
        (row.students, min(MOST_TEXTS, Student.objects.matchable().count())),
        (row.occupations, Occupation.objects.count()),
    )
    return any(abs(today - fitted) > max(fitted, 5) * MOVED for fitted, today in counts)


def forget_retired(*, now: datetime) -> int:
    """Delete models that serve no more, here and in the database; a day is left to workers that still hold one."""
    over = Row.objects.filter(is_serving=False).exclude(status=Row.Status.FITTING)
    gone = over.filter(created_at__lte=now - timedelta(days=1)).delete()[1].get(Row._meta.label, 0)
    versions = set(Row.objects.values_list("version", flat=True))
    folder = folder_of("-").parent
    for path in folder.iterdir() if folder.exists() else ():
        if path.is_dir() and not path.name.startswith(".") and path.name not in versions:
            shutil.rmtree(path, ignore_errors=True)
    return gone

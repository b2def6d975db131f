"""Models on disk: a folder of arrays and a manifest, written under another name first and renamed when complete."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import scipy.sparse as sp

from matching.scoring.curve import Curve
from matching.scoring.model import Bank, FittedModel, ModelError
from matching.scoring.settings import SCHEMA, Weights
from matching.scoring.words import Vocabulary

MANIFEST = "model.json"
DENSE = ("idf", "student_mean", "posting_mean", "group_of", "title_of", "projection", "meaning_means", "skill_rarity")
SPARSE = ("occupation_words", "title_words", "translations")
TEXTS = ("group_codes", "occupation_ids")
BANKS = ("student_bank", "posting_bank")


def save(model: FittedModel, folder: Path) -> Path:
    """Write ``folder/<version>``; a version that is there already is left alone. Returns that folder."""
    target = folder / model.version
    if (target / MANIFEST).exists():
        return target
    folder.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=".draft-", dir=folder))
    try:
        _write(model, draft)
        os.replace(draft, target)
    except OSError:
        if not (target / MANIFEST).exists():  # somebody else may have finished the same version first
            raise
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return target


def _write(model: FittedModel, draft: Path) -> None:
    for name in DENSE:
        np.save(draft / f"{name}.npy", getattr(model, name))
    matrices = {name: getattr(model, name) for name in SPARSE}
    for name in BANKS:
        bank = getattr(model, name)
        matrices |= {f"{name}.words": bank.words, f"{name}.occupations": bank.occupations}
    for name, matrix in matrices.items():
        for part in ("data", "indices", "indptr"):
            np.save(draft / f"{name}.{part}.npy", getattr(matrix, part))
    (draft / "terms.txt").write_text("\n".join(model.vocabulary.terms), encoding="utf-8")
    manifest = {
        "schema": SCHEMA,
        "version": model.version,
        "shapes": {name: list(matrix.shape) for name, matrix in matrices.items()},
        "weights": asdict(model.weights),
        "curve": asdict(model.curve),
        **{name: list(getattr(model, name)) for name in TEXTS},
        "sums": {path.name: _sum(path) for path in sorted(draft.iterdir())},
    }
    (draft / MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")


def _sum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def load(folder: Path) -> FittedModel:
    """Read a model's own folder; checks schema, completeness and the sum of every file."""
    manifest = _manifest(folder)
    for name, expected in manifest["sums"].items():
        path = folder / name
        if not path.is_file():
            raise ModelError(f"The model in {folder} lacks {name}. Fit it again with manage.py fit_matching.")
        if _sum(path) != expected:
            raise ModelError(f"The model in {folder} is damaged: {name} is not as it was written.")
    try:
        return _read(folder, manifest)
    except (KeyError, ValueError, TypeError, OSError) as error:
        raise ModelError(f"The model in {folder} cannot be read: {error}.") from error


def _manifest(folder: Path) -> dict[str, Any]:
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        schema = manifest["schema"]
    except FileNotFoundError as error:
        raise ModelError(f"There is no model in {folder}. Fit one with manage.py fit_matching.") from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelError(f"The model in {folder} is damaged: {MANIFEST} cannot be read.") from error
    if schema != SCHEMA:
        raise ModelError(f"The model in {folder} has schema {schema}, this program reads {SCHEMA}. Fit it again.")
    return dict(manifest)


def _read(folder: Path, manifest: dict[str, Any]) -> FittedModel:
    matrices = {name: _matrix(folder, name, shape) for name, shape in manifest["shapes"].items()}
    curve = manifest["curve"]
    terms = (folder / "terms.txt").read_text(encoding="utf-8")
    parts: dict[str, Any] = {name: np.load(folder / f"{name}.npy", mmap_mode="r") for name in DENSE}
    parts |= {name: Bank(matrices[f"{name}.words"], matrices[f"{name}.occupations"]) for name in BANKS}
    parts |= {name: matrices[name] for name in SPARSE}
    parts |= {name: tuple(manifest[name]) for name in TEXTS}
    return FittedModel(
        version=manifest["version"],
        vocabulary=Vocabulary(terms.split("\n") if terms else ()),
        curve=Curve(curve["unit"], tuple(curve["evidence"]), tuple(curve["points"])),
        weights=Weights(**manifest["weights"]),
        **parts,
    )


def _matrix(folder: Path, name: str, shape: list[int]) -> sp.csr_matrix:
    parts = [np.load(folder / f"{name}.{part}.npy", mmap_mode="r") for part in ("data", "indices", "indptr")]
    return sp.csr_matrix(tuple(parts), shape=tuple(shape), copy=False)

"""Models are deterministic, survive the disk, and damaged or older ones are refused in words."""

from __future__ import annotations

import json

import pytest

from matching.scoring import points
from matching.scoring.model import FittedModel, ModelError
from matching.scoring.storage import MANIFEST
from matching.scoring.taxonomy import Taxonomy


def test_a_stored_model_gives_the_same_points(corpus_model, students, postings, tmp_path):
    loaded = FittedModel.load(corpus_model.save(tmp_path))
    first, second = (
        points.score(m, m.encode_students(students), m.encode_postings(postings)).total for m in (corpus_model, loaded)
    )
    assert (first == second).all()
    assert loaded.version == corpus_model.version


def test_fitting_twice_gives_the_same_version_and_another_corpus_another(taxonomy, postings, students, corpus_model):
    assert FittedModel.fit(taxonomy, postings, students).version == corpus_model.version
    assert FittedModel.fit(taxonomy, postings[1:], students).version != corpus_model.version


def test_saving_twice_is_harmless_and_leaves_no_drafts(model, tmp_path):
    assert model.save(tmp_path) == model.save(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [model.version]


def test_an_absent_model_is_named(tmp_path):
    with pytest.raises(ModelError, match="There is no model"):
        FittedModel.load(tmp_path)


@pytest.mark.parametrize("name", ["idf.npy", "translations.data.npy", "terms.txt"])
def test_a_damaged_file_is_named(model, tmp_path, name):
    folder = model.save(tmp_path)
    path = folder / name
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(bytes(content))
    with pytest.raises(ModelError, match=name):
        FittedModel.load(folder)
    path.unlink()
    with pytest.raises(ModelError, match=name):
        FittedModel.load(folder)


def test_an_older_schema_is_refused(model, tmp_path):
    folder = model.save(tmp_path)
    manifest = json.loads((folder / MANIFEST).read_text())
    (folder / MANIFEST).write_text(json.dumps({**manifest, "schema": 0}))
    with pytest.raises(ModelError, match="schema 0"):
        FittedModel.load(folder)
    (folder / MANIFEST).write_text("{")
    with pytest.raises(ModelError, match="damaged"):
        FittedModel.load(folder)


def test_a_taxonomy_without_occupations_is_refused():
    with pytest.raises(ValueError, match="at least one occupation"):
        FittedModel.fit(Taxonomy(()), [], [])

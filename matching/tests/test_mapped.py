"""The files that hold a machine's encoded rows."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.sparse as sp

from conftest import HOUR, NOW
from matching import encoded, mapped
from matching.models import EncodedText, Side
from students.tests.factories import CVFactory

WIDTHS = {"occupations": 7, "words": 9, "skills": 5}


def rows(ids: list[int], value: int) -> mapped.Rows:
    count = len(ids)
    dense = {name: np.full((count, 3), value, np.int16) for name in mapped.DENSE}
    sparse = {name: sp.csr_matrix(np.full((count, width), float(value))) for name, width in WIDTHS.items()}
    return mapped.Rows(np.array(ids), np.full(count, value), dense, sparse)


@pytest.fixture
def files(tmp_path) -> mapped.Mapped:
    return mapped.Mapped(tmp_path / "features", "v1")


def test_rows_come_back_in_the_order_asked_for(files):
    with files.locked():
        files.append(rows([5, 3], 1), seen_until=10)
        files.append(rows([4], 2), seen_until=20)
    found, skills = files.take(files.places(np.array([4, 5])))
    assert found.groups.tolist() == [[2, 2, 2], [1, 1, 1]]
    assert found.words.toarray()[0].tolist() == [2.0] * 9
    assert skills.toarray().tolist() == [[2.0] * 5, [1.0] * 5]
    assert files.ids.tolist() == [3, 4, 5]
    assert files.places(np.array([9])).tolist() == [-1]


def test_a_row_that_changed_is_read_in_its_new_form(files):
    with files.locked():
        files.append(rows([1, 2], 1), seen_until=10)
        files.append(rows([1], 7), seen_until=20)
    found, _ = files.take(files.places(np.array([1, 2])))
    assert found.meaning[:, 0].tolist() == [7, 1]
    assert (len(files), files.moments(np.array([1, 2])).tolist()) == (2, [7, 1])


def test_another_process_sees_appended_rows(files):
    reader = mapped.Mapped(files.folder, "v1")
    with files.locked():
        files.append(rows([1], 1), seen_until=10)
    assert not len(reader)
    reader.reload()
    assert reader.ids.tolist() == [1]


def test_what_a_writer_that_died_left_behind_does_not_exist(files):
    with files.locked():
        files.append(rows([1], 1), seen_until=10)
        files._write("ids", np.array([99, 98]), 1)
        files._write("words.data", np.full(50, 9.0, "<f4"), 9)
        files.append(rows([2], 2), seen_until=20)
    fresh = mapped.Mapped(files.folder, "v1")
    found, _ = fresh.take(fresh.places(np.array([1, 2])))
    assert fresh.ids.tolist() == [1, 2]
    assert found.words.toarray()[:, 0].tolist() == [1.0, 2.0]


def test_a_new_generation_forgets_superseded_rows(files, monkeypatch):
    monkeypatch.setattr(mapped, "FEW", 1)
    with files.locked():
        for value in range(1, 5):
            files.append(rows([1], value), seen_until=value)
        assert files.wants_rebuild
        files.restart()
        files.append(rows([1], 9), seen_until=10)
    assert (files.state.rows, files.state.generation) == (1, 2)
    assert mapped.Mapped(files.folder, "v1").moments(np.array([1])).tolist() == [9]


@pytest.mark.django_db
def test_a_row_encoded_again_reaches_the_files_even_if_a_clock_ran_behind(model):
    student = CVFactory().student
    encoded.encode(Side.STUDENT, [student.pk], model=model, now=NOW)
    first = encoded.matrix(Side.STUDENT, model=model).rows([student.pk])[1]
    cv = student.cvs.get() if hasattr(student, "cvs") else student.cv_set.get()
    cv.text = "Experiencia\nCuré heridas y vigilé signos vitales.\n"
    cv.save()
    encoded.encode(Side.STUDENT, [student.pk], model=model, now=NOW - HOUR / 120)
    again = encoded.matrix(Side.STUDENT, model=model).rows([student.pk])[1]
    assert (first.words != again.words).nnz
    assert EncodedText.objects.count() == 1

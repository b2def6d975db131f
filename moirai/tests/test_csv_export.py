"""Whatever people wrote, a spreadsheet shows it and computes nothing."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from moirai.csv_export import BYTE_ORDER_MARK, csv_response, harmless, lines

STARTS = st.sampled_from(
    ["", "=", "+", "-", "@", "\t", "\r", "\n", " =", "\xa0@", "＝", "\x00=", "'", '"', "=cmd|' /C calc'!A0"]
)
TEXT = st.builds(str.__add__, STARTS, st.text(st.characters(exclude_categories=["Cs"])))
PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # machines are busy at times
CELL = st.one_of(TEXT, st.integers(), st.none(), st.booleans())


@PATIENT
@given(st.lists(st.lists(CELL, min_size=2, max_size=4), max_size=5))
def test_no_cell_begins_like_a_formula_and_no_row_is_lost(rows):
    text = "".join(lines(["name", "=SUM(A1)"], rows))
    assert text.startswith(BYTE_ORDER_MARK)
    read = list(csv.reader(io.StringIO(text.removeprefix(BYTE_ORDER_MARK), newline="")))
    assert read[0] == ["name", "'=SUM(A1)"]
    assert len(read) == len(rows) + 1
    for row, cells in zip(rows, read[1:], strict=True):
        for value, cell in zip(row, cells, strict=True):
            if isinstance(value, str):
                assert not cell.lstrip(" \xa0").startswith(
                    ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
                )
                assert cell.removeprefix("'") == value.replace("\x00", "").removeprefix("'")


@PATIENT
@given(st.integers() | st.floats(allow_nan=False))
def test_numbers_stay_numbers(number):
    assert harmless(number) is number


def test_a_download_is_an_attachment_with_a_safe_name_that_nobody_keeps():
    response = csv_response(name='mis "datos"\r\nX-Evil: 1.csv', header=["a"], rows=[["@b"]])
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"].startswith("attachment")
    assert "\n" not in response["Content-Disposition"]
    assert "no-store" in response["Cache-Control"]
    assert response.getvalue().decode() == "\ufeffa\r\n'@b\r\n"


def test_rows_are_written_when_they_are_asked_for():
    asked = []

    def rows():
        for number in range(1000):
            asked.append(number)
            yield [number]

    written = lines(["number"], rows())
    for _ in range(3):
        next(written)
    assert asked == [0]


@pytest.mark.parametrize("value", ["Ana", "50 % - y más", "a=b", "correo@universidad.mx", ""])
def test_ordinary_words_stay_as_they_are(value):
    assert harmless(value) == value

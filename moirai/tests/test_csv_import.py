"""Tables as spreadsheets write them, and as they break."""

from __future__ import annotations

import io

import pytest

from moirai.csv_import import FileRefusedError, Table

TEXT = "Matrícula,Año\nA1,Ñandú\nA2,x\n"


def read(content):
    table = Table(io.BytesIO(content))
    return table, [(record.line, record.cells, record.problem) for record in table.records()]


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (TEXT.encode(), "utf-8"),
        (b"\xef\xbb\xbf" + TEXT.encode(), "utf-8-sig"),
        (TEXT.encode("utf-16"), "utf-16"),
        (b"\xfe\xff" + TEXT.encode("utf-16-be"), "utf-16"),
        (TEXT.encode("utf-16-le"), "utf-16-le"),
        (TEXT.encode("utf-16-be"), "utf-16-be"),
        (TEXT.encode("latin-1"), "cp1252"),
        (TEXT.replace("x", "\x81").encode("latin-1"), "latin-1"),
        (TEXT.replace("\n", "\r\n").encode(), "utf-8"),
    ],
)
def test_every_encoding_reads_the_same(content, encoding):
    table, records = read(content)
    assert (table.encoding, table.header) == (encoding, ["Matrícula", "Año"])
    assert records[0] == (2, ["A1", "Ñandú"], "")


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_every_separator_is_found(separator):
    table, records = read(f"a{separator}b\n1{separator}2\n".encode())
    assert (table.header, records) == (["a", "b"], [(2, ["1", "2"], "")])


def test_blank_lines_say_nothing_and_lines_are_counted_as_in_the_file():
    _, records = read(b'\n\na,b\n\n1,"x\ny"\n,\n3,4,,\n')
    assert records == [(5, ["1", "x\ny"], ""), (8, ["3", "4"], "")]


@pytest.mark.parametrize(
    ("content", "problem", "line"),
    [
        (b"", "empty", 1),
        (b" \n,,\n", "empty", 1),
        (b"a,A\n1,2\n", "twice", 1),
        (b'a,b\n1,2\n3,"x\n4,5\n', "quote", 3),
        (b'a,b\n1,"x"y\n', "quote", 2),
        (b"x" * 300 + b"\n1\n", "header", 1),
        (",".join(map(str, range(101))).encode(), "header", 1),
        ("a,b\n1,2\n".encode("utf-16") + b"\x00", "encoding", 3),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_the_line(content, problem, line):
    with pytest.raises(FileRefusedError) as refused:
        read(content)
    assert (refused.value.problem, refused.value.line) == (problem, line)


@pytest.mark.parametrize(
    ("row", "problem"),
    [("1", "columns"), ("1,2,3", "columns"), ("1," + "x" * 1_000_000, "cell"), ("1,\x00", "characters")],
)
def test_a_bad_row_is_named_and_the_next_one_read(row, problem):
    _, records = read(f"a,b\n{row}\n5,6\n".encode())
    assert [record[2] for record in records] == [problem, ""]

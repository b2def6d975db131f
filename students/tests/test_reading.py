"""Files of every kind, good, broken and hostile, through the child process."""

import subprocess
import sys

import pytest

from students.models import CV
from students.reading import Failure, ReaderCrashedError, UnreadableError, formats, read_file
from students.tests import files

TEXT = "Programé servicios web en Python para una biblioteca.\nTambién análisis de datos.\n"


def failure_of(data):
    with pytest.raises(UnreadableError) as caught:
        read_file(data)
    return caught.value.failure


def test_failures_are_those_the_model_explains():
    assert {failure.value for failure in Failure} == set(CV.Failure.values)


def test_it_reads_a_pdf_page_by_page():
    reading = read_file(files.pdf(pages=2))
    assert reading.pages == 2
    first, second = reading.text.split("\f")
    assert "Programé servicios web en Python" in first
    assert "Programé servicios web en Python" in second


def test_it_reads_a_docx_with_header_and_table():
    text = read_file(files.docx_file(header="Ana Cruz", cells=["Power BI", "Tableau"])).text
    assert text.startswith("Ana Cruz\n")
    assert text.index("Programé servicios") < text.index("Power BI") < text.index("Tableau")


def test_it_reads_an_odt():
    body = "<text:h>Perfil</text:h><text:p>Programé en<text:s text:c='2'/><text:span>Python</text:span> y SQL.</text:p>"
    assert read_file(files.odt(body)).text == "Perfil\nProgramé en  Python y SQL."


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "latin-1", "cp1252"])
def test_it_reads_plain_text_in(encoding):
    assert read_file(TEXT.encode(encoding)).text == TEXT.strip()


def test_it_reads_a_file_from_a_path(tmp_path):
    path = tmp_path / "cv"
    path.write_bytes(files.pdf())
    assert "biblioteca" in read_file(path).text


def test_a_pdf_that_is_only_locked_for_editing_is_read():
    assert "biblioteca" in read_file(files.encrypted_pdf(owner_only=True)).text


@pytest.mark.parametrize(
    ("data", "failure"),
    [
        (b"", Failure.EMPTY),
        (b" \n\t ", Failure.EMPTY),
        (b"hola", Failure.EMPTY),
        (files.docx_file([]), Failure.EMPTY),
        (files.PROGRAM, Failure.UNKNOWN),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8, Failure.UNKNOWN),
        (files.spreadsheet(), Failure.UNKNOWN),
        (b"<!doctype html><p>Hola, soy una persona con un CV en HTML</p>", Failure.UNKNOWN),
        (b"{\\rtf1\\ansi Hola, soy una persona con un CV en RTF}", Failure.UNKNOWN),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, Failure.UNKNOWN),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), Failure.ENCRYPTED),
        (files.encrypted_pdf(), Failure.ENCRYPTED),
        (files.pdf()[:400], Failure.DAMAGED),
        (b"%PDF-1.7\n" + b"\xff" * 5000, Failure.DAMAGED),
        (files.docx_file()[:3000], Failure.DAMAGED),
        (b"PK\x03\x04" + b"\x00" * 100, Failure.DAMAGED),
        (files.picture_pdf(), Failure.SCANNED),
        (files.bomb_docx(), Failure.TOO_LARGE),
        (b"PK\x03\x04" + b"PK\x01\x02" * 5000, Failure.TOO_LARGE),
        (("palabra " * 60_000).encode(), Failure.TOO_LARGE),
    ],
    ids=range(20),
)
def test_a_file_that_cannot_be_read_says_why(data, failure):
    assert failure_of(data) == failure


def test_entities_of_an_odt_are_never_resolved(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("contraseña muy secreta de la universidad")
    prologue = f'<!DOCTYPE x [<!ENTITY leak SYSTEM "file://{secret}">]>'
    assert failure_of(files.odt("<text:p>&leak;</text:p>", prologue=prologue)) == Failure.DAMAGED


def test_a_billion_laughs_are_not_laughed():
    steps = zip("abcdefgh", "bcdefghi", strict=True)
    entities = '<!ENTITY a "ha">' + "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in steps)
    assert failure_of(files.odt("<text:p>&i;</text:p>", prologue=f"<!DOCTYPE x [{entities}]>")) == Failure.DAMAGED


def test_text_keeps_no_nul_and_no_lone_surrogate():
    assert formats.clean("a\x00b\ud800c\r\nd\u200be ﬁn") == "abc\nde fin"
    assert "\x00" not in read_file(b"Program\xc3\xa9 en Python\x00 y SQL para una biblioteca").text


def test_accents_written_apart_are_composed():
    assert formats.clean("Programe\u0301") == "Programé"


def test_a_reader_over_its_memory_says_too_large(settings):
    settings.CV_READER_MEGABYTES = 60
    with pytest.raises((UnreadableError, ReaderCrashedError)):
        read_file(files.bomb_docx(55))


def test_a_reader_over_its_time_says_too_slow(settings, monkeypatch):
    settings.CV_READER_SECONDS = 1
    lazy = [sys.executable, "-c", "import time; time.sleep(30)"]
    run = subprocess.run
    monkeypatch.setattr(subprocess, "run", lambda command, **options: run(lazy, **options))
    assert failure_of(files.pdf()) == Failure.TOO_SLOW


def test_a_reader_that_burns_its_cpu_time_says_too_slow(settings, monkeypatch):
    settings.CV_READER_SECONDS = 1
    busy = "from students.reading.child import limit; limit(1024, 1)\nwhile True: pass"
    run = subprocess.run
    monkeypatch.setattr(
        subprocess, "run", lambda command, **options: run([sys.executable, "-c", busy], **{**options, "timeout": 20})
    )
    assert failure_of(files.pdf()) == Failure.TOO_SLOW


def test_a_killed_reader_is_not_the_files_fault(monkeypatch):
    run = subprocess.run
    killed = [sys.executable, "-c", "import os; os.kill(os.getpid(), 9)"]
    monkeypatch.setattr(subprocess, "run", lambda command, **options: run(killed, **options))
    with pytest.raises(ReaderCrashedError):
        read_file(files.pdf())


def test_the_child_imports_no_django():
    check = "import sys, students.reading.child, students.reading.formats; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", check], check=False).returncode == 0

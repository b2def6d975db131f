"""Files that are something else than they say, or two things at once."""

# ruff: noqa: E501 - tables, a line for each file

from __future__ import annotations

import gzip
import io
import pickle
import tarfile
import zipfile
from collections.abc import Iterator

from students.tests import files as good

SCRIPT = b"<script>alert(document.cookie)</script>"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\xff\xff\x00\x00\xff\xff\x08\x06\x00\x00\x00"
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


class Calls:
    def __reduce__(self) -> tuple[object, tuple[str]]:
        return eval, ("open('/tmp/escape', 'w')",)


def archive(**entries: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for name, data in entries.items():
            file.writestr(name.replace("__", "/").replace("_dot_", "."), data)
    return out.getvalue()


def files() -> Iterator[tuple[str, bytes]]:
    pdf, docx, odt = good.pdf(), good.docx_file(), good.odt()
    tar = io.BytesIO()
    with tarfile.open(fileobj=tar, mode="w") as file:
        file.addfile(tarfile.TarInfo("../../escape"))
    singles = {
        "program": good.PROGRAM, "ELF": b"\x7fELF\x02\x01\x01" + bytes(2000), "picture": PNG + bytes(range(256)) * 20,
        "GIF with script": b"GIF89a=1;alert(1)//" + SCRIPT * 30, "SVG": b"<svg onload=alert(1)>" + SCRIPT,
        "page": b"<!doctype html>" + SCRIPT, "page after blanks": b"\n\n  \t<HTML>" + SCRIPT,
        "page after a mark": b"\xef\xbb\xbf<html>" + SCRIPT, "comment, then page": b"<!-- -->" + SCRIPT * 20,
        "XML": b"<?xml version='1.0'?><a/>", "RTF": b"{\\rtf1\\object\\objocx }", "PostScript": b"%!PS\n(x) run",
        "shell": b"#!/bin/sh\nrm -rf /tmp/escape\n" * 20, "pickle": pickle.dumps(Calls()),
        "gzip": gzip.compress(pdf), "gzip bomb": gzip.compress(b"\0" * 50_000_000), "tar": tar.getvalue(),
        "7z": b"7z\xbc\xaf'\x1c" + bytes(500), "RAR": b"Rar!\x1a\x07\x01\x00" + bytes(500), "XZ": b"\xfd7zXZ\x00" + bytes(200),
        "old Word": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(range(256)) * 40, "mail": b"From: a\r\nMIME-Version: 1.0\r\n\r\n" + SCRIPT,
        "EICAR": EICAR, "spreadsheet": good.spreadsheet(), "jar": archive(META_INF__MANIFEST_dot_MF=b"Main-Class: A"),
        "slides": archive(**{"[Content_Types].xml": b"<Types/>", "ppt/presentation.xml": b"<a/>"}),
        "book": archive(mimetype=b"application/epub+zip"), "empty archive": archive(),
        "macros": archive(**{"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<a/>", "word/vbaProject.bin": bytes(999)}),
        "an ODT that is a DOCX": archive(mimetype=b"application/vnd.oasis.opendocument.text", **{"content.xml": b"<a/>", "[Content_Types].xml": b"<a/>", "word/document.xml": b"<a/>"}),
        "a DOCX without parts": archive(**{"[Content_Types].xml": b"", "word/document.xml": b""}),
        "an ODT without content": archive(mimetype=b"application/vnd.oasis.opendocument.text", **{"content.xml": b""}),
    }  # fmt: skip
    yield from singles.items()
    pairs = {
        "pdf": pdf,
        "docx": docx,
        "odt": odt,
        "page": b"<html>" + SCRIPT,
        "GIF": b"GIF89a/*",
        "program": good.PROGRAM,
    }
    for first, before in pairs.items():
        for second, after in pairs.items():
            yield f"{first} and {second}", before + after
    for offset in (1, 500, 1000, 1023, 1024, 2000):
        yield f"pdf after {offset} bytes of a page", (b"<html>" + SCRIPT + b" " * offset)[:offset] + pdf
        yield f"pdf after {offset} zeros", bytes(offset) + pdf

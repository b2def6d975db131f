"""Bytes of a CV to text, for each kind of file. Runs only in the child process, under its limits."""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
from collections.abc import Iterator
from typing import Any

from students.reading.failures import Failure, Reading, UnreadableError
from students.reading.sniff import Kind, decode, kind_of

MAX_CHARACTERS = 400_000
MAX_PAGES = 200
NEXT_TO_NO_TEXT = 20  # letters; a scanner's own stamp is shorter
REMOVED = dict.fromkeys([*range(9), 11, *range(14, 32), *range(127, 160), 0xAD, *range(0x200B, 0x2010), 0xFEFF, 0xFFFD])
LIGATURES = {0xFB00: "ff", 0xFB01: "fi", 0xFB02: "fl", 0xFB03: "ffi", 0xFB04: "ffl"}
WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
OPEN_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"


def read(data: bytes) -> Reading:
    """Text of a PDF, DOCX, ODT or plain text file; raises UnreadableError with the reason where there is none."""
    kind = kind_of(data)
    reader = {Kind.PDF: read_pdf, Kind.DOCX: read_docx, Kind.ODT: read_odt, Kind.TEXT: decode}[kind]
    text = reader(data)
    if len(text) <= 2 * MAX_CHARACTERS:  # else cleaning alone would take seconds
        text = clean(text)
    if len(text) > MAX_CHARACTERS:
        raise UnreadableError(Failure.TOO_LARGE)
    if sum(map(str.isalnum, text)) < NEXT_TO_NO_TEXT:
        raise UnreadableError(Failure.SCANNED if kind == Kind.PDF or has_pictures(data, kind) else Failure.EMPTY)
    return Reading(text, text.count("\f") + 1)


def clean(text: str) -> str:
    """Text that every database stores and that reads as people see it: no NUL, no lone surrogates, accents composed."""
    text = text.encode("utf-16", "surrogatepass").decode("utf-16", "ignore")
    text = text.replace("\r\n", "\n").replace("\r", "\n").translate(REMOVED | LIGATURES)
    text = unicodedata.normalize("NFC", text)
    text = "\f".join("\n".join(line.rstrip(" \t\xa0") for line in page.split("\n")) for page in text.split("\f"))
    return re.sub(r"\n{4,}", "\n\n\n", text).strip("\n ")


def has_pictures(data: bytes, kind: Kind) -> bool:
    """Whether a document that holds no text holds pictures, of a scanned page perhaps."""
    if kind == Kind.TEXT:
        return False
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return any(name.startswith(("word/media/", "Pictures/")) for name in archive.namelist())


def read_pdf(data: bytes) -> str:
    """Pages of a PDF joined by form feeds."""
    import pypdf
    from pypdf.errors import LimitReachedError

    try:
        reader = pypdf.PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):  # an empty password opens what is only locked for editing
            raise UnreadableError(Failure.ENCRYPTED)
        count = len(reader.pages)
    except (UnreadableError, MemoryError):
        raise
    except LimitReachedError:
        raise UnreadableError(Failure.TOO_LARGE) from None
    except Exception:  # pypdf lets errors of many kinds out on broken files
        raise UnreadableError(Failure.DAMAGED) from None
    if not 0 < count <= MAX_PAGES:
        raise UnreadableError(Failure.TOO_LARGE if count else Failure.DAMAGED)
    pages = [_page_text(reader, number) for number in range(count)]
    if all(page is None for page in pages):
        raise UnreadableError(Failure.DAMAGED)
    return "\f".join((page or "").replace("\f", "\n") for page in pages)


def _page_text(reader: Any, number: int) -> str | None:
    """Text of one page, or None where that page is broken: the others may still be read."""
    try:
        return str(reader.pages[number].extract_text())
    except MemoryError:
        raise
    except Exception:
        return None


def read_docx(data: bytes) -> str:
    """Headers, then the body in order with tables and text boxes, then footers."""
    import docx

    try:
        document = docx.Document(io.BytesIO(data))
        headers, footers = [], []
        for section in document.sections:
            headers += list(_docx_text(section.header._element)) if not section.header.is_linked_to_previous else []
            footers += list(_docx_text(section.footer._element)) if not section.footer.is_linked_to_previous else []
        body = "".join(_docx_text(document.element.body))
    except MemoryError:
        raise
    except Exception:  # lxml, zipfile and python-docx each have their own errors for broken files
        raise UnreadableError(Failure.DAMAGED) from None
    text = "".join(headers) + body + "".join(footers)
    return re.sub(r"\f\s*\f", "\f", text).strip()


def _docx_text(element: Any) -> Iterator[str]:
    """Text under an XML element in one pass: python-docx's own paragraphs cost minutes on hostile files."""
    from lxml import etree  # type: ignore[import-untyped]

    walk = etree.iterwalk(element, events=("start", "end"))
    for event, node in walk:
        if event == "start":
            if node.tag == FALLBACK:  # the same text box once more, for old readers
                walk.skip_subtree()
            elif node.tag == f"{WORD}t":
                yield node.text or ""
            elif node.tag == f"{WORD}tab":
                yield "\t"
            elif node.tag in {f"{WORD}br", f"{WORD}cr"}:
                yield "\f" if node.get(f"{WORD}type") == "page" else "\n"
            elif node.tag == f"{WORD}lastRenderedPageBreak":
                yield "\f"
        elif node.tag == f"{WORD}p":
            yield "\n"


def read_odt(data: bytes) -> str:
    """Paragraphs, headings, lists and tables of an ODT in order."""
    from defusedxml.ElementTree import iterparse

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            manifest = "META-INF/manifest.xml"
            if manifest in archive.namelist() and b"encryption-data" in archive.read(manifest):
                raise UnreadableError(Failure.ENCRYPTED)
            with archive.open("content.xml") as content:
                text = "".join(_odt_text(iterparse(content, events=("start", "end"), forbid_dtd=True)))
    except (UnreadableError, MemoryError):
        raise
    except Exception:  # broken archive, broken XML, forbidden entities
        raise UnreadableError(Failure.DAMAGED) from None
    return re.sub(r"\f\s*\f", "\f", text).strip()


def _odt_text(events: Any) -> Iterator[str]:
    """Text of the outermost paragraphs, each read when it ends and then let go."""
    depth = 0
    for event, node in events:
        name = node.tag.removeprefix(OPEN_TEXT) if isinstance(node.tag, str) else ""
        if event == "end":
            if name in {"p", "h"}:
                depth -= 1
                if depth == 0:
                    yield _paragraph(node) + "\n"
                    node.clear()
            continue
        if name in {"p", "h"}:
            depth += 1
        elif name == "soft-page-break" and depth == 0:
            yield "\f"


def _paragraph(node: Any) -> str:
    pieces = [node.text or ""]
    for child in node:
        name = child.tag.removeprefix(OPEN_TEXT) if isinstance(child.tag, str) else ""
        if name == "s":
            pieces.append(" " * min(int(child.get(f"{OPEN_TEXT}c", "1")), 20))
        elif name in {"tab", "line-break", "soft-page-break"}:
            pieces.append({"tab": "\t", "line-break": "\n", "soft-page-break": "\f"}[name])
        elif name != "note-citation":
            pieces += [_paragraph(child), "\n" if name in {"p", "h"} else ""]
        pieces.append(child.tail or "")
    return "".join(pieces)

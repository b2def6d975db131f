"""What a file is, by its content; the name it came with says nothing.

Cheap and safe enough for the web process: it looks at the first bytes and at an archive's directory and parses nothing.
"""

from __future__ import annotations

import io
import zipfile
from enum import StrEnum

from students.reading.failures import Failure, UnreadableError

MAX_ENTRIES = 2000
MAX_UNPACKED = 60 * 1024 * 1024
MAX_RATIO = 200  # office documents stay below 50; deflate reaches 1000 on zeros
PACKINGS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}  # office programs use no other; bzip2 unpacks without a limit
SMALL = 1024 * 1024  # an entry this small may shrink as much as it likes
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ODT = b"application/vnd.oasis.opendocument.text"
MARKUP = ("{\\rtf", "<html", "<!doctype", "<?xml", "<svg", "%!ps")
SEEN = 100_000  # characters; whether bytes are text shows early, and judging all of them holds up the web process
TEXT_CONTROLS = frozenset("\t\n\r\f\x0b")


class Kind(StrEnum):
    PDF = "pdf"
    DOCX = "docx"
    ODT = "odt"
    TEXT = "text"


def kind_of(data: bytes) -> Kind:
    """The kind of the file with this content; raises UnreadableError where it is none that we read."""
    if not data.strip():
        raise UnreadableError(Failure.EMPTY)
    if b"%PDF-" in data[:1024]:
        return Kind.PDF
    if data.startswith(b"PK"):
        return _kind_of_archive(data)
    if data.startswith(OLE):  # an old .doc, or the envelope of an encrypted .docx
        is_encrypted = "EncryptedPackage".encode("utf-16-le") in data
        raise UnreadableError(Failure.ENCRYPTED if is_encrypted else Failure.UNKNOWN)
    text = decode(data)
    if text.lstrip().lower().startswith(MARKUP):
        raise UnreadableError(Failure.UNKNOWN)
    return Kind.TEXT


def _kind_of_archive(data: bytes) -> Kind:
    if data.count(b"PK\x01\x02") > MAX_ENTRIES:  # counted before zipfile builds an object for each
        raise UnreadableError(Failure.TOO_LARGE)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            _check_sizes(entries)
            if any(entry.compress_type not in PACKINGS for entry in entries):
                raise UnreadableError(Failure.DAMAGED)
            names = {entry.filename for entry in entries}
            if "mimetype" in names and archive.getinfo("mimetype").file_size < 200:
                declared = archive.read("mimetype").strip()
            else:
                declared = b""
    except UnreadableError:
        raise
    except (zipfile.BadZipFile, zipfile.LargeZipFile, ValueError, KeyError, OSError, NotImplementedError, EOFError):
        raise UnreadableError(Failure.DAMAGED) from None
    except RuntimeError:  # zipfile's way to ask for a password
        raise UnreadableError(Failure.ENCRYPTED) from None
    if declared == ODT and "content.xml" in names:
        return Kind.ODT
    if "[Content_Types].xml" in names and any(name.startswith("word/") for name in names):
        return Kind.DOCX
    raise UnreadableError(Failure.UNKNOWN)


def _check_sizes(entries: list[zipfile.ZipInfo]) -> None:
    if any(entry.flag_bits & 1 for entry in entries):
        raise UnreadableError(Failure.ENCRYPTED)
    bomb = any(entry.file_size > SMALL and entry.file_size > MAX_RATIO * entry.compress_size for entry in entries)
    if bomb or sum(entry.file_size for entry in entries) > MAX_UNPACKED:
        raise UnreadableError(Failure.TOO_LARGE)


def decode(data: bytes) -> str:
    """Plain text in UTF-8, UTF-16 or Windows' Latin-1; raises UnreadableError where the bytes are no text."""
    text = _decoded(data)
    seen = text[:SEEN]
    strange = sum(not (character.isprintable() or character in TEXT_CONTROLS) for character in seen)
    letters = sum(character.isalnum() or character.isspace() for character in seen)
    if strange > max(3, len(seen) // 100) or letters < len(seen) // 2:
        raise UnreadableError(Failure.UNKNOWN)
    return text


def _decoded(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    nuls = [data[start : start + 4000 : 2].count(0) for start in (0, 1)]
    seen = min(len(data), 4000) // 2
    if seen > 8 and max(nuls) > seen * 0.6 and min(nuls) < seen * 0.1:
        return data.decode("utf-16-be" if nuls[0] > nuls[1] else "utf-16-le", errors="replace")
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return data.decode("latin-1")

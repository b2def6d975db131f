"""DOCX and ODT that are bombs, or that want more of their reader than to be read."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator

from students.tests import files as good

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
MEGABYTE = 1024 * 1024
SECRET = "/etc/passwd"
CALLED = "http://127.0.0.1:48113/escape"  # the test puts a listener behind it
TEXT = "xmlns:text='urn:oasis:names:tc:opendocument:xmlns:text:1.0'"
OFFICE = "xmlns:office='urn:oasis:names:tc:opendocument:xmlns:office:1.0'"
PARAGRAPH = "<w:p><w:r><w:t>Programé servicios web en Python para una biblioteca.</w:t></w:r></w:p>"


def docx(body: str = PARAGRAPH, *, prologue: str = "", **parts: str | bytes) -> bytes:
    """A DOCX with this body, and with parts replaced or added (``word__styles.xml`` for word/styles.xml)."""
    document = f'<?xml version="1.0"?>{prologue}<w:document xmlns:w="{WORD}"><w:body>{body}</w:body></w:document>'
    return packed(
        good.docx_file(), {"word/document.xml": document} | {k.replace("__", "/"): v for k, v in parts.items()}
    )


def odt(body: str, *, prologue: str = "", **parts: str | bytes) -> bytes:
    data = good.odt(body, prologue=prologue)
    return packed(data, {k.replace("__", "/"): v for k, v in parts.items()}) if parts else data


def packed(base: bytes, parts: dict[str, str | bytes], *, how: int = zipfile.ZIP_DEFLATED) -> bytes:
    """The archive ``base`` with these parts instead of its own."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(base)) as source, zipfile.ZipFile(out, "w", how, allowZip64=True) as target:
        for entry in source.infolist():
            target.writestr(entry.filename, parts.pop(entry.filename, None) or source.read(entry))
        for name, content in parts.items():
            target.writestr(name, content)
    return out.getvalue()


def files() -> Iterator[tuple[str, bytes]]:
    yield from bombs()
    yield from entities()
    yield from shapes()
    yield from directories()


def bombs() -> Iterator[tuple[str, bytes]]:
    for megabytes in (2, 20, 59, 100, 300):
        yield f"blanks, {megabytes} MB", good.bomb_docx(megabytes)
    for part in ("word__styles.xml", "word__document.xml", "[Content_Types].xml", "_rels__.rels", "word__media__a.png"):
        yield f"30 MB in {part}", docx(**{part: b"<a>" + b"\0" * 30 * MEGABYTE})
    noise = zlib.compress(b"x")  # entries that stay below the ratio and fill the whole allowance
    for name, chunk in (
        ("empty paragraphs", "<w:p/>"),
        ("cells", "<w:tc><w:p/></w:tc>"),
        ("runs", "<w:r><w:t>a</w:t></w:r>"),
    ):
        for count in (10_000, 300_000, 1_500_000):
            yield f"{count} {name}", docx(f"<w:p>{chunk * count}</w:p>" if "r" in name[0] else chunk * count)
    yield "nested archives", docx(word__embeddings__a=nested(6), word__embeddings__b=noise)
    for name, how in (("bzip2", zipfile.ZIP_BZIP2), ("lzma", zipfile.ZIP_LZMA)):
        yield f"mimetype by {name}", mimetype_bomb(how)
        yield f"document by {name}", packed(good.docx_file(), {"word/x": b" " * 40 * MEGABYTE}, how=how)
    for count in (100_000, 1_000_000):
        yield f"odt, {count} paragraphs", odt("<text:p>a</text:p>" * count)
        yield f"odt, {count} spaces", odt("<text:p>" + "<text:s text:c='2147483647'/>" * count + "</text:p>")
    yield "odt, one word of 50 MB", odt("<text:p>" + "a" * 50 * MEGABYTE + "</text:p>")
    yield "odt, a million attributes", odt("<text:p " + " ".join(f"a{n}='x'" for n in range(1_000_000)) + "/>")


def nested(depth: int) -> bytes:
    data = b"0" * 10 * MEGABYTE
    for _ in range(depth):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for copy in range(10):
                archive.writestr(f"{copy}.zip", data)
        data = out.getvalue()
    return data


def mimetype_bomb(how: int) -> bytes:
    """The entry that the web process itself reads, far larger than its directory says."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", how) as archive:
        archive.writestr("mimetype", b"0" * 80 * MEGABYTE)
        archive.writestr("content.xml", "<x/>")
    return lying(out.getvalue(), 100)


def lying(data: bytes, size: int) -> bytes:
    """The first entry's size in directory and header replaced by ``size``."""
    changed = bytearray(data)
    for mark, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = changed.find(mark)
        changed[at + offset : at + offset + 4] = struct.pack("<I", size)
    return bytes(changed)


def entities() -> Iterator[tuple[str, bytes]]:
    laughs = '<!ENTITY a "ha">' + "".join(
        f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    )
    prologues = {
        "billion laughs": (f"<!DOCTYPE x [{laughs}]>", "&i;"),
        "quadratic": (f'<!DOCTYPE x [<!ENTITY a "{"a" * 60_000}">]>', "&a;" * 60_000),
        "file": (f'<!DOCTYPE x [<!ENTITY a SYSTEM "file://{SECRET}">]>', "&a;"),
        "web": (f'<!DOCTYPE x [<!ENTITY a SYSTEM "{CALLED}">]>', "&a;"),
        "parameter": (f'<!DOCTYPE x [<!ENTITY % p SYSTEM "{CALLED}"> %p;]>', "texto"),
        "outer DTD": (f'<!DOCTYPE x SYSTEM "{CALLED}">', "texto"),
        "loop": ('<!DOCTYPE x [<!ENTITY a "&b;"><!ENTITY b "&a;">]>', "&a;"),
        "stylesheet": (f'<?xml-stylesheet type="text/xsl" href="{CALLED}"?>', "texto"),
    }
    for name, (prologue, words) in prologues.items():
        yield f"docx, {name}", docx(f"<w:p><w:r><w:t>{words}</w:t></w:r></w:p>", prologue=prologue)
        yield f"odt, {name}", odt(f"<text:p>{words}</text:p>", prologue=prologue)
        document = f'<?xml version="1.0"?>{prologue}<x>{words}</x>'
        for part in ("[Content_Types].xml", "_rels__.rels", "word__styles.xml", "word__header1.xml"):
            yield f"docx, {name} in {part}", docx(**{part: document})
        yield f"odt, {name} in the manifest", odt("<text:p>a</text:p>", **{"META-INF__manifest.xml": document})
    include = f"<x:include xmlns:x='http://www.w3.org/2001/XInclude' href='file://{SECRET}' parse='text'/>"
    yield "docx, xinclude", docx(f"<w:p><w:r><w:t>{include}</w:t></w:r></w:p>")
    yield "odt, xinclude", odt(f"<text:p>{include}</text:p>")
    outside = f'<Relationship Id="r9" Type="{WORD}/attachedTemplate" Target="{CALLED}" TargetMode="External"/>'
    rels = (
        f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{outside}</Relationships>'
    )
    yield "docx, template from the web", docx(**{"word___rels__document.xml.rels": rels})
    up = rels.replace(CALLED, "../../../../etc/passwd").replace(' TargetMode="External"', "")
    yield "docx, part above the root", docx(**{"word___rels__document.xml.rels": up})


def shapes() -> Iterator[tuple[str, bytes]]:
    for depth in (100, 1_000, 5_000, 100_000, 1_000_000):
        table = "<w:tbl><w:tr><w:tc>" * depth + PARAGRAPH + "</w:tc></w:tr></w:tbl>" * depth
        yield f"docx, {depth} tables in each other", docx(table)
        yield f"docx, {depth} deep", docx("<w:p>" * depth + "</w:p>" * depth)
        yield f"docx, {depth} deep, unclosed", docx("<w:p>" * depth)
        inner = "<text:span>" * depth + "Programé servicios en Python" + "</text:span>" * depth
        yield f"odt, {depth} deep", odt(f"<text:p>{inner}</text:p>")
        yield f"odt, {depth} lists deep", odt("<text:list>" * depth + "<text:p>a</text:p>" + "</text:list>" * depth)
    for count in (200, 5_000, 50_000):
        yield f"docx, {count} sections", docx("<w:p><w:pPr><w:sectPr/></w:pPr></w:p>" * count)
        links = "".join(f'<Relationship Id="r{n}" Type="x" Target="a{n}.xml"/>' for n in range(count))
        rels = f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{links}</Relationships>'
        yield f"docx, {count} relations", docx(**{"word___rels__document.xml.rels": rels})
    yield (
        "docx, a table of 3,000 by 60",
        docx("<w:tbl>" + ("<w:tr>" + "<w:tc><w:p/></w:tc>" * 60 + "</w:tr>") * 3_000 + "</w:tbl>"),
    )
    for count in ("x", "-5", "1e9", "99999999999999999999", "٣"):
        yield f"odt, {count} spaces", odt(f"<text:p>Programé servicios en Python<text:s text:c='{count}'/></text:p>")
    names = " ".join(f"xmlns:n{n}='u{n}'" for n in range(20_000))
    yield "docx, 20,000 namespaces", docx(f"<w:p {names}/>")
    for encoding in ("utf-16", "utf-32", "utf-7", "latin-1", "cp037"):
        text = f'<?xml version="1.0" encoding="{encoding}"?><w:document xmlns:w="{WORD}"/>'.encode(encoding)
        yield f"docx in {encoding}", docx(**{"word__document.xml": text})
        yield f"odt in {encoding}", odt("", **{"content.xml": text})


def directories() -> Iterator[tuple[str, bytes]]:
    for name in (
        "../../escape",
        "/tmp/escape",
        "..\\..\\escape",
        "C:\\escape",
        "word/\x00/a",
        "‮fdp.exe",
        "a" * 60_000,
        "word/" * 9_000,
    ):
        yield f"entry called {name[:20]!r}", docx(**{name: b"escaped"})
    for count in (1_990, 2_500, 60_000):
        yield f"{count} entries", docx(**{f"word/e{n}": b"" for n in range(count)})
    link = zipfile.ZipInfo("word/link")
    link.create_system, link.external_attr = 3, 0o120777 << 16
    out = io.BytesIO(good.docx_file())
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr(link, SECRET)
        archive.writestr("word/document.xml", "<twice/>")
    yield "a link, and an entry twice", out.getvalue()
    data = good.docx_file()
    for size in (0, 1, 2**31, 2**32 - 1):
        yield f"size said to be {size}", lying(data, size)
    end = data.rfind(b"PK\x05\x06")
    for field, name in ((8, "count here"), (10, "count"), (12, "size"), (16, "start"), (20, "comment")):
        for value in (0, 1, 0x7FFF, 0xFFFF):
            yield (
                f"directory's {name} {value}",
                data[: end + field] + struct.pack("<H", value) + data[end + field + 2 :],
            )
    yield "two directories", data + data[end:]
    yield "overlapping entries", overlapping(300, MEGABYTE // 6)
    yield "overlapping entries, large", overlapping(1_900, 20 * MEGABYTE)
    yield "a comment with a directory in it", data[: end + 20] + struct.pack("<H", 22) + data[end : end + 22]
    encrypted = bytearray(data)
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        encrypted[encrypted.find(mark) + offset] |= 1
    yield "encrypted entry", bytes(encrypted)


def overlapping(count: int, size: int) -> bytes:
    """Many names in the directory for one and the same compressed content."""
    packed_body = zlib.compressobj(9, zlib.DEFLATED, -15)
    body = packed_body.compress(b"<w:p/>" * (size // 6)) + packed_body.flush()
    crc = zlib.crc32(b"<w:p/>" * (size // 6))
    fixed = struct.pack("<HHHHIII", 0, 8, 0, 0, crc, len(body), size // 6 * 6)
    data = b"PK\x03\x04\x14\x00" + fixed + struct.pack("<HH", 1, 0) + b"a" + body
    names = [b"[Content_Types].xml", b"word/document.xml", *(b"word/%d" % n for n in range(count))]
    directory = b"".join(
        b"PK\x01\x02\x14\x00\x14\x00" + fixed + struct.pack("<HHHHHII", len(name), 0, 0, 0, 0, 0, 0) + name
        for name in names
    )
    return (
        data
        + directory
        + b"PK\x05\x06"
        + struct.pack("<HHHHIIH", 0, 0, len(names), len(names), len(directory), len(data), 0)
    )

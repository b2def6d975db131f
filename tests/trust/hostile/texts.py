"""Text that is not quite text, or that takes its reader long."""

from __future__ import annotations

from collections.abc import Iterator

LINE = "Programé servicios web en Python para una biblioteca de la universidad.\n"
FIVE = 5 * 1024 * 1024


def files() -> Iterator[tuple[str, bytes]]:
    yield "nothing", b""
    for name, text in odd_characters().items():
        for encoding in ("utf-8", "utf-16", "utf-16-be", "utf-32"):
            yield f"{name}, {encoding}", text.encode(encoding, "surrogatepass")
    for mark in (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\xff\xfe\x00\x00", b"\x00\x00\xfe\xff", b"+/v8"):
        yield f"mark {mark!r} and nothing", mark
        yield f"mark {mark!r} and UTF-8", mark + LINE.encode() * 5
        yield f"mark {mark!r} and an odd byte", mark + LINE.encode("utf-16-le") * 5 + b"\x41"
    for name, data in {
        "broken UTF-8": b"Program\xc3 servicios \xe2\x82 en Python \xf0\x9f " * 20,
        "overlong UTF-8": b"Programo servicios \xc0\xaf\xe0\x80\xaf en Python " * 20,
        "surrogates in UTF-8": b"Programo servicios \xed\xa0\x80\xed\xb0\x80 en Python " * 20,
        "half a pair in UTF-16": b"\xff\xfe" + LINE.encode("utf-16-le") * 5 + b"\x00\xd8" + LINE.encode("utf-16-le"),
        "every byte": bytes(range(256)) * 40, "zeros": b"\0" * 100_000, "ones": b"\xff" * 100_000,
        "an odd zero here and there": LINE.encode().replace(b" ", b"\0 ") * 20,
        "a megabyte of zeros after a line": LINE.encode() * 30 + b"\0" * 1_000_000,
    }.items():  # fmt: skip
        yield name, data
    yield from long_ones()


def odd_characters() -> dict[str, str]:
    return {
        "right to left": "\u202ePython ne bew soicivres\u202c " + LINE * 3,
        "isolates": ("\u2066" * 50 + "Programé" + "\u2069" * 50 + " " + LINE) * 5,
        "invisible": "\u200b\u200c\u200d\ufeff\u2060\u00ad".join(LINE * 3),
        "controls": "".join(chr(n) for n in range(32)) + LINE * 20,
        "escapes of a terminal": "\x1b[31m\x1b]0;título\x07\x1b[2J" + LINE * 20,
        "lone surrogates": "\ud800" + LINE * 3 + "\udfff",
        "not characters": "\ufffe\uffff\U0001fffe\U0010ffff" + LINE * 3,
        "private use": "\ue000\uf8ff\U000f0000" * 20 + LINE * 3,
        "stacked marks": ("P" + "\u0301\u0323" * 500) * 20 + LINE,
        "separators": "\u2028\u2029\x85\x0b\x0c".join(LINE * 2),
        "wide letters": "ＰＹＴＨＯＮ " * 50, "mathematical letters": "𝐏𝐲𝐭𝐡𝐨𝐧 " * 50, "emoji": "👩‍💻" * 400 + LINE,
        "other scripts": "برنامج بايثون パイソン Питон 파이썬 " * 30,
        "formulas": "=cmd|' /C calc'!A0\n@SUM(1+1)\n" + LINE * 3,
        "markup": "<script>alert(1)</script>{{7*7}}{% now 'Y' %}${7*7}' OR 1=1;--\n" + LINE * 3,
    }  # fmt: skip


def long_ones() -> Iterator[tuple[str, bytes]]:
    """Five megabytes each: what a form of the site lets through."""
    for name, piece in {
        "one line": "palabra ", "one word": "a", "blanks": " ", "blanks and letters": "a" + " " * 5_000,
        "tabs": "\t", "lines": "\n", "lines and letters": "a\n", "feeds": "\f", "feeds and blanks": "\f ",
        "page feeds": "Programé en Python\f", "marks": "a\u0301\u0323", "marks of two classes": "\u0301\u0323",
        "Hangul in pieces": "\u1112\u1161\u11ab", "long ligatures": "\ufdfa", "zero width": "\u200b",
        "commas": "Python, ", "stars": "* ", "addresses": "a@a.", "dots": ". ", "numbers": "1", "dates": "2020-2021 ",
    }.items():  # fmt: skip
        for size in (390_000, FIVE):
            encoded = piece.encode()
            yield (
                f"{name}, {size} bytes",
                (b"Program\xc3\xa9 servicios web en Python. " + encoded * (size // len(encoded))),
            )

"""Good files with something wrong: flipped, cut, doubled and spliced bytes, outside and inside of their packing."""

from __future__ import annotations

import io
import random
import re
import zipfile
from collections.abc import Callable
from functools import cache

from students.tests import files

BOUNDARIES = [b"0", b"-1", b"1", b"65536", b"2147483647", b"4294967296", b"-2147483649", b"99999999999999999999"]


@cache
def good() -> dict[str, bytes]:
    """What the mutants are made from."""
    table = files.docx_file(header="Ana Cruz", cells=["Power BI", "Tableau"])
    text = "Programé servicios web en Python para una biblioteca.\n" * 30
    return {
        "pdf": files.pdf(), "pdf of pages": files.pdf(pages=4), "picture": files.picture_pdf(),
        "locked": files.encrypted_pdf(owner_only=True), "encrypted": files.encrypted_pdf(), "docx": table,
        "odt": files.odt(), "text": text.encode(), "utf-16": text.encode("utf-16"),
    }  # fmt: skip


def flip(chance: random.Random, data: bytes) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.choice([1, 4, 16, 64, 512])):
        changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def cut(chance: random.Random, data: bytes) -> bytes:
    start, end = sorted(chance.randrange(len(data)) for _ in "ab")
    return chance.choice([data[:end], data[start:], data[:start] + data[end:]])


def double(chance: random.Random, data: bytes) -> bytes:
    start, end = sorted(chance.randrange(len(data)) for _ in "ab")
    return data[:end] + data[start:end] * chance.choice([1, 2, 20]) + data[end:]


def splice(chance: random.Random, data: bytes) -> bytes:
    other = chance.choice(list(good().values()))
    at, there = chance.randrange(len(data)), chance.randrange(len(other))
    return data[:at] + other[there : there + chance.randrange(5000)] + data[at:]


def stretch_numbers(chance: random.Random, data: bytes) -> bytes:
    """Numbers as they stand in the file, replaced by those at which programs slip."""
    share = chance.choice([0.02, 0.2, 0.7])
    return re.sub(rb"\d+", lambda m: chance.choice(BOUNDARIES) if chance.random() < share else m[0], data)


def stir_words(chance: random.Random, data: bytes) -> bytes:
    """Names of a PDF exchanged for each other."""
    words = re.findall(rb"/[A-Za-z]{2,}", data) or [b"/Type"]
    return re.sub(rb"/[A-Za-z]{2,}", lambda m: chance.choice(words) if chance.random() < 0.1 else m[0], data)


Mutate = Callable[[random.Random, bytes], bytes]
OUTSIDE: list[Mutate] = [flip, cut, double, splice, stretch_numbers, stir_words]


def inside(chance: random.Random, data: bytes) -> bytes:
    """The parts of an archive mutated and packed again, so that sums and sizes are right."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for entry in source.infolist():
            content = source.read(entry)
            if content and entry.filename != "mimetype" and chance.random() < 0.4:
                content = chance.choice(OUTSIDE)(chance, content)
            target.writestr(entry.filename, content)
    return out.getvalue()


def mutant(chance: random.Random, number: int) -> tuple[str, bytes]:
    """One mutant, with the name of what was done to what."""
    name = chance.choice(list(good()))
    data = good()[name]
    mutate = inside if name in ("docx", "odt") and chance.random() < 0.7 else chance.choice(OUTSIDE)
    return f"mutant {number}: {mutate.__name__} {name}", mutate(chance, data)

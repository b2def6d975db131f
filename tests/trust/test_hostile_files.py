"""More than a thousand hostile files through the reader as uploads pass it: judged by content, then read in a child.

The suite takes a sample; ``make trust`` takes all of them (``HOSTILE_FILES=1200``).
"""

from __future__ import annotations

import os
import socket
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings as configured

from students.reading import ReaderCrashedError, Reading, UnreadableError, read_file
from students.reading.sniff import kind_of
from tests.trust.hostile import corpus
from tests.trust.hostile.archives import CALLED

pytestmark = pytest.mark.embedded  # once is enough: no database takes part
WANTED = int(os.environ.get("HOSTILE_FILES", "40"))
ALL = 1200
SECONDS = 1500
PATIENCE = 300  # seconds for a child on a machine that has other things to do; by the processor's clock it has far less
SLOWEST_SNIFF = 1.0  # seconds that the web process may spend on a file; the machine may be busy
run = subprocess.run


@dataclass
class Outcome:
    name: str
    answer: str = ""
    text: str = ""
    seconds: float = 0.0
    sniffed: float = 0.0
    megabytes: float = 0.0
    hung: bool = False


@dataclass
class Measure:
    """Stands in for ``subprocess.run``: the same child, with its memory and its hanging written down."""

    here: threading.local = field(default_factory=threading.local)

    def __call__(self, command: list[str], **options: object) -> subprocess.CompletedProcess[bytes]:
        measured = [part.replace("students.reading.child", "tests.trust.measured_child") for part in command]
        options["timeout"] = PATIENCE
        try:
            done = run(measured, **options)  # type: ignore[call-overload]
        except subprocess.TimeoutExpired:
            self.here.outcome.hung = True
            raise
        if done.returncode:  # the kernel ended it at its limit
            self.here.outcome.seconds = float(configured.CV_READER_SECONDS)
        else:
            kilobytes, seconds = map(float, done.stderr.split()[-2:])
            self.here.outcome.megabytes, self.here.outcome.seconds = kilobytes / 1024, seconds
        return done

    def read(self, file: tuple[str, bytes]) -> Outcome:
        outcome = self.here.outcome = Outcome(file[0])
        began = time.thread_time()
        try:
            kind_of(file[1])
        except UnreadableError:
            pass
        except Exception as error:  # what the form would answer with a 500
            outcome.answer = f"crash while sniffing: {type(error).__name__}: {error}"
        outcome.sniffed = time.thread_time() - began
        try:
            reading = read_file(file[1])
            outcome.answer, outcome.text = outcome.answer or "read", reading.text
            assert isinstance(reading, Reading)
            reading.text.encode()
        except UnreadableError as error:
            outcome.answer = outcome.answer or error.failure.value
        except ReaderCrashedError as error:
            outcome.answer = f"crash: {error}"
        except Exception as error:
            outcome.answer = f"crash: {type(error).__name__}: {error}"
        return outcome


@contextmanager
def listener() -> Iterator[list[object]]:
    """Whoever follows an address of the corpus is noted here."""
    calls: list[object] = []
    with socket.create_server(("127.0.0.1", urlsplit(CALLED).port or 0)) as server:
        server.settimeout(0.2)
        ended = threading.Event()

        def wait() -> None:
            while not ended.is_set():
                try:
                    calls.append(server.accept()[1])
                except TimeoutError:
                    continue

        thread = threading.Thread(target=wait)
        thread.start()
        yield calls
        ended.set()
        thread.join()


def strangers() -> set[Path]:
    """Files that a reader who was fooled would have left."""
    places = [Path("/tmp"), Path(configured.BASE_DIR), Path(configured.BASE_DIR).parent, Path("/")]
    return {path for place in places for path in place.glob("*escape*")}


def test_no_hostile_file_crashes_hangs_or_leaves_its_child(monkeypatch, figure, time_limit):
    import signal

    signal.alarm(SECONDS)
    measure, step = Measure(), max(1, ALL // WANTED)
    monkeypatch.setattr(subprocess, "run", measure)
    began, before = time.monotonic(), strangers()
    names: list[str] = []
    files = (file for number, file in enumerate(corpus(ALL)) if names.append(file[0]) or number % step == 0)
    with listener() as calls, ThreadPoolExecutor(2) as pool:
        outcomes: list[Outcome] = []
        while batch := list(islice(files, 16)):
            outcomes += pool.map(measure.read, batch)
    crashes = [f"{outcome.name}: {outcome.answer}" for outcome in outcomes if "crash" in outcome.answer]
    hangs = [outcome.name for outcome in outcomes if outcome.hung]
    escapes = [outcome.name for outcome in outcomes if "root:x:0" in outcome.text]
    escapes += [*map(str, calls), *map(str, strangers() - before)]
    slowest, largest = max(outcomes, key=lambda o: o.seconds), max(outcomes, key=lambda o: o.megabytes)
    sniffed = max(outcomes, key=lambda o: o.sniffed)
    figure(
        16,
        f"{len(outcomes)} hostile files in {time.monotonic() - began:.0f} s: {len(crashes)} crashes, "
        f"{len(hangs)} hangs, {len(escapes)} escapes; worst {slowest.seconds:.1f} s of processor "
        f"({slowest.name}), {largest.megabytes:.0f} MB "
        f"({largest.name}); worst {sniffed.sniffed:.2f} s in the web process ({sniffed.name})",
    )
    print(Counter(outcome.answer for outcome in outcomes))
    assert len(set(names)) == ALL
    assert not crashes, "\n".join(crashes)
    assert not hangs
    assert not escapes
    assert largest.megabytes <= configured.CV_READER_MEGABYTES
    assert sniffed.sniffed < SLOWEST_SNIFF, sniffed.name

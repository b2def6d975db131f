"""Text of uploaded files. Hostile files cost what they like: so each is parsed in a child process with limits.

Django is imported inside the functions, because the child imports this package too.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

from students.reading.failures import Failure, ReaderCrashedError, Reading, UnreadableError

__all__ = ["Failure", "ReaderCrashedError", "Reading", "UnreadableError", "read_file"]

FAULTS_OF_THE_FILE = {
    -signal.SIGXCPU: Failure.TOO_SLOW,
    -signal.SIGSEGV: Failure.DAMAGED,
    -signal.SIGABRT: Failure.DAMAGED,
    -signal.SIGBUS: Failure.DAMAGED,
}


def read_file(source: Path | bytes) -> Reading:
    """Text and pages of a file; UnreadableError where the file is at fault, ReaderCrashedError where perhaps not."""
    from django.conf import settings

    data = source if isinstance(source, bytes) else source.read_bytes()
    command = [sys.executable, "-X", "utf8", "-m", "students.reading.child"]
    command += [str(settings.CV_READER_MEGABYTES), str(settings.CV_READER_SECONDS)]
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter, our own module, numbers
            command,
            input=data,
            capture_output=True,
            timeout=4 * settings.CV_READER_SECONDS,  # a child that sleeps or waits for its turn uses no CPU time
            cwd=settings.BASE_DIR,
            env={"PATH": os.environ.get("PATH", ""), "PYTHONDONTWRITEBYTECODE": "1", "OPENBLAS_NUM_THREADS": "1"},
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise UnreadableError(Failure.TOO_SLOW) from None
    if done.returncode in FAULTS_OF_THE_FILE:
        raise UnreadableError(FAULTS_OF_THE_FILE[done.returncode])
    if done.returncode:
        last = done.stderr.decode(errors="replace").strip().splitlines()[-1:]
        raise ReaderCrashedError(f"The reader of CVs ended with {done.returncode}: {''.join(last)}")
    try:
        told = json.loads(done.stdout)
    except ValueError:
        raise ReaderCrashedError("The reader of CVs ended without an answer") from None
    if "failure" in told:
        raise UnreadableError(Failure(told["failure"]))
    return Reading(text=told["text"], pages=told["pages"])

"""The child process: a file on standard input, its text or the reason of failure as JSON on standard output.

``python -m students.reading.child MEGABYTES SECONDS``. It imports no Django, opens no network and writes no
file; a file that eats memory or time costs this process only.
"""

from __future__ import annotations

import contextlib
import json
import logging
import resource
import sys

from students.reading.failures import Failure, UnreadableError


def limit(megabytes: int, seconds: int) -> None:
    """Limit this process's address space and CPU time; no files written, no core left."""
    limits = {
        resource.RLIMIT_AS: (megabytes * 1024 * 1024,) * 2,
        resource.RLIMIT_CPU: (seconds, seconds + 1),
        resource.RLIMIT_FSIZE: (0, 0),
        resource.RLIMIT_CORE: (0, 0),
    }
    for kind, values in limits.items():
        with contextlib.suppress(ValueError, OSError):  # a system that knows no such limit still has the clock's
            resource.setrlimit(kind, values)


def answer(data: bytes) -> dict[str, object]:
    """What is told to the parent: ``text`` and ``pages``, or ``failure``."""
    from students.reading.formats import read

    try:
        return dict(read(data)._asdict())
    except UnreadableError as error:
        return {"failure": error.failure.value}
    except MemoryError:
        return {"failure": Failure.TOO_LARGE.value}
    except RecursionError:
        return {"failure": Failure.DAMAGED.value}


def main() -> None:
    logging.disable(logging.CRITICAL)  # pypdf warns of every flaw it repairs
    limit(int(sys.argv[1]), int(sys.argv[2]))
    json.dump(answer(sys.stdin.buffer.read()), sys.stdout)


if __name__ == "__main__":
    main()

"""Run the suite on SQLite and, beside it, on PostgreSQL with Redis; services are throw-away and end with the run.

What is not installed is named, and what it would have tested is skipped for that reason.
"""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

OUTCOMES = re.compile(r"(\d+) (passed|failed|skipped|errors?|deselected|xfailed)")
FAILURE = re.compile(r"(FAILED|ERROR) \S")  # of the short summary; a log's level is padded
NOTHING_SELECTED = 5  # pytest's exit code; a mark may select something in one half only
#: Its data die with the run, so nothing need be safe on the disk; what tests roll back is swept soon: it slows others.
HASTY = "-o fsync=off -o synchronous_commit=off -o full_page_writes=off -o autovacuum_naptime=10s".split()
#: Bytecode is kept, whatever the machine says: the programs that tests start would compile ours each time.
SETTINGS = {
    "PYTHONDONTWRITEBYTECODE": "",
    "DEBUG": "false",
    "SITE_URL": "http://127.0.0.1:8000",
    "STUDENT_EMAIL_DOMAINS": "",
    "COLUMNS": "200",  # a failure's reason is told whole
}


def main(arguments: list[str]) -> int:
    """Run both halves, print one closing line, return 0 when nothing failed."""
    pytest = [sys.executable, "-m", "pytest", "-n", os.environ.get("PYTEST_WORKERS", "2"), "--dist", "loadgroup"]
    postgresql = shutil.which("pg_virtualenv")
    program = shutil.which("redis-server")
    # What only the other half can show is left to it; without it, pytest names what is skipped and why.
    later = [mark for mark, found in (("postgresql", postgresql), ("services", postgresql and program)) if found]
    rest = ["-m", " and ".join(f"not {mark}" for mark in later)] if later else []
    with redis(program if postgresql else None) as redis_url, tempfile.TemporaryFile("w+") as beside:
        other = None
        if postgresql:
            inner = 'DATABASE_URL="postgres://$PGUSER:$PGPASSWORD@$PGHOST:$PGPORT/postgres" exec "$@"'
            start = [postgresql, *HASTY, "sh", "-c", inner, "sh"]
            command = [*start, *pytest, "-m", "not embedded and not browser and not once", *arguments]
            other = run(command, {"TEST_REDIS_URL": redis_url} if redis_url else {}, beside)
        print("== SQLite", flush=True)
        halves = [told(run([*pytest, *rest, *arguments], {}, subprocess.PIPE))]
        if other is None:
            print("== PostgreSQL: not installed (Debian: postgresql postgresql-common); the suite ran on SQLite alone.")
        else:
            print(f"== PostgreSQL, {'Redis' if redis_url else 'no Redis (Debian: redis-server)'}", flush=True)
            other.wait()
            beside.seek(0)
            halves.append(told(other, beside))
    total = sum((counts for _code, counts, _failures in halves), Counter[str]())
    codes = {code for code, _counts, _failures in halves}
    failed = total["failed"] + total["error"] + total["errors"]
    print(*(failure for _code, _counts, failures in halves for failure in failures), sep="\n")
    print(f"{total['passed']} passed, {failed} failed, {total['skipped']} skipped")
    return int(bool(failed or codes - {0, NOTHING_SELECTED} or codes == {NOTHING_SELECTED}))


def run(command: list[str], extra: dict[str, str], output: IO[str] | int) -> subprocess.Popen[str]:
    """Start one half."""
    environment = os.environ | SETTINGS | extra
    return subprocess.Popen(command, env=environment, stdout=output, stderr=subprocess.STDOUT, text=True)


def told(process: subprocess.Popen[str], output: IO[str] | None = None) -> tuple[int, Counter[str], list[str]]:
    """Pass the output of a half through until it ends; its exit code, pytest's counts and what failed."""
    last, failures = "", []
    for line in output or process.stdout or ():
        sys.stdout.write(line)
        sys.stdout.flush()
        if OUTCOMES.search(line):
            last = line
        if FAILURE.match(line):
            failures.append(line.rstrip())
    return process.wait(), Counter({outcome: int(number) for number, outcome in OUTCOMES.findall(last)}), failures


@contextmanager
def redis(program: str | None) -> Iterator[str]:
    """A Redis of our own on a free port of loopback; empty where Redis is not installed."""
    if program is None:
        yield ""
        return
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--daemonize", "no"],
        stdout=subprocess.DEVNULL,
    )
    try:
        for _ in range(100):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        yield f"redis://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(10)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Run the suite on SQLite, then on PostgreSQL with Redis; services are throw-away and end with the run.

What is not installed is named, and what it would have tested is skipped for that reason.
"""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

OUTCOMES = re.compile(r"(\d+) (passed|failed|skipped|errors?|deselected|xfailed)")
NOTHING_SELECTED = 5  # pytest's exit code; a mark may select something in one half only
#: Its data die with the run, so nothing need be safe on the disk.
HASTY = [part for name in ("fsync", "synchronous_commit", "full_page_writes") for part in ("-o", f"{name}=off")]
#: Bytecode is kept, whatever the machine says: the programs that tests start would compile ours each time.
SETTINGS = {
    "PYTHONDONTWRITEBYTECODE": "",
    "DEBUG": "false",
    "SITE_URL": "http://127.0.0.1:8000",
    "STUDENT_EMAIL_DOMAINS": "",
}


def main(arguments: list[str]) -> int:
    """Run both halves, print one closing line, return 0 when nothing failed."""
    workers = ["-n", os.environ.get("PYTEST_WORKERS", "2"), "--dist", "loadgroup"]
    total: Counter[str] = Counter()
    postgresql = shutil.which("pg_virtualenv")
    program = shutil.which("redis-server")
    # What only the other half can show is left to it; without it, pytest names what is skipped and why.
    later = [mark for mark, found in (("postgresql", postgresql), ("services", postgresql and program)) if found]
    rest = ["-m", " and ".join(f"not {mark}" for mark in later)] if later else []
    print("== SQLite", flush=True)
    code = run([sys.executable, "-m", "pytest", *workers, *rest, *arguments], SETTINGS, total)
    if postgresql is None:
        print("== PostgreSQL: not installed (Debian: postgresql postgresql-common); the suite ran on SQLite alone.")
    else:
        workers += ["-m", "not embedded and not browser and not once"]
        with redis(program) as redis_url:
            print(f"== PostgreSQL, {'Redis' if redis_url else 'no Redis (Debian: redis-server)'}", flush=True)
            inner = 'DATABASE_URL="postgres://$PGUSER:$PGPASSWORD@$PGHOST:$PGPORT/postgres" exec "$@"'
            start = [postgresql, *HASTY, "sh", "-c", inner, "sh"]
            command = [*start, sys.executable, "-m", "pytest", *workers, *arguments]
            extra = {"TEST_REDIS_URL": redis_url} if redis_url else {}
            code = max(code % NOTHING_SELECTED, run(command, SETTINGS | extra, total))
    failed = total["failed"] + total["error"] + total["errors"]
    print(f"\n{total['passed']} passed, {failed} failed, {total['skipped']} skipped")
    return int(bool(failed)) or (code if code != NOTHING_SELECTED else 0)


def run(command: list[str], extra: dict[str, str], total: Counter[str]) -> int:
    """Run pytest with its output passed through, and add its counts to ``total``."""
    process = subprocess.Popen(
        command, env=os.environ | extra, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    assert process.stdout is not None
    last = ""
    for line in process.stdout:
        sys.stdout.write(line)
        sys.stdout.flush()
        if OUTCOMES.search(line):
            last = line
    for number, outcome in OUTCOMES.findall(last):
        total[outcome] += int(number)
    return process.wait()


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

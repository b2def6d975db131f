"""`python -m benchmarks [desk|full] [names ...]`: every benchmark, each result one JSON line on standard output.

PostgreSQL is started for the occasion by `pg_virtualenv` (Debian: postgresql-common) and ends with it.
"""

from __future__ import annotations

import importlib
import os
import shutil
import sys
import tempfile

NAMES = ["reading", "peers", "recall", "memory", "full_run", "incremental", "pages", "connections"]
ALONE = ["admin_lists"]  # fills every table, so it has a database to itself
INNER = 'export DATABASE_URL="postgres://$PGUSER:$PGPASSWORD@$PGHOST:$PGPORT/postgres"; exec "$@"'


def main(arguments: list[str]) -> None:
    size, names = (arguments or ["desk"])[0], arguments[1:] or NAMES
    if size not in ("desk", "full"):
        sys.exit(f"The size is desk or full, not {size!r}.")
    if unknown := [name for name in names if name not in NAMES + ALONE]:
        sys.exit(f"There is no benchmark {', '.join(unknown)}; there are {', '.join(NAMES + ALONE)}.")
    if "BENCHMARK_FOLDER" not in os.environ:
        start_services(arguments)
    import django

    django.setup()
    for name in names:
        importlib.import_module(f"benchmarks.{name}").run(size)


def start_services(arguments: list[str]) -> None:
    """Run this program again inside a PostgreSQL of its own, with a data folder of its own."""
    program = shutil.which("pg_virtualenv")
    if program is None:
        sys.exit("The benchmarks need PostgreSQL and pg_virtualenv (Debian: postgresql postgresql-common).")
    with tempfile.TemporaryDirectory(prefix="moirai-bench-") as folder:
        environment = os.environ | {
            "BENCHMARK_FOLDER": folder, "DATA_DIR": folder, "DEBUG": "false", "LOG_LEVEL": "WARNING",
            "DJANGO_SETTINGS_MODULE": "moirai.settings",
            "SECRET_KEY": os.environ.get("SECRET_KEY", "for benchmarks alone"),
        }  # fmt: skip
        inner = [sys.executable, "-m", "benchmarks", *arguments]
        tuned = ["-o", "shared_buffers=512MB", "-o", "max_wal_size=8GB", "-o", "checkpoint_timeout=30min"]
        sys.exit(os.spawnvpe(os.P_WAIT, program, [program, "-t", *tuned, "sh", "-c", INNER, "sh", *inner], environment))


main(sys.argv[1:])

"""What must hold before the site starts; whatever does not is one sentence that says what to do.

Asked by the web server's parent, worker, beat, `manage.py run` and `manage.py check_start`, never by a process that
takes another's place later: while machines are upgraded one by one, old ones go on beside a newer database.
"""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import redis
from celery.signals import beat_init, worker_init
from django.conf import settings
from django.core import checks
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Max

from moirai.crypto.known import refuse_wrong_keys
from moirai.health import newer_migrations
from moirai.metrics import prepare_folder

ENOUGH_BYTES = 64 * 1024 * 1024
CLOCK_OFF = timedelta(minutes=5)
UNFINISHED = "restore-unfinished"  # a file in DATA_DIR while a restore is under way


def refusals(*, at: float) -> Iterator[str]:
    """A sentence for each thing that is wrong; what rests on a part that is away is not asked."""
    yield from disk()
    if sentence := database():
        yield sentence
    else:
        yield from newer()
        yield from clock(at=at)
        try:
            refuse_wrong_keys()
        except ImproperlyConfigured as error:
            yield str(error)
    yield from services()


def disk() -> Iterator[str]:
    folder = Path(settings.DATA_DIR)
    try:
        with tempfile.TemporaryFile(dir=folder):
            free = shutil.disk_usage(folder).free
    except OSError as error:
        yield f"DATA_DIR ({folder}) cannot be written ({error.strerror}): free space or give it to whoever runs this."
        return
    if free < ENOUGH_BYTES:
        yield f"The disk of DATA_DIR ({folder}) is full: {free // 2**20} MB are left, 64 are needed; free some space."
    if (folder / UNFINISHED).exists():
        yield (
            "A restore was not finished, so what is stored is half of a back-up: run `manage.py restore` again with "
            f"--force (or delete {folder / UNFINISHED} if you have put things right by hand)."
        )


def database() -> str:
    """Empty if it answers."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM sqlite_master" if connection.vendor == "sqlite" else "SELECT 1")
    except (DatabaseError, OSError) as error:
        own = connection.settings_dict
        place = f"{own['HOST']}:{own['PORT'] or 5432}/{own['NAME']}" if own["HOST"] else own["NAME"]
        why = (str(error).strip().splitlines() or [type(error).__name__])[-1].strip().rstrip(".")
        return f"The database of DATABASE_URL ({place}) cannot be used: {why}. Correct the address or start it."
    return ""


def newer() -> Iterator[str]:
    if names := sorted(f"{app}.{name}" for app, name in newer_migrations()):
        more = f" and {len(names) - 1} more" if len(names) > 1 else ""
        yield f"The database is of a newer release (it has {names[0]}{more}): start that release, or restore a back-up."


def clock(*, at: float) -> Iterator[str]:
    """Against the clock of PostgreSQL; and no migration may have been applied in the future."""
    ahead = newest_migration() - at
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT extract(epoch FROM clock_timestamp())")
            off = float(cursor.fetchone()[0]) - at
        ahead = off if off < 0 else max(off, ahead)
    elif ahead < 0:
        return
    if abs(ahead) > CLOCK_OFF.total_seconds():
        way = "behind" if ahead > 0 else "ahead of"
        hours = f"{abs(ahead) / 3600:.1f} hours"
        yield f"The clock of this machine is {hours} {way} the database's: set it (timedatectl set-ntp true)."


def newest_migration() -> float:
    recorder = MigrationRecorder(connection)
    newest = recorder.migration_qs.aggregate(at=Max("applied"))["at"] if recorder.has_table() else None
    return newest.timestamp() if newest else 0.0


def services() -> Iterator[str]:
    cache = settings.CACHES["default"].get("LOCATION", "")
    for setting, url in {"CELERY_BROKER_URL": settings.CELERY_BROKER_URL, "CACHE_URL": cache}.items():
        if not isinstance(url, str) or not url.startswith(("redis://", "rediss://", "unix://")):
            continue
        try:
            with redis.Redis.from_url(url, socket_connect_timeout=3, socket_timeout=3) as client:
                client.set("moirai-may-start", "1", ex=10)
        except redis.RedisError as error:
            if "OOM" in str(error) or "maxmemory" in str(error):
                yield f"The Redis of {setting} has no memory left: raise its maxmemory or free some, and start again."
            else:
                yield f"The Redis of {setting} cannot be used ({type(error).__name__}): start it or correct {setting}."


def refuse_to_start(stop: Callable[[str], BaseException] = ImproperlyConfigured) -> None:
    """Raise ``stop`` with the sentences, if there are any."""
    if sentences := list(refusals(at=time.time())):
        raise stop("\n".join(sentences))


@worker_init.connect
@beat_init.connect
def start_celery(**_: Any) -> None:
    refuse_to_start(stop=SystemExit)  # any other exception would only be logged
    prepare_folder()
    if not connection.in_atomic_block:
        connection.close()  # processes that fork from this one must not share it


@checks.register(checks.Tags.database)
def check_newer(app_configs: Any = None, databases: Sequence[str] | None = None, **_: Any) -> list[checks.CheckMessage]:
    """What `migrate` says before it touches a database of a newer release."""
    if not databases:
        return []
    try:
        return [checks.Error(sentence, id="moirai.E003") for sentence in newer()]
    except DatabaseError:  # an unreachable database is reported by whatever needs it
        return []

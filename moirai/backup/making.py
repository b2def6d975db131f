"""Make a back-up: a folder that appears under its name when it is whole, and not before."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import time
from base64 import urlsafe_b64encode
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

import moirai
from moirai.backup import erased, postgresql, sqlite
from moirai.crypto.models import KnownKey

MANIFEST = "manifest.json"
PREFIX, PART = "moirai-", ".part-"
DONE = "backed-up"  # a file in DATA_DIR, touched when a back-up is whole
FORGOTTEN_AFTER = 24 * 3600  # seconds after which what a killed back-up left behind is taken away


def engine() -> Any:
    return postgresql if connection.vendor == "postgresql" else sqlite


def make_backup(*, into: Path, now: datetime) -> Path:
    """Database first, files after: a file that no row names does no harm."""
    into.mkdir(parents=True, exist_ok=True, mode=0o700)
    place = into / f"{PREFIX}{now.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    if place.exists():
        raise FileExistsError(f"{place} exists already")
    part = into / f"{PART}{place.name}-{os.getpid()}"
    try:
        (part / "database").mkdir(parents=True, mode=0o700)
        tables = engine().dump(part / "database")
        _copy_media(part / "media")
        _write_manifest(part, tables=tables, now=now)
        os.rename(part, place)
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise
    erased.write(into / erased.NAME, erased.read(into / erased.NAME) | erased.known_here())
    (Path(settings.DATA_DIR) / DONE).touch()
    return place


def backed_up_at() -> float:
    """When the last back-up of this installation ended; 0 if there was none."""
    mark = Path(settings.DATA_DIR) / DONE
    return mark.stat().st_mtime if mark.exists() else 0.0


def _copy_media(into: Path) -> None:
    into.mkdir()
    source = Path(default_storage.path(""))
    for path in sorted(source.rglob("*")):
        if path.is_file():
            target = into / path.relative_to(source)
            target.parent.mkdir(parents=True, exist_ok=True)
            with suppress(FileNotFoundError):  # erased meanwhile
                shutil.copyfile(path, target)


def _write_manifest(folder: Path, *, tables: dict[str, Any], now: datetime) -> None:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    recorder = MigrationRecorder(connection)
    content = {
        "format": 1,
        "made_at": now.isoformat(),
        "version": moirai.__version__,
        "vendor": connection.vendor,
        "migrations": sorted(map(list, recorder.applied_migrations())),
        "keys": {use: sorted(_fingerprints(use)) for use in KnownKey.Use.values},
        "tables": tables,
        "files": {str(path.relative_to(folder)): {"sha256": sha256(path)} for path in files},
    }
    text = json.dumps(content, indent=1)
    whole = json.dumps({"sha256": hashlib.sha256(text.encode()).hexdigest(), "content": text})
    (folder / MANIFEST).write_text(whole, encoding="utf-8")
    for path in [*files, folder / MANIFEST]:  # on the disk before the name says that it is whole
        with path.open("rb") as file:
            os.fsync(file.fileno())


def _fingerprints(use: str) -> list[str]:
    return list(KnownKey.objects.filter(use=use).values_list("fingerprint", flat=True))


def sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_keys(path: Path) -> None:
    """What reads the back-up, to a new file of its own."""
    lines = {
        "SECRET_KEY": settings.SECRET_KEY,
        "ENCRYPTION_KEYS": ",".join(map(_encoded, settings.ENCRYPTION_KEYS)),
        "LOOKUP_KEY": ",".join(map(_encoded, settings.LOOKUP_KEYS)),
    }
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.writelines(f"{name}={value}\n" for name, value in lines.items())


def _encoded(key: bytes) -> str:
    return urlsafe_b64encode(key).decode()


def finished(folder: Path) -> list[Path]:
    """Back-ups that are whole, oldest first."""
    return sorted(path for path in folder.glob(f"{PREFIX}*") if (path / MANIFEST).exists())


def keep_newest(folder: Path, *, count: int) -> list[Path]:
    """Take away all but the newest, and what was left half-made a day ago."""
    gone = finished(folder)[:-count]
    left = [path for path in folder.glob(f"{PART}*") if time.time() - path.stat().st_mtime > FORGOTTEN_AFTER]
    for path in [*gone, *left]:
        shutil.rmtree(path)
    return gone

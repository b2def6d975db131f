"""Put a back-up in place of what is there, and erase again whom it brought back."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder

from moirai.accounts.audit import record
from moirai.accounts.models import AuditEvent, User
from moirai.backup import erased
from moirai.backup.making import MANIFEST, engine, sha256
from moirai.crypto.keys import destroy
from moirai.crypto.known import forget_accepted
from moirai.crypto.models import KnownKey, PersonKey
from moirai.crypto.ring import fingerprint
from moirai.health import migrations_of_code, missing_migrations
from moirai.privacy.erasure import forget, scrub
from moirai.privacy.registry import holdings, subject_of
from moirai.starting import UNFINISHED

State = set[tuple[str, str]]


class RefusedError(Exception):
    """A sentence that says why this back-up cannot be restored here."""


def read_manifest(folder: Path) -> dict[str, Any]:
    """What the back-up says of itself, once every file of it is what it was."""
    try:
        whole = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        text: str = whole["content"]
        if hashlib.sha256(text.encode()).hexdigest() != whole["sha256"]:
            raise ValueError
        content: dict[str, Any] = json.loads(text)
    except (OSError, ValueError, KeyError, TypeError):
        raise RefusedError(f"{folder} is not a whole back-up: its {MANIFEST} is missing or damaged.") from None
    for name, about in content["files"].items():
        if not (folder / name).is_file():
            raise RefusedError(f"{folder} is not a whole back-up: {name} is missing.")
        if sha256(folder / name) != about["sha256"]:
            raise RefusedError(f"{folder} is damaged: {name} is not what was written. Take another back-up.")
    return content


def refuse_unfit(content: dict[str, Any], *, force: bool) -> None:
    """Raise before anything is touched."""
    state = recorded_state(content)
    if content["vendor"] != connection.vendor:
        raise RefusedError(f"This back-up is of {content['vendor']} and DATABASE_URL names {connection.vendor}.")
    apps = {app for app, _ in migrations_of_code()}
    if newer := sorted(key for key in state - migrations_of_code() if key[0] in apps):
        raise RefusedError(f"This back-up is of a newer release (it has {'.'.join(newer[0])}): install that one.")
    ring = set(map(fingerprint, settings.ENCRYPTION_KEYS))
    if lacks := set(content["keys"][KnownKey.Use.RING]) - ring:
        raise RefusedError(f"This back-up needs the key {', '.join(sorted(lacks))}: put it into ENCRYPTION_KEYS.")
    if set(content["keys"][KnownKey.Use.LOOKUP]) - set(map(fingerprint, settings.LOOKUP_KEYS)):
        raise RefusedError("This back-up was made with another LOOKUP_KEY: put that one back.")
    if not force and is_occupied():
        raise RefusedError("The database is not empty: use an empty one, or --force to lose what it holds.")
    if connection.vendor == "postgresql" and (more := _applied() - state) and state:
        raise RefusedError(
            f"The database is newer than the back-up (it has {'.'.join(min(more))}): "
            "empty it first (dropdb, createdb), then restore."
        )


def is_occupied() -> bool:
    """Whether anybody is in it."""
    if PersonKey._meta.db_table not in connection.introspection.table_names():
        return False
    return PersonKey.objects.exists() or User.objects.exists()


def restore(*, folder: Path, content: dict[str, Any], lists: Iterable[Path], now: datetime) -> int:
    """Everything as it was, then as it must be: gives how many people were erased again.

    Ended half way, the site refuses to start until it is done again.
    """
    ids = dict[str, str]()
    for path in [folder.parent / erased.NAME, *lists]:
        ids |= erased.read(path)
    ids |= erased.known_here() if is_occupied() else erased.read(Path(settings.DATA_DIR) / erased.NAME)
    mark = Path(settings.DATA_DIR) / UNFINISHED
    mark.touch()
    if connection.vendor == "postgresql":
        _migrate_to(recorded_state(content))
    engine().load(folder / "database", content["tables"])
    _compare(content["tables"])
    _put_media(folder / "media")
    if missing_migrations():
        call_command("migrate", verbosity=0)
    forget_accepted()
    Session.objects.all().delete()  # who signed out since is not signed in again
    count = erase_again(list(ids), now=now)
    erased.write(Path(settings.DATA_DIR) / erased.NAME, ids | erased.known_here())
    mark.unlink()
    return count


def recorded_state(content: dict[str, Any]) -> State:
    return {(app, name) for app, name in content["migrations"]}


def _applied() -> State:
    return set(MigrationRecorder(connection).applied_migrations())


def _migrate_to(state: State) -> None:
    """Bring an empty or older database to the tables of the back-up."""
    if state <= _applied():
        return
    executor = MigrationExecutor(connection)
    nodes = executor.loader.graph.node_map
    known = {key for key in state if key in nodes}
    inner = {key for key in known for child in nodes[key].children if child.key in known and child.key[0] == key[0]}
    executor.migrate(sorted(known - inner))


def _compare(tables: dict[str, Any]) -> None:
    now = engine().hashes(tables)
    wrong = [name for name, about in tables.items() if now[name] != {"rows": about["rows"], "sha256": about["sha256"]}]
    if wrong:
        raise RefusedError(f"What was restored is not what was saved: {', '.join(wrong)}. Take another back-up.")


def _put_media(source: Path) -> None:
    """The files change places in two renames, so that there is never half of them."""
    media = Path(default_storage.path(""))
    fresh, old = media.with_name("media.restored"), media.with_name("media.before")
    for path in (fresh, old):
        shutil.rmtree(path, ignore_errors=True)
    media.parent.mkdir(parents=True, exist_ok=True)
    shutil.copytree(source, fresh)
    if media.exists():
        media.rename(old)
    fresh.rename(media)
    shutil.rmtree(old, ignore_errors=True)


def erase_again(key_ids: list[str], *, now: datetime) -> int:
    """Whoever was erased after the back-up was made is erased from it too: rows, files and keys."""
    count = 0
    for start in range(0, len(key_ids), 500):
        some = key_ids[start : start + 500]
        back = PersonKey.objects.filter(pk__in=some).exclude(wrapped="").count()
        for user in User.objects.filter(key_id__in=some):
            with transaction.atomic():
                subject = subject_of(user)
                forget(user, now=now)
                record(action=AuditEvent.Action.ERASED, actor=None, subject=subject, at=now)
        with transaction.atomic():
            for holding in holdings():
                holding.erase_keys(some, now)
            destroy(some, now=now)
        count += back
    if count:
        scrub()
    return count

"""The whole SQLite database as one file, by its own back-up: beside readers and writers, all of one moment."""

from __future__ import annotations

import hashlib
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from django.db import connection

NAME = "database.sqlite3"


def dump(folder: Path) -> dict[str, Any]:
    """Write the file; gives count and hash of the rows of each table."""
    connection.ensure_connection()
    with closing(sqlite3.connect(folder / NAME)) as copy:
        connection.connection.backup(copy)
        return _hashes(copy)


def load(folder: Path, recorded: dict[str, Any]) -> None:
    """In place of all that the database holds."""
    connection.ensure_connection()
    with closing(sqlite3.connect(f"file:{folder / NAME}?mode=ro&immutable=1", uri=True)) as copy:
        copy.backup(connection.connection)


def hashes(recorded: dict[str, Any]) -> dict[str, Any]:
    connection.ensure_connection()
    return _hashes(connection.connection)


def _hashes(database: Any) -> dict[str, Any]:
    found = {}
    names = database.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").fetchall()
    for (table,) in names:
        columns = [row[1] for row in database.execute(f'PRAGMA table_info("{table}")')]
        quoted = ", ".join(
            f'quote("{column}")' for column in columns
        )  # as SQLite spells them, whatever the driver does
        digest, rows = hashlib.sha256(), 0
        for row in database.execute(f'SELECT {quoted} FROM "{table}" ORDER BY rowid'):  # noqa: S608 - our own names
            digest.update(repr(row).encode("utf-8", "surrogatepass"))
            rows += 1
        found[table] = {"rows": rows, "sha256": digest.hexdigest()}
    return found

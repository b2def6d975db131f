"""Tables of PostgreSQL as COPY writes them: one snapshot, no program besides the driver, any version of the server."""

from __future__ import annotations

import gzip
import hashlib
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.migrations.recorder import MigrationRecorder
from psycopg import sql

PLAIN = "SET LOCAL datestyle = 'ISO'; SET LOCAL timezone = 'UTC'; SET LOCAL extra_float_digits = 1"
COLUMNS = """
SELECT c.relname, a.attname, coalesce(array_position(i.indkey::int[], a.attnum::int) + 1, 0)
FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid LEFT JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary
WHERE c.oid = ANY(%s::regclass[]) AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
ORDER BY c.relname, a.attnum
"""


def dump(folder: Path) -> dict[str, Any]:
    """Write each table to a file; gives columns, count and hash of the rows of each."""
    found: dict[str, Any] = {}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute(PLAIN)
        cursor.execute(COLUMNS, [[f'"{table}"' for table in tables()]])
        for table, rows in groupby(cursor.fetchall(), key=itemgetter(0)):
            places = {name: place for _, name, place in rows}
            key = sorted((place, name) for name, place in places.items() if place)
            about = {"columns": [*places], "order": [name for _, name in key] or [*places]}
            with gzip.open(path_of(folder, table), "wb", compresslevel=1) as file:
                found[table] = {**about, **_copy(table, about, file)}
    return found


def load(folder: Path, recorded: dict[str, Any]) -> None:
    """All or nothing, in place of what the tables hold."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(PLAIN)
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        names = sql.SQL(", ").join(map(sql.Identifier, recorded))
        cursor.execute(sql.SQL("TRUNCATE {}").format(names))
        for table, about in recorded.items():
            with gzip.open(path_of(folder, table), "rb") as file, _raw().cursor() as raw:
                into = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table), _names(about["columns"]))
                with raw.copy(into) as copy:
                    while block := file.read(1 << 20):
                        copy.write(block)
        models = [model for model in apps.get_models(include_auto_created=True) if model._meta.managed]
        for statement in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(statement)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def hashes(recorded: dict[str, Any]) -> dict[str, Any]:
    """Count and hash of the rows of each table as they are now."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(PLAIN)
        return {table: _copy(table, about) for table, about in recorded.items()}


def tables() -> list[str]:
    """Those that models and migrations know; staging tables of a run under way are made again by the next."""
    known = connection.introspection.django_table_names(only_existing=True, include_views=False)
    existing = connection.introspection.table_names()
    return sorted({*known, *({MigrationRecorder.Migration._meta.db_table} & set(existing))})


def path_of(folder: Path, table: str) -> Path:
    return folder / f"{table}.copy.gz"


def _copy(table: str, about: dict[str, Any], file: Any = None) -> dict[str, Any]:
    names = _names(about["columns"]), sql.Identifier(table), _names(about["order"])
    query = sql.SQL("COPY (SELECT {} FROM {} ORDER BY {}) TO STDOUT").format(*names)
    digest, rows = hashlib.sha256(), 0
    with _raw().cursor() as raw, raw.copy(query) as copy:
        for block in copy:
            digest.update(block)
            rows += 1
            if file is not None:
                file.write(block)
    return {"rows": rows, "sha256": digest.hexdigest()}


def _names(columns: list[str]) -> sql.Composed:
    return sql.SQL(", ").join(map(sql.Identifier, columns))


def _raw() -> Any:
    """The driver's own connection: Django's cursors know no COPY."""
    connection.ensure_connection()
    return connection.connection

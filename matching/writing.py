"""Matches as arrays, to and from the database: COPY in binary on PostgreSQL, plain statements on SQLite."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import numpy as np
from django.db import connection

ROW = np.dtype(
    [
        ("student_id", "i8"),
        ("job_id", "i8"),
        ("score", "i2"),
        ("occupation_points", "i2"),
        ("requirement_points", "i2"),
        ("word_points", "i2"),
    ]
)
POINTS = ROW.names[2:] if ROW.names else ()
COLUMNS = [*(ROW.names or ()), "model_version", "first_seen_at", "computed_at"]
EPOCH = datetime(2000, 1, 1, tzinfo=UTC)  # PostgreSQL counts microseconds from here
SIGNATURE = b"PGCOPY\n\xff\r\n\0" + bytes(8)
TRAILER = b"\xff\xff"
ROWS_AT_ONCE = 50_000
SIZES = {"smallint": 2, "integer": 4, "bigint": 8, "timestamptz": 8}
SENT = {"smallint": "int2send", "integer": "int4send", "bigint": "int8send", "timestamptz": "timestamptz_send"}


def is_postgresql() -> bool:
    return bool(connection.vendor == "postgresql")


def microseconds(at: datetime) -> int:
    """Whole microseconds since 2000."""
    difference = at - EPOCH
    return (difference.days * 86_400 + difference.seconds) * 1_000_000 + difference.microseconds


def moment(value: int) -> datetime:
    """The inverse of :func:`microseconds`."""
    return datetime.fromtimestamp(EPOCH.timestamp() + value // 1_000_000, tz=UTC).replace(microsecond=value % 1_000_000)


def write(table: str, rows: np.ndarray, *, version: str, first_seen: np.ndarray, computed_at: datetime) -> int:
    """Append ``rows`` (of dtype ROW) to a table with the columns of matches.

    first_seen : (n,) microseconds since 2000
    """
    if is_postgresql():
        return copy_in(table, COLUMNS, _binary(rows, version, first_seen, microseconds(computed_at)))
    marks = ", ".join(["%s"] * len(COLUMNS))
    statement = f"INSERT OR REPLACE INTO {table} ({', '.join(COLUMNS)}) VALUES ({marks})"  # noqa: S608 - our own names
    with connection.cursor() as cursor:
        for start in range(0, len(rows), ROWS_AT_ONCE):
            block = rows[start : start + ROWS_AT_ONCE].tolist()
            seen = [str(moment(int(value)))[:-6] for value in first_seen[start : start + ROWS_AT_ONCE]]
            now = str(computed_at.astimezone(UTC))[:-6]
            cursor.executemany(statement, [(*row, version, at, now) for row, at in zip(block, seen, strict=True)])
    return len(rows)


def _binary(rows: np.ndarray, version: str, first_seen: np.ndarray, computed_at: int) -> Iterator[bytes]:
    text = version.encode()
    kinds = [">i8", ">i8", *[">i2"] * len(POINTS), f"S{len(text)}", ">i8", ">i8"]
    columns = [*(rows[name] for name in ROW.names or ()), text, first_seen, computed_at]
    return binary(kinds, columns, len(rows))


def binary(kinds: Sequence[str], columns: Sequence[Any], count: int | None = None) -> Iterator[bytes]:
    """Blocks of rows in PostgreSQL's binary format: a count of fields, then each field with its length.

    kinds : NumPy's big-endian types; columns : arrays (count,), or one value for all rows
    """
    block_type = _framed(kinds)
    count = len(columns[0]) if count is None else count
    for start in range(0, count, ROWS_AT_ONCE):
        block = _block(block_type, kinds, min(ROWS_AT_ONCE, count - start))
        for number, column in enumerate(columns):
            is_array = isinstance(column, np.ndarray)
            block[f"v{number}"] = column[start : start + ROWS_AT_ONCE] if is_array else column
        yield block.tobytes()


def _framed(kinds: Sequence[str]) -> np.dtype:
    fields: list[tuple[str, str]] = [("fields", ">i2")]
    for number, kind in enumerate(kinds):
        fields += [(f"l{number}", ">i4"), (f"v{number}", kind)]
    return np.dtype(fields)


def _block(block_type: np.dtype, kinds: Sequence[str], count: int) -> np.ndarray:
    block = np.empty(count, block_type)
    block["fields"] = len(kinds)
    for number, kind in enumerate(kinds):
        block[f"l{number}"] = np.dtype(kind).itemsize
    return block


def copy_in(table: str, columns: Sequence[str], blocks: Iterable[bytes]) -> int:
    """COPY ready-made binary blocks into a PostgreSQL table; returns how many rows it took."""
    statement = f"COPY {table} ({', '.join(columns)}) FROM STDIN (FORMAT BINARY)"
    with connection.cursor() as cursor:
        with cursor.copy(statement) as copy:
            copy.write(SIGNATURE)
            for block in blocks:
                copy.write(block)
            copy.write(TRAILER)
        return int(cursor.rowcount)


def read(query: str, parameters: Sequence[Any], kinds: Sequence[str]) -> list[np.ndarray]:
    """Columns of a query without NULLs as int64 arrays; ``kinds`` are PostgreSQL's types, a key of SIZES each.

    ``parameters`` are whole numbers or text of our own. Moments come as microseconds since 2000.
    """
    if is_postgresql():
        return _copy_out(query, parameters, kinds)
    with connection.cursor() as cursor:
        cursor.execute(query, list(parameters))
        rows = cursor.fetchall()
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(kinds)
    return [_from_sqlite(column, kind) for column, kind in zip(columns, kinds, strict=True)]


def _from_sqlite(column: Sequence[Any], kind: str) -> np.ndarray:
    if kind == "timestamptz":
        moments = [value if isinstance(value, datetime) else datetime.fromisoformat(value) for value in column]
        column = [microseconds(at if at.tzinfo else at.replace(tzinfo=UTC)) for at in moments]
    return np.array(column, np.int64)


def _copy_out(query: str, parameters: Sequence[Any], kinds: Sequence[str]) -> list[np.ndarray]:
    """Each column comes as one long value: a message for each row would take longer than the query."""
    chosen = ", ".join(f"string_agg({SENT[kind]}(c{number}::{kind}), ''::bytea)" for number, kind in enumerate(kinds))
    names = ", ".join(f"c{number}" for number in range(len(kinds)))
    statement = f"COPY (SELECT {chosen} FROM ({query}) AS q({names})) TO STDOUT (FORMAT BINARY)"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute("SET jit = off")  # compiling these takes longer than they do
        with cursor.copy(statement, list(parameters)) as copy:
            data = b"".join(bytes(part) for part in copy)
    place, columns = len(SIGNATURE) + 2, []  # two bytes say how many fields there are
    for kind in kinds:
        length = max(0, int.from_bytes(data[place : place + 4], "big", signed=True))  # -1 where there are no rows
        column = np.frombuffer(data, f">i{SIZES[kind]}", length // SIZES[kind], place + 4)
        columns.append(column.astype(np.int64))
        place += 4 + length
    return columns


def first_seen(rows: np.ndarray, *, first: int, last: int, otherwise: datetime) -> np.ndarray:
    """When each pair of ``rows`` was first stored, for pairs that are stored now; else ``otherwise``.

    The students of ``rows`` are those from ``first`` to ``last``. Returns microseconds since 2000, (n,).
    """
    query = "SELECT student_id, job_id, first_seen_at FROM matching_match WHERE student_id BETWEEN %s AND %s"
    students, jobs, seen = read(query, [first, last], ["bigint", "bigint", "timestamptz"])
    found = np.full(len(rows), microseconds(otherwise), np.int64)
    if not len(students):
        return found
    keys = students << 32 | jobs
    order = np.argsort(keys)
    wanted = rows["student_id"] << 32 | rows["job_id"]
    place = np.minimum(np.searchsorted(keys[order], wanted), len(keys) - 1)
    same = keys[order][place] == wanted
    found[same] = seen[order][place][same]
    return found

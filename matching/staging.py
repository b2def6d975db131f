"""Where the rows of a full run wait until all are there, and how they take the place of the old ones.

Each run has a table of its own with the columns of matches. On PostgreSQL a large run's table becomes the table of
matches: indices and constraints are built on it, then the two change names in a moment, and readers never wait for
more. A small run, and any run on SQLite, is merged row by row.
"""

from __future__ import annotations

import numpy as np
from django.db import IntegrityError, connection, transaction
from django.db.models import Sum

from matching import writing
from matching.models import MatchChunk, MatchRun

SWAP_FROM = 50_000  # rows from which a new table is cheaper than changing the old one
TABLE = "matching_match"
PREFIX = "matching_match_run_"
MATCHED = (  # the student of row s is there and wants matches, as ``StudentQuerySet.matchable`` says
    "SELECT 1 FROM students_student t WHERE t.id = s.student_id AND t.wants_matching AND t.restricted_since IS NULL"
)
LOCK_SECONDS = 30

# What was scored anew, alone, since the run was planned is newer than what the run found.
FRESH = (
    """
    SELECT student_id FROM matching_matchrun WHERE scope = 'student' AND status = 'done' AND id > {run}
""",
    """
    SELECT job_id FROM matching_matchrun WHERE scope = 'job' AND status = 'done' AND id > {run}
""",
)


def table_of(run: MatchRun) -> str:
    return f"{PREFIX}{int(run.pk)}"


def execute(*statements: str) -> int:
    """Carry out the statements; returns how many rows the last one changed."""
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
        return int(cursor.rowcount)


def create(run: MatchRun) -> None:
    """An empty table for a run; those of other runs, which nobody will finish, go."""
    drop_others(run)
    table = table_of(run)
    if writing.is_postgresql():
        execute(
            f"CREATE TABLE IF NOT EXISTS {table} (LIKE {TABLE} INCLUDING DEFAULTS INCLUDING IDENTITY"
            " INCLUDING CONSTRAINTS INCLUDING STORAGE)"
        )
        return
    execute(
        f"CREATE TABLE IF NOT EXISTS {table} AS SELECT {', '.join(writing.COLUMNS)} FROM {TABLE} WHERE 0",  # noqa: S608
        f"CREATE UNIQUE INDEX IF NOT EXISTS {table}_pair ON {table} (student_id, job_id)",
    )


def drop_others(run: MatchRun | None = None) -> None:
    """Remove the tables of all runs but this one."""
    names = [name for name in connection.introspection.table_names() if name.startswith(PREFIX)]
    for name in names:
        if run is None or name != table_of(run):
            execute(f'DROP TABLE IF EXISTS "{name}"')


def exists(run: MatchRun) -> bool:
    return table_of(run) in connection.introspection.table_names()


def store_chunk(chunk: MatchChunk, rows: np.ndarray, *, version: str) -> None:
    """Put a chunk's rows into the run's table in place of what an earlier attempt left; inside a transaction."""
    run = chunk.run
    if chunk.attempts > 1:
        execute(
            f"DELETE FROM {table_of(run)} WHERE student_id"  # noqa: S608 - numbers and our own names
            f" BETWEEN {int(chunk.first_student)} AND {int(chunk.last_student)}"
        )
    _write(run, rows, version=version, first=chunk.first_student, last=chunk.last_student)


def _write(run: MatchRun, rows: np.ndarray, *, version: str, first: int, last: int) -> None:
    at = run.started_at or run.created_at
    seen = writing.first_seen(rows, first=first, last=last, otherwise=at)
    writing.write(table_of(run), rows, version=version, first_seen=seen, computed_at=at)


def merge(run: MatchRun, extra: np.ndarray, *, version: str) -> int:
    """Let the run's rows and ``extra`` take the place of all matches but fresh ones; returns how many are stored."""
    if len(extra):
        order = extra["student_id"]
        _write(run, extra, version=version, first=int(order.min()), last=int(order.max()))
    count = (run.chunks.aggregate(stored=Sum("matches"))["stored"] or 0) + len(extra)
    if writing.is_postgresql() and count >= SWAP_FROM and not _is_referred_to():
        return _swap(run, count)
    _merge_rows(run)
    execute(f"DROP TABLE {table_of(run)}")
    return count


def _merge_rows(run: MatchRun) -> None:
    """Upsert, then delete what the run did not find; students and postings that went meanwhile are left out."""
    table, columns = table_of(run), ", ".join(writing.COLUMNS)
    students, jobs = (query.format(run=int(run.pk)) for query in FRESH)
    changed = ", ".join(f"{name} = excluded.{name}" for name in writing.COLUMNS[2:] if name != "first_seen_at")
    execute(
        f"INSERT INTO {TABLE} ({columns}) SELECT {columns} FROM {table} s WHERE student_id NOT IN ({students})"  # noqa: S608
        f" AND job_id NOT IN ({jobs}) AND EXISTS (SELECT 1 FROM jobs_job j WHERE j.id = s.job_id) AND EXISTS"
        f" ({MATCHED})"
        f" ON CONFLICT (student_id, job_id) DO UPDATE SET {changed}",
        f"DELETE FROM {TABLE} WHERE student_id NOT IN ({students}) AND job_id NOT IN ({jobs}) AND NOT EXISTS"  # noqa: S608
        f" (SELECT 1 FROM {table} s WHERE s.student_id = {TABLE}.student_id AND s.job_id = {TABLE}.job_id)",
    )


def _is_referred_to() -> bool:
    """Whether another table has a foreign key to matches, which a change of tables would break."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_constraint WHERE contype = 'f' AND confrelid = %s::regclass", [TABLE])
        return cursor.fetchone() is not None


def _swap(run: MatchRun, count: int) -> int:
    """Make the run's table the table of matches. Writers of matches wait; readers do until the names have changed.

    Returns how many there are, given how many the run's table has.
    """
    table = table_of(run)
    students, jobs = (query.format(run=int(run.pk)) for query in FRESH)
    columns = ", ".join(writing.COLUMNS)
    is_fresh = f"(student_id IN ({students}) OR job_id IN ({jobs}))"
    execute(
        f"SET LOCAL lock_timeout = '{LOCK_SECONDS}s'",
        "SET LOCAL maintenance_work_mem = '512MB'",
        f"LOCK TABLE {TABLE} IN SHARE ROW EXCLUSIVE MODE",
    )
    count -= execute(
        f"DELETE FROM {table} s WHERE {is_fresh} OR NOT EXISTS (SELECT 1 FROM jobs_job j WHERE j.id = s.job_id) OR"  # noqa: S608
        f" NOT EXISTS ({MATCHED})",
    )
    count += execute(
        f"INSERT INTO {table} ({columns}) SELECT {columns} FROM {TABLE} WHERE {is_fresh}",  # noqa: S608
    )
    _build_indices(table)
    indices = _indices(TABLE)
    execute(
        f"LOCK TABLE {TABLE} IN ACCESS EXCLUSIVE MODE",
        *(f"ALTER TABLE {table} ADD CONSTRAINT {name} {rule} NOT VALID" for name, rule in _foreign_keys()),
        f"DROP TABLE {TABLE}",
        f"ALTER TABLE {table} RENAME TO {TABLE}",
        *(f'ALTER INDEX "{name}_next" RENAME TO "{name}"' for name, _definition, _constraint in indices),
        f"ALTER SEQUENCE {table}_id_seq RENAME TO {TABLE}_id_seq",
        f"ANALYZE {TABLE}",
    )
    return count


def _build_indices(table: str) -> None:
    """All indices of matches on ``table``, under names of their own for now."""
    for name, definition, constraint in _indices(TABLE):
        head, tail = definition.split(" USING ", 1)
        unique = "UNIQUE " if "UNIQUE" in head else ""
        execute(f'CREATE {unique}INDEX "{name}_next" ON {table} USING {tail}')
        if constraint:
            kind = "PRIMARY KEY" if constraint == "p" else "UNIQUE"
            execute(f'ALTER TABLE {table} ADD CONSTRAINT "{name}_next" {kind} USING INDEX "{name}_next"')


def _indices(table: str) -> list[tuple[str, str, str]]:
    """Name, definition, and the kind of constraint behind it ('p', 'u' or none) of each index."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, pg_get_indexdef(i.indexrelid), coalesce(k.contype::text, '') FROM pg_index i"
            " JOIN pg_class c ON c.oid = i.indexrelid LEFT JOIN pg_constraint k ON k.conindid = i.indexrelid"
            " AND k.conrelid = i.indrelid WHERE i.indrelid = %s::regclass ORDER BY 1",
            [table],
        )
        return [(str(name), str(definition), str(kind)) for name, definition, kind in cursor.fetchall()]


def _foreign_keys() -> list[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint"
            " WHERE contype = 'f' AND conrelid = %s::regclass",
            [TABLE],
        )
        rules = [(str(name), str(rule)) for name, rule in cursor.fetchall()]
    return [(f'"{name}"', rule.replace(" NOT VALID", "")) for name, rule in rules]


def validate() -> None:
    """Check the foreign keys of a table that was swapped in, without keeping anybody from writing."""
    if not writing.is_postgresql():
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname FROM pg_constraint WHERE contype = 'f' AND NOT convalidated AND conrelid = %s::regclass",
            [TABLE],
        )
        names = [str(name) for (name,) in cursor.fetchall()]
    for name in names:
        rule = f'ALTER TABLE {TABLE} VALIDATE CONSTRAINT "{name}"'
        try:
            with transaction.atomic():
                execute(rule)
        except IntegrityError:  # a student or posting went while the tables changed places
            with transaction.atomic():
                execute(
                    f"DELETE FROM {TABLE} m WHERE NOT EXISTS (SELECT 1 FROM students_student s"  # noqa: S608
                    " WHERE s.id = m.student_id) OR NOT EXISTS (SELECT 1 FROM jobs_job j WHERE j.id = m.job_id)",
                    rule,
                )

"""An import of a whole university: ``python -m benchmarks.cohort [--people 100000]``, one JSON line at the end.

On the database of ``DATABASE_URL``, in tables that must be empty: it checks, stores and undoes a file, and compares the
hash of all students before and after. Some of the people are known already and change, and some rows are broken: they
are written to the file of errors. A copy with a quote that never closes is refused, and leaves nothing behind.

    pg_virtualenv -t sh -c 'export DATABASE_URL=postgres://$PGUSER:$PGPASSWORD@$PGHOST:$PGPORT/postgres;
        export DEBUG=false; python manage.py migrate -v 0 && python -m benchmarks.cohort'
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import resource
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

KNOWN, BROKEN = 10, 100  # one row in so many
NOW = datetime(2026, 11, 23, tzinfo=UTC)


def lines(people: int) -> Iterator[str]:
    yield "Matrícula,Nombre,Correo,Carrera,Semestre,Ciudad\n"
    for number in range(people):
        semester = "x" if number % BROKEN == 7 else str(number % 9 + 1)
        yield f"M{number:07},Persona {number},p{number}@uni.example,Carrera {number % 40},{semester},Puebla\n"


def all_hash() -> str:
    from students.cohort_judge import hash_of
    from students.models import Student

    found = hashlib.sha256()
    for student in Student.objects.order_by("pk").iterator(chunk_size=2000):
        found.update(hash_of(student).encode())
    return found.hexdigest()


def known(people: int) -> None:
    from django.db import transaction

    from moirai.crypto.keys import keys_at_hand
    from students.models import Student

    numbers = range(0, people, KNOWN)
    for start in range(0, len(numbers), 1000):
        rows = [
            Student(student_number=f"M{n:07}", enrolled_name=f"Persona {n}", degree_program="Otra")
            for n in numbers[start : start + 1000]
        ]
        with transaction.atomic(), keys_at_hand(row.key_id for row in rows):
            Student.objects.bulk_create(rows)


def peak() -> float:
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1)


def measure(people: int) -> dict[str, Any]:
    from django.core.files.base import ContentFile

    from students.cohort import check_cohort, store_cohort, undo_cohort, upload_cohort
    from students.cohort_report import refused_rows
    from students.cohort_work import work
    from students.models import Student

    if Student.objects.exists():
        raise SystemExit("There are students in this database; the benchmark wants it empty.")
    known(people)
    before, found = all_hash(), {"people": people, "mb_before": peak()}
    cohort = upload_cohort(file=ContentFile("".join(lines(people)).encode()), name="b.csv", by=None, now=NOW)
    for name, step in (("check", check_cohort), ("store", store_cohort), ("undo", undo_cohort)):
        started = time.perf_counter()
        words: dict[str, Any] = {"mapping": cohort.mapping} if name == "check" else {}
        step(cohort=cohort, now=NOW, **words)
        work(cohort_id=cohort.pk, now=NOW)
        cohort.refresh_from_db()
        found |= {f"{name}_seconds": round(time.perf_counter() - started, 1), f"{name}_peak_mb": peak()}
        if name == "check":
            found |= {"error_file_rows": sum(1 for _ in refused_rows(cohort)), "damaged": damaged(people)}
    return found | {"counts": cohort.counts, "as_before": all_hash() == before, "left": Student.objects.count()}


def damaged(people: int) -> str:
    """What is said of a copy that broke in its middle, and how many of its rows stayed."""
    from django.core.files.base import ContentFile

    from students.cohort import check_cohort, upload_cohort
    from students.cohort_work import work

    text = list(lines(people))
    text[people // 2] = text[people // 2].replace("Persona", '"Persona')
    cohort = upload_cohort(file=ContentFile("".join(text).encode()), name="d.csv", by=None, now=NOW)
    check_cohort(cohort=cohort, mapping=cohort.mapping, now=NOW)
    work(cohort_id=cohort.pk, now=NOW)
    cohort.refresh_from_db()
    return f"{cohort.status}: {cohort.problem} on line {cohort.problem_line}, {cohort.rows.count()} rows kept"


def main() -> None:
    import django

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=100_000)
    people = parser.parse_args().people
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "moirai.settings")
    os.environ.setdefault("DEBUG", "false")  # with DEBUG, Django keeps the last 9000 queries in memory
    django.setup()
    print(json.dumps(measure(people)))


if __name__ == "__main__":
    main()

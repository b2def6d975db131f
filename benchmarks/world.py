"""A database of its own filled with students and postings for one benchmark after the other.

A few hundred texts of `seed_demo` are read and encoded as in production; the rest are variants of their encoded rows
(see `variants`), stored where encoded rows are kept. The texts themselves are not multiplied: no run reads them again.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from datetime import timedelta
from functools import lru_cache
from pathlib import Path

import numpy as np
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from benchmarks.variants import varied
from jobs.models import Job
from matching import corpus, encoded, mapped, modelstore, staging, writing
from matching.models import Cutoff, EncodedText, Match, MatchRun, Side
from students.models import Student

BASE = 400  # texts of each side that are read and encoded
FIRST = 1_000_000  # ids of variants
BLOCK = 5_000
LONG_AGO = timedelta(days=2)


def report(benchmark: str, seconds: float, *, ratio: float | None = None, **facts: object) -> None:
    """Print one JSON line; ``pairs`` or ``rows`` among the facts gives ``per_second``."""
    count = facts.get("pairs", facts.get("rows", 0))
    line = {"benchmark": benchmark, **facts, "seconds": round(seconds, 3)}
    line["per_second"] = round(float(count) / seconds) if seconds else None  # type: ignore[arg-type]
    line.setdefault("peak_mb", peak_mb())
    line["ratio"] = None if ratio is None else round(ratio, 3)
    line["load"] = round(os.getloadavg()[0], 1)
    print(json.dumps(line), flush=True)


def peak_mb() -> int:
    """Most memory this process has held, in MB; getrusage would count that of the process it was forked from."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) // 1024


def say(text: str) -> None:
    print(f"# {text}", file=sys.stderr, flush=True)


@lru_cache(maxsize=1)
def base():
    """(model, students, held, postings, wanted) of the texts that were read."""
    call_command("migrate", verbosity=0)
    call_command("load_taxonomy", verbosity=0)
    call_command("seed_demo", "--students", str(BASE), "--jobs", str(BASE), stdout=open(os.devnull, "w"))  # noqa: SIM115
    now = timezone.now()
    say("fitting a model")
    modelstore.fit(now=now)
    model = modelstore.serving_model()
    students, jobs = list(Student.objects.order_by("pk")), list(Job.objects.order_by("pk"))
    width = corpus.skill_width()
    held = corpus.skill_matrix(list(corpus.skills_of("student", [row.pk for row in students]).values()), width)
    wanted = corpus.skill_matrix(list(corpus.skills_of("job", [row.pk for row in jobs]).values()), width)
    say("encoding")
    features = model.encode_students(corpus.student_documents(students))
    postings = model.encode_postings([corpus.job_document(job) for job in jobs])
    Student.objects.update(wants_matching=False)
    Job.objects.update(status=Job.Status.CLOSED)
    return model, features, held, postings, wanted


def populate(students: int, jobs: int) -> None:
    """Exactly so many students and open postings, encoded; no matches."""
    model, features, held, postings, wanted = base()
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE matching_match, matching_matchrun CASCADE")
    staging.drop_others()
    Cutoff.objects.all().delete()
    MatchRun.objects.all().delete()
    encoded._matrices.clear()
    for side, model_class, count, rows, skills in (
        (Side.STUDENT, Student, students, features, held),
        (Side.JOB, Job, jobs, postings, wanted),
    ):
        EncodedText.objects.filter(side=side).delete()
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {model_class._meta.db_table} WHERE id >= {FIRST}")
        multiply(model_class, count)
        now = timezone.now() - LONG_AGO
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO matching_encodedtext (side, subject_id, model_version, content, encoded_at)"
                " SELECT %s, g, %s, '', %s FROM generate_series(%s, %s) g",
                [str(side), model.version, now, FIRST, FIRST + count - 1],
            )
        folder = encoded.folder_of(side, model.version)
        shutil.rmtree(folder, ignore_errors=True)
        files = mapped.Mapped(folder, model.version)
        with files.locked():
            for start in range(0, count, BLOCK):
                size = min(BLOCK, count - start)
                some, own = varied(rows, skills, size, seed=start + len(side))
                sparse = {"occupations": some.occupations, "words": some.words, "skills": own}
                dense = {"groups": some.groups, "meaning": some.meaning}
                ids = np.arange(FIRST + start, FIRST + start + size)
                at = np.full(size, writing.microseconds(now))
                files.append(mapped.Rows(ids, at, dense, sparse), seen_until=writing.microseconds(timezone.now()))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def multiply(model_class: type, count: int) -> None:
    """Copies of the demo's rows in turn, under ids of their own, so that words and cities are as common as there."""
    table = model_class._meta.db_table
    public_id = "'v' || translate(lpad(to_hex(g), 9, '0'), '01', 'yz')"  # an address has no 0 and no 1
    own = {"id": "g", "public_id": public_id, "external_id": "NULL"}
    if model_class is Student:
        own |= {"user_id": "NULL", "student_number": "NULL", "wants_matching": "true", "degree_program": "'Derecho'"}
    else:
        own |= {
            "status": "'published'",
            "published_at": "now()",
            "closes_at": "now() + interval '60 days'",
            "closed_reason": "''",
        }
    columns = [field.column for field in model_class._meta.concrete_fields]
    values = ", ".join(own.get(name, f't."{name}"') for name in columns)
    names = ", ".join(f'"{name}"' for name in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({names}) SELECT {values} FROM generate_series({FIRST}, {FIRST + count - 1}) g"
            " JOIN (SELECT *, row_number() OVER (ORDER BY id) - 1 AS place, count(*) OVER () AS size"
            f" FROM {table} WHERE id < {FIRST}) t ON t.place = g % t.size"
        )
        if model_class is Job:
            cursor.execute("UPDATE jobs_company SET status = 'verified', verified_at = now() - interval '1 day'")


def drive(run: MatchRun, *, workers: int) -> tuple[float, int]:
    """Carry out a full run in processes of its own; seconds and the peak of the largest process in MB."""
    began = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.drive", str(run.pk), str(workers)],
        check=True,
        capture_output=True,
        text=True,
    )
    seconds = time.perf_counter() - began
    return seconds, int(done.stdout.strip().splitlines()[-1])


def stored() -> int:
    return Match.objects.count()

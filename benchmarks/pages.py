"""Server time of list pages among millions of matches, beside a page that lists nothing, in the same run.

One gunicorn as production starts it, one browser that asks for the pages in turn; the page that lists nothing is a
text with the same frame, signed in as the same person.
"""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import time
from collections import defaultdict

import numpy as np
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from benchmarks import world
from jobs.models import Application, Job
from matching.models import Match
from moirai.accounts.models import User
from students.models import Student

SHAPES = {"desk": (2_000, 500), "full": (50_000, 5_000)}  # students, postings
EACH = 100  # matches of each student
TIMES = 60
GOAL = 5.0
BARE = "/accesibilidad/"
PAIRS = """
    INSERT INTO matching_match (student_id, job_id, score, occupation_points, requirement_points, word_points,
        model_version, first_seen_at, computed_at)
    SELECT student, job, 3000 + (student * 7 + job * 13) %% 6000, 1000, 2000 + (student * 7 + job * 13) %% 6000, 0,
        %s, now(), now() FROM ({pairs}) AS pair ON CONFLICT DO NOTHING
"""


def run(size: str) -> None:
    students, jobs = SHAPES[size]
    call_command("migrate", verbosity=0)
    call_command("seed_demo", stdout=sys.stderr)
    world.multiply(Student, students)
    world.multiply(Job, jobs)
    fill(students, jobs)
    times = measure(addresses())
    for role, pages in times.items():
        bare = float(np.percentile(pages[BARE], 95))
        for page, seconds in pages.items():
            slow = float(np.percentile(seconds, 95))
            world.report(
                "pages", slow, ratio=slow / bare / GOAL, page=page, role=role, matches=Match.objects.count(),
                statistic="p95", median=round(float(np.median(seconds)), 4), times_a_bare_page=round(slow / bare, 2),
            )  # fmt: skip


def fill(students: int, jobs: int) -> None:
    """``EACH`` matches for every copied student, all postings for one student, all students for one posting."""
    student, job = _of("ximena").student.pk, popular()
    last_student, last_job = world.FIRST + students - 1, world.FIRST + jobs - 1
    every = f"""SELECT s AS student, {world.FIRST} + (s * 31 + k * 37) %% {jobs} AS job
        FROM generate_series({world.FIRST}, {last_student}) s, generate_series(0, {EACH - 1}) k"""
    own = f"SELECT {student} AS student, j AS job FROM generate_series({world.FIRST}, {last_job}) j"
    theirs = f"SELECT s AS student, {job} AS job FROM generate_series({world.FIRST}, {last_student}) s"
    version = Match.objects.values_list("model_version", flat=True)[0]
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")  # keys are known to be there: five million checks less
        for pairs in (every, own, theirs):
            cursor.execute(PAIRS.format(pairs=pairs), [version])
        cursor.execute("SET session_replication_role = origin")
        cursor.execute(
            "UPDATE jobs_job SET status = 'published', published_at = %s, closes_at = %s WHERE id >= %s",
            [timezone.now() - world.LONG_AGO, timezone.now() + 20 * world.LONG_AGO, world.FIRST],
        )
        cursor.execute("ANALYZE")
    world.say(f"{Match.objects.count():,} matches")


def _of(name: str) -> User:
    """The demo's person; addresses are kept encrypted, so they are compared here."""
    people = User.objects.filter(emailaddress__verified=True).select_related("student")
    return next(user for user in people if user.email.startswith(name))


def popular() -> int:
    """The posting of the demo's recruiter with most applications."""
    counted = Application.objects.filter(job__company__recruiters__user=_of("lorena")).values_list("job", flat=True)
    return max(set(counted), key=list(counted).count)


def addresses() -> dict[str, list[str]]:
    job = Job.objects.get(pk=popular())
    return {
        "lorena": [BARE, "/empresa/", f"/empresa/vacantes/{job.public_id}/candidaturas/",
                   f"/empresa/vacantes/{job.public_id}/tablero/"],
        "ximena": [BARE, "/vacantes/", "/vacantes/?q=python&kind=internship", "/vacantes/?page=40", "/para-ti/",
                   "/para-ti/?page=40", "/postulaciones/", "/avisos/"],
    }  # fmt: skip


def measure(pages: dict[str, list[str]]) -> dict[str, dict[str, list[float]]]:
    """Seconds of each answer, by person and page."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [
        sys.executable,
        "-W",
        "ignore:No directory at",
        "-m",
        "gunicorn",
        "moirai.wsgi",
        "--log-level",
        "warning",
    ]
    command += ["--threads", str(settings.WEB_THREADS), "--bind", f"127.0.0.1:{port}"]
    server = subprocess.Popen(command, cwd=settings.BASE_DIR, env=os.environ | {"SITE_URL": f"http://127.0.0.1:{port}"})
    found: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    try:
        wait(port)
        for name, addresses_ in pages.items():
            client = Client()
            client.force_login(_of(name))
            cookie = {"Cookie": f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"}
            for turn in range(TIMES + 3):
                for address in addresses_:
                    seconds = ask(port, address, cookie)
                    if turn >= 3:  # a warm server
                        found[name][address].append(seconds)
    finally:
        server.terminate()
        server.wait(20)
    return found


def ask(port: int, address: str, headers: dict[str, str]) -> float:
    connection_ = http.client.HTTPConnection("127.0.0.1", port, timeout=200)
    began = time.perf_counter()
    connection_.request("GET", address, headers=headers)
    answer = connection_.getresponse()
    answer.read()
    seconds = time.perf_counter() - began
    assert answer.status == 200, (address, answer.status)
    connection_.close()
    return seconds


def wait(port: int) -> None:
    for _ in range(300):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise RuntimeError("the web server did not start")

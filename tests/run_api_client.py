"""``make api-client``: a client that somebody else's generator makes of our schema walks through the site.

Not part of the suite: the generator has an environment of its own. What it relies on is there: `test_api.py`.
"""

import json
import subprocess
from pathlib import Path

import pytest
from django.utils import timezone

from conftest import DAY
from jobs.models import Application
from jobs.searchable import describe
from jobs.tests.factories import JobFactory
from matching import ranking
from matching.models import Match
from matching.tests.conftest import model, taxonomy  # noqa: F401 - fixtures
from moirai.accounts.tests.factories import UserFactory
from moirai.api.models import Scope
from moirai.api.schema import schema
from moirai.api.tokens import make_token
from students.tests.factories import CVFactory, StudentFactory

pytestmark = [pytest.mark.embedded, pytest.mark.django_db(transaction=True)]
HERE = Path(__file__).parent
PROGRAMS = HERE.parent / "var" / "client" / "bin"


def run(*command: object, **options: object) -> str:
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, timeout=120, **options)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_a_generated_client_signs_in_searches_applies_and_reads_why(model, live_server, tmp_path):  # noqa: F811
    now = timezone.now()
    student = StudentFactory(user=UserFactory())
    CVFactory(student=student, text="Experiencia\nProgramé servicios web en python.\n")
    job = JobFactory(title="Analista de bibliotecas", skills=["python"], published_at=now - DAY, closes_at=now + DAY)
    describe(job)
    job.save()
    JobFactory(published_at=now - DAY, closes_at=now + DAY)
    ranking.refresh_student(student=student, now=now)
    _token, secret = make_token(user=student.user, name="x", scopes=Scope.values, days=30, now=now)
    (tmp_path / "schema.json").write_text(json.dumps(schema()))
    generate = [
        "generate",
        "--path",
        "schema.json",
        "--meta",
        "none",
        "--output-path",
        "moirai_client",
        "--fail-on-warning",
    ]
    run(PROGRAMS / "openapi-python-client", *generate, cwd=tmp_path, env={"PATH": f"{PROGRAMS}:/usr/bin:/bin"})
    walked = run(
        PROGRAMS / "python", HERE / "api_client_walk.py", live_server.url, secret, "bibliotecas",
        env={"PYTHONPATH": str(tmp_path)},
    )  # fmt: skip
    said, points = json.loads(walked), Match.objects.get(student=student, job=job).points
    application = Application.objects.get()
    assert (said["role"], said["found"]) == ("student", [job.title])
    assert (said["application"], said["status"], application.job) == (application.public_id, "sent", job)
    assert (said["points"], sum(said["parts"]), said["rows"]) == (points, points, ["python"])

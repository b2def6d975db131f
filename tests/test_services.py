"""Production's way to run, in small: PostgreSQL, Redis as broker and cache, two workers that share nothing else."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.utils import timezone
from kombu import Connection

from conftest import DAY
from jobs.tests.factories import JobFactory
from matching import encoded, modelstore
from matching.models import EncodedText, FittedModel, Match, MatchRun
from matching.tests.conftest import taxonomy  # noqa: F401 - a fixture
from moirai.skills.tests.factories import SkillFactory
from students.models import CV
from students.tasks import read_cv
from students.tests.factories import StudentFactory
from students.upload import upload_cv
from tests.embedded import until

pytestmark = [pytest.mark.services, pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]

TEXT = "Experiencia\nProgramé servicios web en Python y diseñé bases de datos para la biblioteca, caso {number}.\n"


def start_worker(name: str, folder: Path) -> subprocess.Popen[bytes]:
    """A worker as another machine would run it: the same two services, media shared, all else its own."""
    own = connection.settings_dict
    redis = os.environ["TEST_REDIS_URL"]
    environment = {
        "SECRET_KEY": "for-tests-only-" * 4,
        "DATA_DIR": str(folder),
        "DATABASE_URL": f"postgres://{own['USER']}:{own['PASSWORD']}@{own['HOST']}:{own['PORT']}/{own['NAME']}",
        "CELERY_BROKER_URL": f"{redis}/0",
        "CACHE_URL": f"rediscache://{redis.removeprefix('redis://')}/1",
    }
    media = folder / "media"
    folder.mkdir()
    media.symlink_to(Path(settings.STORAGES["default"]["OPTIONS"]["location"]))
    command = [sys.executable, "-m", "celery", "-A", "moirai", "worker", "-c", "1", "-n", f"{name}@here", "-l", "INFO"]
    with (folder / "worker.log").open("wb") as log:
        return subprocess.Popen(command, cwd=settings.BASE_DIR, env=os.environ | environment, stdout=log, stderr=log)


@pytest.fixture
def workers(tmp_path: Path, taxonomy: None) -> Iterator[list[Path]]:  # noqa: F811
    """Two workers, each with a folder of its own; gives the folders."""
    encoded.forget()
    SkillFactory(code="python")
    modelstore.fit(now=timezone.now())
    Path(settings.STORAGES["default"]["OPTIONS"]["location"]).mkdir(parents=True, exist_ok=True)
    folders = [tmp_path / "one", tmp_path / "two"]
    processes = [start_worker(folder.name, folder) for folder in folders]
    yield folders
    for process in processes:
        process.send_signal(signal.SIGQUIT)
    for process in processes:
        process.wait(20)
    encoded.forget()


def test_two_workers_that_share_only_the_services_read_and_match_every_cv(workers: list[Path]) -> None:
    now = timezone.now()
    jobs = [JobFactory(skills=["python"], published_at=now - DAY, closes_at=now + 30 * DAY) for _ in range(3)]
    with Connection(f"{os.environ['TEST_REDIS_URL']}/0") as broker:
        for number in range(8):
            file = SimpleUploadedFile("cv.txt", TEXT.format(number=number).encode())
            cv = upload_cv(student=StudentFactory(), file=file, now=timezone.now())
            for _ in range(2):  # delivered twice
                read_cv.apply_async(kwargs={"cv_id": cv.pk}, connection=broker)

    def everything_is_matched() -> bool:
        return CV.objects.filter(status="read").count() == 8 and Match.objects.count() == 8 * len(jobs)

    try:
        until(everything_is_matched, seconds=120, what="Reading and matching eight CVs")
    finally:
        logs = "\n".join((folder / "worker.log").read_text()[-3000:] for folder in workers)
        print(logs)
    assert set(Match.objects.values_list("job_id", flat=True)) == {job.pk for job in jobs}
    assert not MatchRun.objects.filter(status="failed").exists()
    assert EncodedText.objects.filter(side="student").count() == 8
    version = FittedModel.objects.get(is_serving=True).version
    unpacked = [folder for folder in workers if (folder / "models" / version).is_dir()]
    assert unpacked, "a worker without the model's files takes them from the database"
    assert "Traceback" not in logs

"""People, CVs and browsers for the faults; the database is asked in this process, the site over TLS."""

from __future__ import annotations

import http.client
import ssl
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError, connection
from django.test import Client
from django.utils import timezone

from conftest import DAY
from jobs.tests.factories import JobFactory
from matching import modelstore
from moirai.accounts.models import User
from moirai.accounts.tests.factories import UserFactory
from moirai.skills.models import EnrichmentLog
from students.models import CV, Student
from students.tests.factories import StudentFactory
from students.upload import upload_cv
from tests.composed import Stack
from tests.embedded import descendants, until

TEXT = "Experiencia\nProgramé servicios web en Python y diseñé bases de datos en SQL, caso {number}.\n"
TOKEN = "a" * 32  # whoever sets both cookie and field passes the check against forged forms


class World:
    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        self.count = 0
        until(modelstore.serves, seconds=240, what="fitting the first model")
        now = timezone.now()
        for _ in range(3):
            JobFactory(skills=["python"], published_at=now - DAY, closes_at=now + DAY)

    def student(self) -> Student:
        self.count += 1
        email = f"persona{self.count}-{time.time_ns()}@alumnos.example"
        return StudentFactory(user=UserFactory(email=email, password=None))

    def file(self) -> SimpleUploadedFile:
        self.count += 1
        return SimpleUploadedFile(f"cv-{self.count}.txt", TEXT.format(number=self.count).encode())

    def upload(self, count: int) -> list[int]:
        """So many students with a CV each that waits; the ids of the CVs."""
        return [upload_cv(student=self.student(), file=self.file(), now=timezone.now()).pk for _ in range(count)]

    def children(self, alias: str = "worker") -> list[int]:
        """The processes of a worker's pool, and those that read files for them."""
        return sorted(descendants(self.stack.processes[alias].pid))

    def is_reading(self, ids: list[int]) -> bool:
        running = EnrichmentLog.objects.filter(subject="cv", subject_id__in=ids, outcome="running")
        return running.exists()

    def wait_until_read(self, ids: list[int], *, seconds: float = 300) -> float:
        """Until each of the CVs is read and its student matched; the seconds it took."""
        began = time.monotonic()

        def done() -> bool:
            self.stack.keep_running()
            with suppress(OperationalError):
                unread = CV.objects.filter(pk__in=ids).exclude(status="read").exists()
                return not unread and not Student.objects.filter(cvs__in=ids).waiting_for_matches().exists()
            connection.close()
            return False

        try:
            until(done, seconds=seconds, what="Reading and matching")
        except AssertionError:
            states = list(CV.objects.filter(pk__in=ids).exclude(status="read").values("pk", "status", "attempts"))
            raise AssertionError(f"unread after {seconds} s: {states}") from None
        return round(time.monotonic() - began, 1)

    def browser(self, user: User | None = None, **kwargs: Any) -> Browser:
        return Browser(self.stack, user, **kwargs)


class Browser:
    """One kept connection to the proxy, signed in without the sign-in page."""

    def __init__(self, stack: Stack, user: User | None = None, source: str = "127.0.0.1") -> None:
        trusted = ssl.create_default_context(cafile=str(stack.certificate))
        self.connection = http.client.HTTPSConnection(
            "127.0.0.1", stack.ports["tls"], timeout=60, context=trusted, source_address=(source, 0)
        )
        cookies = {settings.CSRF_COOKIE_NAME: TOKEN}
        if user is not None:
            client = Client()
            client.force_login(user)
            cookies[settings.SESSION_COOKIE_NAME] = client.cookies[settings.SESSION_COOKIE_NAME].value
        self.headers = {
            "Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items()), "Referer": stack.address
        }  # fmt: skip

    def ask(self, method: str, path: str, body: bytes | None = None, **headers: str) -> tuple[int, bytes]:
        """Status and page; 0 where no answer came."""
        try:
            self.connection.request(method, path, body, self.headers | headers)
            answer = self.connection.getresponse()
            return answer.status, answer.read()
        except (OSError, http.client.HTTPException) as error:
            self.connection.close()
            return 0, f"{type(error).__name__}: {error}".encode()

    def get(self, path: str) -> tuple[int, bytes]:
        return self.ask("GET", path)

    def post(self, path: str, **fields: str) -> tuple[int, bytes]:
        body = urlencode({"csrfmiddlewaretoken": TOKEN, **fields}).encode()
        return self.ask("POST", path, body, **{"Content-Type": "application/x-www-form-urlencoded"})

    def upload(self, name: str, content: bytes) -> tuple[int, bytes]:
        """A CV by the form of its page."""
        parts = [
            f'Content-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n{TOKEN}'.encode(),
            f'Content-Disposition: form-data; name="cv"; filename="{name}"\r\n'.encode()
            + b"Content-Type: text/plain\r\n\r\n" + content,
        ]  # fmt: skip
        body = b"".join(b"--limit\r\n" + part + b"\r\n" for part in parts) + b"--limit--\r\n"
        return self.ask("POST", "/alta/cv/", body, **{"Content-Type": "multipart/form-data; boundary=limit"})


class Load:
    """Threads that do something over and over; ``with`` runs them, ``answers`` is what they saw."""

    def __init__(self, *actions: Callable[[], tuple[int, bytes]], pause: float = 0.0) -> None:
        self.answers: list[tuple[float, int, bytes]] = []
        self.stopped = threading.Event()
        self.threads = [threading.Thread(target=self._repeat, args=(action, pause)) for action in actions]

    def _repeat(self, action: Callable[[], tuple[int, bytes]], pause: float) -> None:
        while not self.stopped.wait(pause):
            status, page = action()
            self.answers.append((time.monotonic(), status, page[:300] if status != 200 else b""))

    def __enter__(self) -> Load:
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stopped.set()
        for thread in self.threads:
            thread.join()

    def failed(self, *, since: float = 0.0) -> list[tuple[float, int, bytes]]:
        return [answer for answer in self.answers if answer[0] >= since and not 200 <= answer[1] < 400]

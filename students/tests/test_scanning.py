"""Uploads go through ClamAV where there is one; here a daemon of our own speaks its protocol."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Iterator

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse

from conftest import NOW
from moirai.accounts.tests.factories import StaffFactory
from moirai.skills.models import EnrichmentLog
from students import scanning
from students.enrich import enrich
from students.forms import explanation
from students.models import CV
from students.reading import Failure, UnreadableError
from students.scanning import ScannerDownError, refuse_infected
from students.tests import files
from students.tests.factories import CVFactory
from tests.trust.hostile.lies import EICAR

pytestmark = pytest.mark.django_db


class Daemon:
    """clamd in a few lines: PING and INSTREAM, and what it was sent."""

    def __init__(self, path: str) -> None:
        self.streams: list[bytes] = []
        self.answer = ""  # instead of the true one
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.bind(path)
        self.socket.listen()
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self) -> None:
        while True:
            try:
                caller, _ = self.socket.accept()
            except OSError:
                return
            with caller, caller.makefile("rb") as sent:
                command = b""
                while not command.endswith(b"\0"):
                    command += sent.read(1)
                caller.sendall(self.said(command, sent))

    def said(self, command: bytes, sent) -> bytes:
        if command == b"zPING\0":
            return b"PONG\0"
        assert command == b"zINSTREAM\0"
        stream = b""
        while size := struct.unpack("!L", sent.read(4))[0]:
            stream += sent.read(size)
        self.streams.append(stream)
        verdict = "stream: Eicar-Signature FOUND" if EICAR in stream else "stream: OK"
        return (self.answer or verdict).encode() + b"\0"

    def stop(self) -> None:
        self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()


@pytest.fixture
def daemon(tmp_path, settings) -> Iterator[Daemon]:
    settings.CLAMAV_SOCKET = str(tmp_path / "clamd.ctl")
    daemon = Daemon(settings.CLAMAV_SOCKET)
    yield daemon
    if daemon.socket.fileno() >= 0:
        daemon.stop()


def waiting_cv(data: bytes) -> CV:
    cv = CVFactory(status="waiting", is_current=False, text="", needs_reading_since=NOW, read_at=None)
    cv.file.save("cv", ContentFile(data))
    return cv


def test_a_clean_file_is_sent_whole_and_read(daemon):
    data = files.pdf() + b"%" * 300_000
    cv = waiting_cv(data)
    assert enrich(cv=cv, now=NOW)
    cv.refresh_from_db()
    assert (cv.status, daemon.streams) == ("read", [data])


def test_an_infected_file_is_refused_with_plain_words_and_never_opened(daemon, monkeypatch):
    monkeypatch.setattr("students.enrich.read_file", lambda data: pytest.fail("opened it"))
    cv = waiting_cv(files.pdf() + EICAR)
    enrich(cv=cv, now=NOW)
    cv.refresh_from_db()
    assert (cv.status, cv.failure, cv.needs_reading_since) == ("failed", "infected", None)
    assert "virus" in explanation(cv.failure)


def test_while_the_scanner_is_down_cvs_wait_with_all_their_attempts(daemon, monkeypatch):
    daemon.stop()
    monkeypatch.setattr("students.enrich.read_file", lambda data: pytest.fail("opened it"))
    cv = waiting_cv(files.pdf())
    for _ in range(5):
        assert not enrich(cv=cv, now=NOW)
    cv.refresh_from_db()
    assert (cv.status, cv.attempts, cv.needs_reading_since) == ("waiting", 0, NOW)
    assert not EnrichmentLog.objects.filter(subject="cv", subject_id=cv.pk).exists()


def test_a_scanner_that_fails_half_way_costs_no_attempt(daemon):
    daemon.answer = "INSTREAM size limit exceeded. ERROR"
    cv = waiting_cv(files.pdf())
    assert enrich(cv=cv, now=NOW)
    cv.refresh_from_db()
    assert (cv.status, cv.attempts, cv.needs_reading_since) == ("waiting", 0, NOW)
    assert EnrichmentLog.objects.get(subject="cv", subject_id=cv.pk).reason == "scanner_down"
    daemon.answer = ""
    assert enrich(cv=CV.objects.get(pk=cv.pk), now=NOW)
    cv.refresh_from_db()
    assert cv.status == "read"


def test_staff_and_probes_see_that_the_scanner_is_down(daemon, client, settings):
    client.force_login(StaffFactory())
    assert client.get("/readyz").json()["virus_scanner"] == "ok"
    daemon.stop()
    assert client.get("/readyz").json()["virus_scanner"] == "down"
    page = client.get(reverse("admin:students_cv_changelist"))
    assert [message.level_tag for message in page.context["messages"]] == ["error"]
    settings.CLAMAV_SOCKET = ""
    assert client.get("/readyz").json()["virus_scanner"] == "off"
    assert not list(client.get(reverse("admin:students_cv_changelist")).context["messages"])


@pytest.mark.parametrize("answer", ["", "stream: OK FOUND", "UNKNOWN COMMAND", "stream: Win.X FOUND", "x" * 9000])
def test_only_a_clear_answer_lets_a_file_through(daemon, answer):
    daemon.answer = answer or "\x00"
    with pytest.raises((UnreadableError, ScannerDownError)) as caught:
        refuse_infected(b"algo")
    assert getattr(caught.value, "failure", None) in (None, Failure.INFECTED)


def test_without_a_scanner_nothing_is_asked(monkeypatch):
    monkeypatch.setattr(scanning, "_ask", lambda *_, **__: pytest.fail("asked"))
    refuse_infected(EICAR)
    assert scanning.state() == "off"

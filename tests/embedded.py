"""The site as `make run` starts it, for tests: a process to watch and a visitor with cookies."""

from __future__ import annotations

import http.cookiejar
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.parse
import urllib.request
import uuid
from collections.abc import Callable
from pathlib import Path

from django.conf import settings

PASSWORD = "un hilo azul y otro rojo"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def until(holds: Callable[[], object], *, seconds: float, what: str) -> object:
    """Wait for ``holds`` to return something true."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if value := holds():
            return value
        time.sleep(0.1)
    raise AssertionError(f"{what} did not happen within {seconds} s")


def descendants(pid: int, *, generations: int = 9) -> dict[int, str]:
    """Command lines of the living processes below ``pid``; one generation: its children."""
    rows = subprocess.run(["ps", "-wweo", "pid=,ppid=,stat=,args="], capture_output=True, text=True).stdout.splitlines()
    split = [row.split(None, 3) for row in rows]
    found: dict[int, str] = {}
    parents = {pid}
    for _ in range(generations):
        children = {int(r[0]): r[3] for r in split if int(r[1]) in parents and not r[2].startswith("Z")}
        found |= children
        parents = set(children)
    return found


def alive(pids: set[int]) -> set[int]:
    """Those of ``pids`` that still run; a zombie that nobody has waited for does not."""
    rows = subprocess.run(["ps", "-wweo", "pid=,stat="], capture_output=True, text=True).stdout.splitlines()
    running = {int(row.split()[0]) for row in rows if not row.split()[1].startswith("Z")}
    return pids & running


class Site:
    """`manage.py run --no-demo` on a free port with a data folder of its own."""

    def __init__(self, folder: Path, *, port: int | None = None, **environment: str) -> None:
        self.folder, self.port = folder, port or free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        folder.mkdir(exist_ok=True)
        self.log = folder / f"run-{uuid.uuid4().hex[:6]}.log"
        defaults = {
            "DATA_DIR": str(folder),
            "SITE_URL": self.address,
            "SECRET_KEY": "for-tests-only-" * 4,
            "DATABASE_URL": f"sqlite:///{folder / 'moirai.sqlite3'}",
            "CELERY_BROKER_URL": "filesystem://localhost",
        }
        command = [sys.executable, "manage.py", "run", "--no-demo", "--port", str(self.port)]
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                command, cwd=settings.BASE_DIR, env=os.environ | defaults | environment, stdout=log, stderr=log
            )

    @property
    def output(self) -> str:
        return self.log.read_text()

    def wait(self, seconds: float = 120) -> Site:
        """Return once the address is printed."""
        until(lambda: self.address in self.output or self.process.poll() is not None, seconds=seconds, what="start")
        assert self.process.poll() is None, self.output
        return self

    def stop(self) -> None:
        """As Ctrl-C does; whatever is left is killed, so that a failed test leaves nothing behind."""
        left = set(descendants(self.process.pid))
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                self.process.kill()
        for pid in alive(left):
            os.kill(pid, signal.SIGKILL)


class Visitor:
    """A browser without JavaScript, in a few lines."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.cookies = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.cookies))

    def get(self, path: str) -> tuple[str, str]:
        """The address arrived at and the page."""
        with self.opener.open(urllib.parse.urljoin(self.site.address, path), timeout=30) as answer:
            return answer.url, answer.read().decode()

    def post(
        self, path: str, fields: dict[str, str], files: dict[str, tuple[str, bytes]] | None = None
    ) -> tuple[str, str]:
        """Fetch the page for its token, then send its form."""
        _, page = self.get(path)
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        assert token, page
        boundary = uuid.uuid4().hex
        parts: list[bytes] = []
        for name, value in (fields | {"csrfmiddlewaretoken": token[1]}).items():
            parts.append(f'Content-Disposition: form-data; name="{name}"\r\n\r\n{value}'.encode())
        for name, (filename, content) in (files or {}).items():
            head = f'Content-Disposition: form-data; name="{name}"; filename="{filename}"\r\n'
            parts.append(head.encode() + b"Content-Type: application/octet-stream\r\n\r\n" + content)
        mark = f"--{boundary}".encode()
        body = b"".join(mark + b"\r\n" + part + b"\r\n" for part in parts) + mark + b"--\r\n"
        request = urllib.request.Request(
            urllib.parse.urljoin(self.site.address, path),
            data=body,
            headers={"Content-Type": f"multipart/form-data; boundary={boundary}", "Referer": self.site.address},
        )
        with self.opener.open(request, timeout=60) as answer:
            return answer.url, answer.read().decode()

    def sign_up(self, email: str) -> None:
        """Sign up as a student and follow the link of the mail, which confirms and signs in."""
        fields = {"role": "student", "full_name": "Ana Cruz", "email": email, "password1": PASSWORD}
        self.post("/cuenta/registro/", fields | {"accepts_notice": "on"})
        self.post(confirmation_link(self.site.folder, email), {})


def confirmation_link(folder: Path, email: str) -> str:
    """The path in the newest mail to ``email`` that confirms the address."""

    def found() -> str | None:
        for mail in sorted((folder / "mail").glob("*.log"), key=lambda path: path.stat().st_mtime, reverse=True):
            text = mail.read_text().replace("=\n", "").replace("=3D", "=")
            if email in text and (link := re.search(r"https?://[^/\s]+(/[^\s\"<>]*/verificar/[^\s\"<>]+/)", text)):
                return link[1]
        return None

    return str(until(found, seconds=20, what=f"a mail to {email}"))

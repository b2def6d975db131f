"""The embedded way to run: set up, then web server and worker as children of one command."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand, CommandError, CommandParser

from moirai.metrics import prepare_folder
from moirai.starting import refuse_to_start

PR_SET_PDEATHSIG = 1
STOP_SECONDS = 4  # a child that has not ended by then is killed; what it held is still marked in its row
WEB = [
    "-W",
    "ignore:No directory at",
    "-m",
    "gunicorn",
    "moirai.wsgi",
    "--log-level",
    "warning",
    "--graceful-timeout",
    "3",
]
WORKER = ["-W", "ignore:You're running the worker with superuser", "-m", "celery", "--quiet", "-A", "moirai", "worker"]
WORKER += ["-B", "-c", "1", "--loglevel", "WARNING", "--without-mingle"]


class Command(BaseCommand):
    help = "Set up what is missing and run the site with one worker beside it, until Ctrl-C."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8000, help="port on 127.0.0.1 (default 8000)")
        parser.add_argument("--no-demo", action="store_true", help="start with an empty database")

    def handle(self, *args: Any, port: int, no_demo: bool, **options: Any) -> None:
        refuse_busy_port(port)
        os.environ.setdefault("LOG_JSON", "false")  # for web and worker: somebody is reading
        self.set_up(demo=not no_demo)
        address = f"http://127.0.0.1:{port}"
        web = start(
            [*WEB, "--bind", f"127.0.0.1:{port}", "--threads", str(settings.WEB_THREADS)], dies_with=signal.SIGTERM
        )
        worker = start(WORKER, dies_with=signal.SIGKILL)
        wait_for(port, web)
        self.stdout.write(self.style.SUCCESS(f"\nMoirai runs at {address}  (Ctrl-C stops it)"))
        if not no_demo:
            self.stdout.write(demo_accounts())
        self.stdout.flush()
        watch(web, worker)

    def set_up(self, *, demo: bool) -> None:
        """Database, translations, taxonomy and demo data; each step is skipped when it is done already."""
        refuse_to_start(stop=CommandError)
        prepare_folder()
        call_command("migrate", verbosity=0)
        call_command("compile_translations", verbosity=0)
        call_command("load_taxonomy", "--if-changed", verbosity=0)
        if demo and "seed_demo" in get_commands() and not get_user_model().objects.exists():
            self.stdout.write("Making demo data ...")
            call_command("seed_demo")


def demo_accounts() -> str:
    """The sign-in lines that `seed_demo` left, if it ran on this database."""
    path = Path(settings.DATA_DIR) / "demo-accounts.txt"
    return path.read_text(encoding="utf-8") if path.exists() else ""


def refuse_busy_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise CommandError(f"Port {port} is taken. Choose another: make run PORT=8123") from error


def start(arguments: list[str], *, dies_with: signal.Signals) -> subprocess.Popen[bytes]:
    """Start Python with ``arguments`` as a child that gets ``dies_with`` when this process ends, however it ends."""
    return subprocess.Popen(  # noqa: S603 - our own arguments
        [sys.executable, *arguments],
        cwd=settings.BASE_DIR,
        start_new_session=True,
        preexec_fn=ties_to_parent(dies_with),
    )


def ties_to_parent(death_signal: signal.Signals) -> Callable[[], None]:
    """What the child calls before it becomes the program; Linux only, elsewhere it does nothing."""
    parent = os.getpid()
    try:
        prctl = ctypes.CDLL(None).prctl
    except AttributeError:
        return lambda: None

    def tie() -> None:
        prctl(PR_SET_PDEATHSIG, death_signal)
        if os.getppid() != parent:  # it died before the tie was made
            os._exit(1)

    return tie


def wait_for(port: int, web: subprocess.Popen[bytes], seconds: float = 60) -> None:
    """Return when the web server accepts connections."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if web.poll() is not None:
            raise CommandError(f"The web server ended with code {web.returncode}; its message is above.")
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.1)
    raise CommandError(f"The web server did not answer on port {port} within {seconds:.0f} s.")


def watch(web: subprocess.Popen[bytes], worker: subprocess.Popen[bytes]) -> None:
    """Keep both children alive until a signal or the end of the web server; a dead worker is started again."""
    stopping = False

    def stop(number: int, frame: FrameType | None) -> None:
        nonlocal stopping
        stopping = True

    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)
    try:
        while not stopping and web.poll() is None:
            if worker.poll() is not None:
                time.sleep(1)
                worker = start(WORKER, dies_with=signal.SIGKILL)
            time.sleep(0.2)
    finally:
        for child in (web, worker):
            child.terminate()
        until = time.monotonic() + STOP_SECONDS
        for child in (web, worker):
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(max(0.1, until - time.monotonic()))
            with contextlib.suppress(ProcessLookupError):  # what is left of its group, if anything
                os.killpg(child.pid, signal.SIGKILL)
    if not stopping:
        raise CommandError(f"The web server ended with code {web.returncode}.")

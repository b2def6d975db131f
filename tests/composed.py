"""docker-compose.yml without Docker: the same commands with the same environment, on loopback, thrown away at the end.

What names a container, a port or a folder of one is replaced by this machine's; everything else is read from
docker-compose.yml, Dockerfile, .env.example and deploy/, so that what is tried here is what is shipped.
"""

from __future__ import annotations

import base64
import logging
import os
import re
import secrets
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

from tests.embedded import alive, descendants, free_port

ROOT = Path(__file__).resolve().parents[1]
BIN = ROOT / ".venv/bin"
STOP_SECONDS = 45
#: What ends a program in order; the default is SIGTERM.
STOPS = {"postgresql": signal.SIGINT}


def key() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


def proxy_configuration(folder: Path, *, plain: int, tls: int, web: int, host: str = "127.0.0.1") -> Path:
    """deploy/nginx.conf with this machine's ports, certificate and folder, and a new certificate of its own."""
    folder.mkdir(exist_ok=True)
    name = f"{'IP' if host[0].isdigit() else 'DNS'}:{host}"
    files = ["-keyout", folder / "privkey.pem", "-out", folder / "fullchain.pem"]
    make = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", f"/CN={host}", *files]
    subprocess.run([*make, "-addext", f"subjectAltName={name}"], check=True, capture_output=True)
    text = (ROOT / "deploy/nginx.conf").read_text()
    version = subprocess.run(["nginx", "-v"], capture_output=True, text=True, check=True).stderr
    new = tuple(map(int, re.findall(r"\d+", version)[:2])) >= (1, 25)
    for ours, here in (
        (" /tmp/", f" {folder}/"), ("/etc/nginx/tls", str(folder)), ("server web:8000;", f"server 127.0.0.1:{web};"),
        ("listen 8080;", f"listen 127.0.0.1:{plain};"), ("listen 8443 ssl;", f"listen 127.0.0.1:{tls} ssl;"),
        *([] if new else [("http2 on;", ""), (f":{tls} ssl;", f":{tls} ssl http2;")]),
    ):  # fmt: skip
        assert ours in text, f"deploy/nginx.conf has no {ours!r}"
        text = text.replace(ours, here)
    path = folder / "nginx.conf"
    path.write_text(text)
    return path


class Stack:
    """The services of docker-compose.yml as children of this process."""

    def __init__(self, folder: Path, **environment: str) -> None:
        self.folder, self.app = folder, folder / "app"
        self.ports = {name: free_port() for name in ("postgresql", "redis", "web", "plain", "tls")}
        self.address = f"https://127.0.0.1:{self.ports['tls']}"
        self.certificate = folder / "tls/fullchain.pem"
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self.starts: dict[str, Callable[[], object]] = {}
        self.restarts = 0
        self.own = dict(re.findall(r"^([A-Z_]+)=(.*)$", (ROOT / ".env.example").read_text(), re.MULTILINE)) | {
            "SECRET_KEY": secrets.token_urlsafe(50), "ENCRYPTION_KEYS": key(), "LOOKUP_KEY": key(),
            "POSTGRES_PASSWORD": secrets.token_hex(16), "SITE_URL": self.address, "ALLOWED_HOSTS": "127.0.0.1",
        } | environment  # fmt: skip
        text = (ROOT / "docker-compose.yml").read_text().replace("$$", "\0")
        text = re.sub(r"\$\{(\w+)(?::[?-][^}]*)?\}", lambda found: self.own[found[1]], text).replace("\0", "$")
        self.services: dict[str, dict[str, Any]] = yaml.safe_load(text)["services"]
        self.here = {
            "@postgresql:5432": f"@127.0.0.1:{self.ports['postgresql']}",
            "//redis:6379": f"//127.0.0.1:{self.ports['redis']}",
            "127.0.0.1:8000": f"127.0.0.1:{self.ports['web']}",
            "/var/lib/moirai": str(self.data),
        }

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def local(self, text: str) -> str:
        for theirs, ours in self.here.items():
            text = text.replace(theirs, ours)
        return text

    def environment(self, name: str) -> dict[str, str]:
        """What a service sees: of this machine nothing but where its programs are."""
        programs = [str(BIN), *map(str, Path("/usr/lib/postgresql").glob("*/bin")), "/usr/local/bin", "/usr/bin"]
        programs += ["/bin", "/usr/sbin"]
        base = {"PATH": ":".join(programs), "HOME": str(self.folder), "LANG": "C.UTF-8", "TMPDIR": str(self.folder)}
        service = self.services[name]
        if "env_file" not in service:
            return base | {"PGHOST": "127.0.0.1", "PGPORT": str(self.ports["postgresql"])}
        ours = dict(re.findall(r"([A-Z_]+)=(\S+)", _stage(2)))  # ENV of the image
        given = self.own | {name: value for name, value in ours.items() if name != "PATH"} | service["environment"]
        given |= {"WEB_BIND": f"127.0.0.1:{self.ports['web']}", "HOSTNAME": socket.gethostname()}
        return base | {name: self.local(str(value)) for name, value in given.items()}

    def command(self, name: str) -> list[str]:
        match name:
            case "postgresql":
                return ["postgres", "-D", str(self.folder / "postgresql"), "-p", str(self.ports[name]), "-h",
                        "127.0.0.1", "-k", str(self.folder)]  # fmt: skip
            case "redis":
                own = ["--port", str(self.ports[name]), "--bind", "127.0.0.1", "--dir", str(self.folder / "redis")]
                return [*shlex.split(self.services[name]["command"]), *own]
            case "proxy":
                return ["nginx", "-c", str(self.folder / "tls/nginx.conf"), "-g", "daemon off;"]
        default = " ".join(re.findall(r'"([^"]+)"', re.findall(r"^CMD (.*)$", _stage(2), re.MULTILINE)[0]))
        return shlex.split(self.services[name].get("command", default))

    def set_up_django(self) -> None:
        """Let this process be one more of the stack's, with the code that the stack runs."""
        os.environ.update(self.environment("worker"), DJANGO_SETTINGS_MODULE="moirai.settings")
        os.chdir(self.app)
        sys.path.insert(0, str(self.app))
        import django

        django.setup()
        logging.disable(logging.ERROR)  # what breaks on purpose would fill the screen

    # --- before the first start --------------------------------------------------------------------------------------

    def build(self) -> None:
        """The image: what .dockerignore leaves of the checkout, and what the Dockerfile runs in it."""
        ignored = (ROOT / ".dockerignore").read_text().replace("**/", "").split()
        shutil.copytree(ROOT, self.app, ignore=shutil.ignore_patterns(*ignored), symlinks=True)
        environment = self.environment("migrate") | {"DATA_DIR": str(self.folder / "build")}
        for arguments in re.findall(r"^ +/opt/venv/bin/python (.+?)(?: && \\)?$", _stage(1), re.MULTILINE):
            self._run([sys.executable, *shlex.split(arguments)], environment)
        for path in [self.app, *self.app.rglob("*")]:
            path.chmod(path.stat().st_mode & ~0o222)  # read_only

    def prepare(self) -> None:
        for name in ("data", "redis"):
            (self.folder / name).mkdir(exist_ok=True)
        secret = self.folder / "password"
        secret.write_text(self.own["POSTGRES_PASSWORD"])
        initdb = ["initdb", "-D", self.folder / "postgresql", "-U", "moirai", "-A", "scram-sha-256", "--pwfile", secret]
        self._run([*map(str, initdb), "-E", "UTF8", "--locale", "C.UTF-8"], self.environment("postgresql"))
        ports = {name: self.ports[name] for name in ("plain", "tls", "web")}
        proxy_configuration(self.folder / "tls", **ports)

    def _run(self, command: list[str], environment: dict[str, str]) -> str:
        where = self.app if self.app.exists() else self.folder
        path = environment["PATH"]
        program = shutil.which(command[0], path=path) or command[0]
        done = subprocess.run(
            [program, *command[1:]], cwd=where, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True,
        )  # fmt: skip
        if done.returncode:
            raise RuntimeError(f"{shlex.join(map(str, command))} ended with {done.returncode}:\n{done.stdout[-3000:]}")
        return done.stdout

    def manage(self, *arguments: str) -> str:
        return self._run([sys.executable, "manage.py", *arguments], self.environment("migrate"))

    # --- start and stop ----------------------------------------------------------------------------------------------

    def __enter__(self) -> Stack:
        try:
            self.build()
            self.prepare()
            for name in self.in_order():
                self.start(name)
                if name == "postgresql":
                    self.healthy(name)
                    admin = self.environment(name) | {"PGPASSWORD": self.own["POSTGRES_PASSWORD"]}
                    self._run(["createdb", "-U", "moirai", "moirai"], admin)
            self.wait_for_port("tls")
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self.stop()
        if kind and issubclass(kind, Exception):
            for name in ("web", "worker"):
                print(f"== {name}\n{self.log(name)[-4000:]}", file=sys.stderr)

    def in_order(self) -> list[str]:
        """Each service after those it depends on."""
        order: list[str] = []
        left = dict(self.services)
        while left:
            ready = [name for name, service in left.items() if set(service.get("depends_on", ())) <= set(order)]
            assert ready, f"docker-compose.yml goes round in circles: {sorted(left)}"
            order += ready
            left = {name: service for name, service in left.items() if name not in ready}
        return order

    def start(
        self, name: str, *more: str, alias: str = "", before: tuple[str, ...] = (), **environment: str
    ) -> subprocess.Popen[bytes]:
        """Start a service once those it waits for are as it asks; ``migrate`` is waited for."""
        for needed, how in self.services[name].get("depends_on", {}).items():
            if how["condition"] == "service_healthy":
                self.healthy(needed)
        alias = alias or name
        own = self.environment(name) | environment
        command = self.command(name) + list(more)
        program = shutil.which(command[0], path=own["PATH"]) or command[0]
        died = STOPS.get(name, signal.SIGTERM).name.removeprefix("SIG")
        tied = ["setpriv", "--pdeathsig", died, "--", *before, program, *command[1:]]  # ends with us, however we end
        where = self.app if "env_file" in self.services[name] else self.folder
        with (self.folder / f"{alias}.log").open("ab") as log:
            process = subprocess.Popen(
                tied, cwd=where, env=own, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
            )
        self.processes[alias] = process
        self.starts[alias] = lambda: self.start(name, *more, alias=alias, before=before, **environment)
        if name == "migrate":
            del self.processes[alias]
            if process.wait():
                raise RuntimeError(f"migrate failed:\n{self.log(name)[-3000:]}")
        return process

    def keep_running(self) -> None:
        """What Docker does by itself (restart: unless-stopped): start again what ended without being told to."""
        for alias, process in self.processes.copy().items():
            if process.poll() is not None:
                self.restarts += 1
                self.starts[alias]()

    def log(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text(errors="replace")

    def healthy(self, name: str, *, seconds: float = 90) -> float:
        """Wait until the health check of a service says so; returns the seconds it took."""
        test = list(self.services[name]["healthcheck"]["test"])
        own = self.environment(name)
        match test:
            case ["CMD", "redis-cli", *rest]:
                command = ["redis-cli", "-p", str(self.ports["redis"]), *rest]
            case ["CMD", *command]:
                pass
            case _:
                command = ["sh", "-c", test[1]]
        began = time.monotonic()
        while time.monotonic() - began < seconds:
            program = shutil.which(command[0], path=own["PATH"]) or command[0]
            where = self.app if self.app.exists() else self.folder
            arguments = [program, *map(self.local, command[1:])]
            done = subprocess.run(arguments, cwd=where, env=own, capture_output=True, text=True)
            if done.returncode == 0:
                return time.monotonic() - began
            if name in self.processes and self.processes[name].poll() is not None:
                break
            time.sleep(0.2)
        raise RuntimeError(f"{name} is not healthy: {done.stdout}{done.stderr}\n{self.log(name)[-3000:]}")

    def wait_for_port(self, name: str, *, seconds: float = 20) -> None:
        began = time.monotonic()
        while time.monotonic() - began < seconds:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.ports[name])) == 0:
                    return
            time.sleep(0.05)
        raise RuntimeError(f"Nothing listens on the port of {name}: {self.log('proxy')[-2000:]}")

    def end(self, alias: str, how: signal.Signals | None = None, *, seconds: float = STOP_SECONDS) -> int:
        """Send one process its signal (as Docker does, to it alone) and wait; returns its exit code."""
        process = self.processes.pop(alias)
        process.send_signal(how or STOPS.get(alias, signal.SIGTERM))
        return process.wait(seconds)

    def stop(self) -> None:
        """Everything in the opposite order; what does not end is killed, and so is what a killed process left."""
        below = set(descendants(os.getpid()))
        for alias in reversed(self.processes.copy()):
            process = self.processes.pop(alias)
            if process.poll() is None:
                process.send_signal(STOPS.get(alias, signal.SIGTERM))
                try:
                    process.wait(STOP_SECONDS)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()
        for pid in alive(below):
            os.kill(pid, signal.SIGKILL)
        for path in [self.app, *self.app.rglob("*")] if self.app.exists() else []:
            if path.is_dir():
                path.chmod(0o755)


def _stage(number: int) -> str:
    """A stage of the Dockerfile, from 1."""
    return re.split(r"^FROM ", (ROOT / "Dockerfile").read_text(), flags=re.MULTILINE)[number]

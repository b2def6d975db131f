"""The proxy of `deploy/` started in front of gunicorn and asked: versions of TLS, headers, limits, forged addresses."""

from __future__ import annotations

import http.client
import json
import os
import shutil
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from django.conf import settings

from tests.composed import proxy_configuration
from tests.embedded import free_port, until
from tests.trust.test_outside import PRODUCTION

pytestmark = [
    pytest.mark.embedded,
    pytest.mark.xdist_group("proxy"),
    pytest.mark.skipif(not shutil.which("nginx") or not shutil.which("openssl"), reason="needs nginx and openssl"),
]
HOST = PRODUCTION["ALLOWED_HOSTS"]
VERSIONS = {
    "TLSv1": ssl.TLSVersion.TLSv1, "TLSv1.1": ssl.TLSVersion.TLSv1_1,
    "TLSv1.2": ssl.TLSVersion.TLSv1_2, "TLSv1.3": ssl.TLSVersion.TLSv1_3,
}  # fmt: skip


class Proxy:
    def __init__(self, plain: int, tls: int, folder: Path) -> None:
        self.plain, self.tls, self.folder = plain, tls, folder

    def ask(
        self, method: str, path: str, body: bytes | None = None, **headers: str
    ) -> tuple[int, dict[str, str], bytes]:
        trusted = ssl.create_default_context(cafile=str(self.folder / "fullchain.pem"))
        raw = socket.create_connection(("127.0.0.1", self.tls), timeout=30)
        connection = http.client.HTTPSConnection(HOST, self.tls, timeout=30)
        connection.sock = trusted.wrap_socket(raw, server_hostname=HOST)
        with suppress(BrokenPipeError, ConnectionResetError):  # the answer is there before the body was sent
            connection.request(method, path, body, {"Host": HOST, **headers})
        answer = connection.getresponse()
        result = answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
        connection.close()
        return result


@pytest.fixture(scope="module")
def proxy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    folder = tmp_path_factory.mktemp("proxy")
    folder.chmod(0o755)
    ports = {"plain": free_port(), "tls": free_port(), "web": free_port()}
    path = proxy_configuration(folder, **ports, host=HOST)
    environment = os.environ | PRODUCTION | {
        "WEB_BIND": f"127.0.0.1:{ports['web']}", "WEB_PROCESSES": "1", "DATA_DIR": str(folder),
        "DATABASE_URL": f"sqlite:///{folder / 'moirai.sqlite3'}", "SECURITY_CONTACT": "mailto:a@universidad.example",
    }  # fmt: skip
    as_root = " user root;" if os.geteuid() == 0 else ""  # nobody else may enter the folder of a test
    gunicorn = [sys.executable, "-m", "gunicorn", "-c", "deploy/gunicorn.conf.py", "tests.trust.echo:application"]
    with (folder / "log").open("wb") as log:
        processes = [
            subprocess.Popen(command, cwd=settings.BASE_DIR, env=environment, stdout=log, stderr=log)
            for command in (gunicorn, ["nginx", "-c", str(path), "-g", f"daemon off;{as_root}"])
        ]
    proxy = Proxy(ports["plain"], ports["tls"], folder)

    def answers() -> bool:
        with suppress(OSError, http.client.HTTPException):
            return proxy.ask("GET", "/echo")[0] == 200
        return False

    try:
        until(answers, seconds=120, what="a site behind its proxy")
        yield proxy
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait(20)


def accepts(port: int, version: ssl.TLSVersion) -> bool:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.set_ciphers("ALL:@SECLEVEL=0")  # else the client refuses the old ones before the server can
    context.minimum_version = context.maximum_version = version
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=10) as raw, context.wrap_socket(raw) as wrapped:
            return wrapped.version() is not None
    except (ssl.SSLError, ConnectionError):
        return False


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion:DeprecationWarning")
def test_tls_1_3_is_spoken_and_nothing_older(proxy, figure):
    accepted = [name for name, version in VERSIONS.items() if accepts(proxy.tls, version)]
    figure(14, f"nginx with deploy/nginx.conf, {len(VERSIONS)} versions offered: {', '.join(accepted)} accepted")
    assert accepted == ["TLSv1.3"]


def test_plain_http_is_sent_to_https_and_nothing_else(proxy):
    connection = http.client.HTTPConnection("127.0.0.1", proxy.plain, timeout=20)
    connection.request("POST", "/cuenta/entrar/", b"password=secreto", {"Host": HOST})
    answer = connection.getresponse()
    assert (answer.status, answer.getheader("Location")) == (301, f"https://{HOST}/cuenta/entrar/")
    answer.read()
    connection.request("GET", "/api/v1/jobs/", headers={"Host": HOST, "Authorization": "Bearer secreto"})
    assert connection.getresponse().status == 403  # a program must not get used to it
    connection.close()


def test_answers_carry_the_headers_of_production(proxy):
    status, headers, _ = proxy.ask("GET", "/cuenta/recuperar/")
    assert status == 200
    assert headers["strict-transport-security"] == "max-age=31536000; includeSubDomains; preload"
    assert "default-src 'none'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["set-cookie"].startswith("__Host-csrf=")
    assert "Secure" in headers["set-cookie"]
    assert headers["server"] == "nginx"  # no version


def test_what_a_visitor_says_about_the_way_is_overwritten(proxy, figure):
    forged = {"X-Forwarded-For": "10.9.9.9, 192.0.2.1", "X-Forwarded-Proto": "http", "X-Forwarded-Host": "evil.example"}
    told = json.loads(proxy.ask("GET", "/echo", **forged)[2])
    assert told["HTTP_X_FORWARDED_FOR"] == "127.0.0.1"
    assert told["HTTP_X_FORWARDED_PROTO"] == "https"
    assert told["HTTP_HOST"] == HOST
    reached = sum("10.9.9.9" in str(value) for value in told.values())
    figure(14, f"forged X-Forwarded-For: reached the program {reached} times")
    assert reached == 0
    assert proxy.ask("GET", "/cuenta/entrar/", Host="evil.example")[0] == 400


def test_a_body_above_the_limit_is_refused_before_the_program_sees_it(proxy):
    assert proxy.ask("POST", "/echo", b"a" * 5_300_000)[0] == 200
    status, _, page = proxy.ask("POST", "/echo", b"a" * 7_000_000)
    assert (status, b"413" in page) == (413, True)


def test_odd_requests_end_at_the_proxy(proxy):
    smuggled = b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\nGET /echo HTTP/1.1\r\n\r\n"
    for raw in (
        b"GET / HTTP/1.1\r\nHost: a\r\n" + smuggled,
        b"GET / HTTP/1.1\r\n\r\n", b"GET /\x00 HTTP/1.1\r\nHost: a\r\n\r\n", b"GET / HTTP/9.9\r\nHost: a\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", b"\x16\x03\x01\x00\xff" * 9,
    ):  # fmt: skip
        context = ssl.create_default_context(cafile=str(proxy.folder / "fullchain.pem"))
        sock = socket.create_connection(("127.0.0.1", proxy.tls), timeout=20)
        with context.wrap_socket(sock, server_hostname=HOST) as wrapped:
            wrapped.sendall(raw)
            assert wrapped.recv(4096).split(b" ")[1][:3] in (b"400", b"505")

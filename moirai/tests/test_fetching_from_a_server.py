"""The fetcher and a server that behaves in every way that a stranger's may."""

from __future__ import annotations

import http.server
import socket
import threading
import time
from collections.abc import Iterator

import pytest

from moirai.fetching import FailedError, Fetcher, RefusedError

pytestmark = pytest.mark.embedded  # speaks to loopback


class Pages(http.server.BaseHTTPRequestHandler):
    seen: list[tuple[str, dict[str, str], bytes]] = []
    where = ""

    def do_GET(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        self.seen.append((self.path, dict(self.headers), self.rfile.read(length)))
        answer = getattr(self, "page_" + self.path.strip("/").split("/")[0].split("?")[0], None)
        answer() if answer else self.say(404, b"no")

    do_POST = do_GET  # noqa: N815 - the name that http.server looks for

    def say(self, status: int, body: bytes, kind: str = "text/html; charset=utf-8", **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def page_good(self) -> None:
        self.say(200, b"<p>hola</p>", Set_Cookie="a=b")

    def page_program(self) -> None:
        self.say(200, b"MZ", "application/octet-stream")

    def page_packed(self) -> None:
        self.say(200, b"\x1f\x8b", Content_Encoding="gzip")

    def page_large(self) -> None:
        self.say(200, b"a" * 3_000_000)

    def page_hops(self) -> None:
        number = int(self.path.split("/")[2])
        self.say(302, b"", Location=f"/hops/{number - 1}" if number else "/good")

    def page_inside(self) -> None:
        self.say(302, b"", Location="http://inside.example/secret")

    def page_down(self) -> None:
        self.say(301, b"", Location="file:///etc/passwd")

    def page_drip(self) -> None:
        self.drips(b"HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n", b"a")

    def page_driphead(self) -> None:
        self.drips(b"HTTP/1.0 200 OK\r\n", b"X: y\r\n")

    def page_endless(self) -> None:
        self.drips(b"", b"HTTP/1.1 100 Continue\r\n\r\n")

    def drips(self, start: bytes, drop: bytes) -> None:
        self.wfile.write(start)
        for _ in range(100):
            try:
                self.wfile.write(drop)
                time.sleep(0.05)
            except OSError:
                return

    def log_message(self, *_: object) -> None:
        return


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Pages)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_address[1]
    server.shutdown()
    server.server_close()


@pytest.fixture
def fetcher(port) -> Fetcher:
    """``a.example`` is outside, played by loopback; every other name is inside."""
    Pages.seen.clear()
    return Fetcher(
        seconds=1.0, ports=frozenset({80, port}), allows=lambda address: address == "127.0.0.1",
        resolve=lambda host, _: ["127.0.0.1" if host == "a.example" else "10.0.0.1"],
    )  # fmt: skip


def test_a_page_comes_with_its_status_and_without_our_secrets(fetcher, port):
    answer = fetcher.get(f"http://a.example:{port}/good?x=1#part")
    path, headers, _ = Pages.seen[0]
    assert (answer.status, answer.body, path) == (200, b"<p>hola</p>", "/good?x=1")
    assert headers["Host"] == f"a.example:{port}"
    assert not {"Cookie", "Authorization", "Referer"} & set(headers)


def test_the_name_is_resolved_once_so_a_second_answer_of_the_resolver_gains_nothing(fetcher, port):
    answers = iter([["127.0.0.1"]])
    changing = Fetcher(ports=fetcher.ports, allows=fetcher.allows, resolve=lambda *_: next(answers))
    assert changing.get(f"http://a.example:{port}/good").status == 200


@pytest.mark.parametrize("what", ["program", "packed", "large", "inside", "down", "hops/3"])
def test_pages_that_are_not_what_was_asked_for_are_refused(fetcher, port, what):
    with pytest.raises(RefusedError):
        fetcher.get(f"http://a.example:{port}/{what}")
    assert not any("secret" in path for path, _, _ in Pages.seen)


def test_three_redirects_are_followed(fetcher, port):
    answer = fetcher.get(f"http://a.example:{port}/hops/2")
    assert (answer.status, answer.url) == (200, f"http://a.example:{port}/good")


@pytest.mark.parametrize("what", ["drip", "driphead", "endless"])
def test_an_answer_that_drips_ends_with_its_time(fetcher, port, what):
    began = time.monotonic()
    with pytest.raises(FailedError):
        fetcher.get(f"http://a.example:{port}/{what}")
    assert time.monotonic() - began < 4


def test_a_message_is_sent_once_and_not_along_a_redirect(fetcher, port):
    hook = Fetcher(
        seconds=1.0, redirects=0, content_types=(), ports=fetcher.ports, resolve=fetcher.resolve, allows=fetcher.allows
    )
    answer = hook.post(f"http://a.example:{port}/inside", b"{}", {"X-Signature": "abc"})
    assert answer.status == 302
    assert [(path, body) for path, _, body in Pages.seen] == [("/inside", b"{}")]


def test_nobody_at_home_fails(fetcher):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        free = probe.getsockname()[1]
    with pytest.raises(FailedError):
        Fetcher(ports=frozenset({free}), resolve=fetcher.resolve, allows=fetcher.allows).get(
            f"http://a.example:{free}/"
        )


def test_a_certificate_that_nobody_vouches_for_fails(fetcher, port):
    with pytest.raises(FailedError):
        fetcher.get(f"https://a.example:{port}/good")

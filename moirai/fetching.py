"""Fetch an address that a stranger gave: from the public internet only, within limits of size and time.

The host is resolved once, every answer is judged, and the connection goes to the judged address, so a name that
resolves to something else a moment later gains nothing. Redirects are judged like the first address.
"""

from __future__ import annotations

import http.client
import ipaddress
import re
import socket
import ssl
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from time import monotonic
from urllib.parse import SplitResult, urljoin, urlsplit

PORTS = {"http": 80, "https": 443}
REDIRECTS = frozenset({301, 302, 303, 307, 308})
NUMBER = re.compile(r"(\d+|0x[0-9a-f]*)", re.IGNORECASE)  # as the last label: an IPv4 address in some spelling
NAT64 = (ipaddress.ip_network("64:ff9b::/96"), ipaddress.ip_network("64:ff9b:1::/48"))
LONGEST_ADDRESS = 2048
CHUNK = 16 * 1024
AGENT = "Moirai (careers office)"

Resolve = Callable[[str, int], list[str]]
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class RefusedError(Exception):
    """The address, or what it answered, is nothing that we fetch."""


class FailedError(Exception):
    """Nobody answered, or not in time; another attempt may do better."""


@dataclass(frozen=True)
class Answer:
    """What came back, and from where after redirects."""

    status: int
    url: str
    headers: Mapping[str, str]
    body: bytes


def resolve(host: str, port: int) -> list[str]:
    """The addresses of a host, as this machine's resolver says."""
    return [str(info[4][0]) for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def is_public(text: str) -> bool:
    """Whether an address belongs to the public internet, also when it is an IPv4 one in IPv6's clothes."""
    try:
        address: Address = ipaddress.ip_address(text)
    except ValueError:  # a zone (fe80::1%eth0), or no address
        return False
    if isinstance(address, ipaddress.IPv6Address):
        if any(address in network for network in NAT64) or address.sixtofour or address.teredo or address.is_site_local:
            return False
        if address.ipv4_mapped:
            address = address.ipv4_mapped
        elif int(address) < 2**32:  # the old "compatible" form ::127.0.0.1
            return False
    return address.is_global and not address.is_multicast and not address.is_reserved


@dataclass(frozen=True)
class Fetcher:
    """Limits of one kind of fetching; tests hand in a resolver and ports, the program never does."""

    seconds: float = 15.0  # for everything together, redirects included
    megabytes: float = 2.0
    redirects: int = 3
    content_types: tuple[str, ...] = ("text/html", "application/xhtml+xml", "application/json", "text/plain")
    ports: frozenset[int] = frozenset(PORTS.values())
    resolve: Resolve = resolve
    allows: Callable[[str], bool] = is_public
    tls: ssl.SSLContext = field(default_factory=ssl.create_default_context)

    def get(self, url: str) -> Answer:
        """The page at ``url``, after at most ``redirects`` redirects."""
        return self._follow("GET", url, None, {"Accept": ", ".join(self.content_types)})

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """Send ``body``; a redirect is an answer like others, because what is signed for one host is not another's."""
        return self._once("POST", url, body, headers, monotonic() + self.seconds)

    def _follow(self, method: str, url: str, body: bytes | None, headers: Mapping[str, str]) -> Answer:
        end = monotonic() + self.seconds
        for _ in range(self.redirects + 1):
            answer = self._once(method, url, body, headers, end)
            if answer.status not in REDIRECTS:
                return answer
            if urlsplit(url).scheme == "https" and urljoin(url, answer.headers.get("location", "")).startswith("http:"):
                raise RefusedError("The address leads from https to http.")
            url = urljoin(url, answer.headers.get("location", ""))
        raise RefusedError("The address leads from one page to the next too often.")

    def _once(self, method: str, url: str, body: bytes | None, headers: Mapping[str, str], end: float) -> Answer:
        parts, port = self.judged(url)
        host = str(parts.hostname)
        connection = self._connection(host, port, parts.scheme, end)
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        own = {"Host": parts.netloc, "User-Agent": AGENT, "Accept-Encoding": "identity", "Connection": "close"}
        try:
            with over_at(end, connection.sock):
                connection.request(method, target, body, {**headers, **own})
                response = connection.getresponse()
                left(end)  # what was cut off at the end of its time looks complete
                names = {name.lower(): value for name, value in response.getheaders()}
                if response.status in REDIRECTS:
                    return Answer(response.status, url, names, b"")
                self._judge_type(names, response.status)
                return Answer(response.status, url, names, self._read(response, end))
        except (OSError, ValueError, http.client.HTTPException) as error:
            raise FailedError(f"{host} did not answer properly: {type(error).__name__}") from error
        finally:
            connection.close()

    def judged(self, url: str) -> tuple[SplitResult, int]:
        """The parts of an address that is worth resolving."""
        if len(url) > LONGEST_ADDRESS or not url.isascii() or any(c <= " " or c in "\\\x7f" for c in url):
            raise RefusedError("The address holds characters that no address has, or is too long.")
        try:
            parts = urlsplit(url)
            port = parts.port or PORTS.get(parts.scheme, 0)
        except ValueError:
            raise RefusedError("The address is not well formed.") from None
        if parts.scheme not in PORTS or not parts.hostname:
            raise RefusedError("Only http and https addresses are fetched.")
        if parts.username is not None or parts.password is not None:
            raise RefusedError("The address holds a name or a password.")
        if NUMBER.fullmatch(parts.hostname.rstrip(".").rpartition(".")[2]) and not is_plain(parts.hostname):
            raise RefusedError("The address is a number in a strange spelling.")
        if port not in self.ports:
            raise RefusedError("Only the ports 80 and 443 are asked.")
        return parts, port

    def _connection(self, host: str, port: int, scheme: str, end: float) -> http.client.HTTPConnection:
        """A connection to an address of ``host`` that was judged; the name is only for TLS and the Host header."""
        try:
            addresses = self.resolve(host, port)
        except (OSError, UnicodeError):
            raise FailedError(f"{host} is not known.") from None
        if not addresses or not all(map(self.allows, addresses)):  # one inner address among outer ones is a trick
            raise RefusedError(f"{host} is not on the public internet.")
        connection = http.client.HTTPConnection(host, port, timeout=left(end))
        connection.sock = self._opened(addresses, port, end)
        if scheme == "https":
            try:
                connection.sock = self.tls.wrap_socket(connection.sock, server_hostname=host)
            except OSError as error:
                connection.close()
                raise FailedError(f"{host} has no certificate that we trust.") from error
        return connection

    def _opened(self, addresses: Iterable[str], port: int, end: float) -> socket.socket:
        for address in list(addresses)[:3]:
            try:
                return socket.create_connection((address, port), timeout=left(end))
            except OSError:
                continue
        raise FailedError("Nobody answers at the address.")

    def _judge_type(self, headers: Mapping[str, str], status: int) -> None:
        kind = headers.get("content-type", "").split(";")[0].strip().lower()
        if status < 300 and self.content_types and kind not in self.content_types:
            raise RefusedError(f"The address answers with {kind or 'nothing that has a type'}.")
        if headers.get("content-encoding", "identity").lower() != "identity":
            raise RefusedError("The answer is packed, although it was asked not to be.")

    def _read(self, response: http.client.HTTPResponse, end: float) -> bytes:
        limit, body = int(self.megabytes * 1024 * 1024), bytearray()
        while chunk := response.read1(CHUNK):
            body += chunk
            if len(body) > limit:
                raise RefusedError("The answer is too large.")
        left(end)
        return bytes(body)


@contextmanager
def over_at(end: float, connected: socket.socket) -> Iterator[None]:
    """Cut the connection at ``end``: a limit for each read would let an answer drip for hours."""

    def cut() -> None:
        with suppress(OSError):
            socket.socket.shutdown(connected, socket.SHUT_RDWR)

    timer = threading.Timer(left(end), cut)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def is_plain(host: str) -> bool:
    """Whether a host is an IPv4 address as everybody writes it."""
    try:
        return str(ipaddress.IPv4Address(host)) == host
    except ValueError:
        return False


def left(end: float) -> float:
    """Seconds until ``end``."""
    seconds = end - monotonic()
    if seconds <= 0:
        raise FailedError("The answer took too long.")
    return seconds


PAGES = Fetcher()
WEBHOOKS = Fetcher(seconds=10.0, megabytes=0.1, redirects=0, content_types=())

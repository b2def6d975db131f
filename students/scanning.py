"""Ask ClamAV whether a file is infected, over its own socket. Without ``CLAMAV_SOCKET`` nothing is asked."""

from __future__ import annotations

import logging
import re
import socket
import struct

from django.conf import settings

from students.reading import Failure, UnreadableError

logger = logging.getLogger(__name__)
SECONDS = 60
CHUNK = 64 * 1024
LONGEST_ANSWER = 4096


class ScannerDownError(Exception):
    """Nobody could say whether the file is infected; it must wait."""


def refuse_infected(data: bytes) -> None:
    """Raise UnreadableError where ClamAV knows a virus in the file, ScannerDownError where it cannot say."""
    if not settings.CLAMAV_SOCKET:
        return
    said = _ask(b"zINSTREAM\0", data)
    if said.endswith("FOUND"):
        logger.warning("ClamAV refused an upload: %s", re.sub(r"[^\w.:-]+", " ", said)[:120])
        raise UnreadableError(Failure.INFECTED)
    if said != "stream: OK":
        raise ScannerDownError(f"ClamAV answered {said[:120]!r}")


def state() -> str:
    """``off`` without a scanner, else ``ok`` or ``down``."""
    if not settings.CLAMAV_SOCKET:
        return "off"
    try:
        return "ok" if _ask(b"zPING\0", seconds=3) == "PONG" else "down"
    except ScannerDownError:
        return "down"


def _ask(command: bytes, data: bytes | None = None, *, seconds: int = SECONDS) -> str:
    """One command and its answer; ``data`` goes in chunks with their length before, and nothing last."""
    try:
        with _connected(settings.CLAMAV_SOCKET, seconds) as scanner:
            scanner.sendall(command)
            if data is not None:
                for start in range(0, len(data), CHUNK):
                    chunk = data[start : start + CHUNK]
                    scanner.sendall(struct.pack("!L", len(chunk)) + chunk)
                scanner.sendall(struct.pack("!L", 0))
            answer = bytearray()
            while not answer.endswith(b"\0") and len(answer) < LONGEST_ANSWER and (part := scanner.recv(1024)):
                answer += part
    except OSError as error:
        raise ScannerDownError(f"ClamAV does not answer: {type(error).__name__}") from error
    return answer.rstrip(b"\0\n").decode(errors="replace")


def _connected(place: str, seconds: int) -> socket.socket:
    """A connection to ``/run/clamav/clamd.ctl`` or ``clamav:3310``."""
    if place.startswith("/"):
        scanner = socket.socket(socket.AF_UNIX)
        scanner.settimeout(seconds)
        try:
            scanner.connect(place)
        except OSError:
            scanner.close()
            raise
        return scanner
    host, _, port = place.rpartition(":")
    return socket.create_connection((host, int(port)), timeout=seconds)

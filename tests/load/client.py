"""Many visitors in one process: HTTP over kept TLS connections from addresses of their own."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import ssl
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from tests.composed import Stack

SCRIPT = """
done = function(summary, latency, requests)
  local e = summary.errors
  io.write(string.format("figures %d %d %d %d %d\\n", summary.requests, summary.duration, latency:percentile(50),
    latency:percentile(95), e.connect + e.read + e.write + e.status + e.timeout))
end
"""


@dataclass
class Figures:
    """What a page did under as many requests as it could take; times in milliseconds."""

    per_second: float
    median: float
    p95: float
    errors: int


def hammer(stack: Stack, path: str, cookie: str, *, seconds: int, connections: int = 8) -> Figures:
    """wrk on one page."""
    program = shutil.which("wrk") or sys.exit("make load needs wrk (Debian: wrk).")
    with tempfile.NamedTemporaryFile("w", suffix=".lua", dir=stack.folder) as script:
        script.write(SCRIPT)
        script.flush()
        how = ["-t1", "--timeout=30s", f"-c{connections}", f"-d{seconds}s", "-s", script.name]
        command = [program, *how, "-H", f"Cookie: {cookie}"]
        done = subprocess.run([*command, stack.address + path], capture_output=True, text=True, check=True)
    found = re.search(r"figures (\d+) (\d+) (\d+) (\d+) (\d+)", done.stdout)
    assert found, done.stdout + done.stderr
    count, micros, median, p95, errors = map(int, found.groups())
    return Figures(count / micros * 1e6, median / 1000, p95 / 1000, errors)


@dataclass
class Seen:
    """Answers of a crowd: when, how long in milliseconds, status."""

    answers: list[tuple[float, float, int]] = field(default_factory=list)

    def p95(self) -> float:
        waits = sorted(wait for _, wait, _ in self.answers)
        return waits[int(len(waits) * 0.95)] if waits else 0.0

    def errors(self) -> int:
        return sum(not 200 <= status < 400 for _, _, status in self.answers)


class Client:
    """One visitor; reconnects as a browser does when its connection was closed between two pages."""

    def __init__(self, stack: Stack, number: int, cookie: str, seen: Seen) -> None:
        self.port, self.cookie, self.seen = stack.ports["tls"], cookie, seen
        self.source = f"127.0.0.{2 + number % 253}"
        self.trusted = ssl.create_default_context(cafile=str(stack.certificate))
        self.headers = f"Host: 127.0.0.1:{self.port}\r\nReferer: {stack.address}/\r\n"
        self.writer: asyncio.StreamWriter | None = None

    async def ask(self, method: str, path: str, body: bytes = b"", kind: str = "text/plain") -> int:
        began = time.monotonic()
        try:
            status = await asyncio.wait_for(self._ask(method, path, body, kind), 60)
        except (OSError, TimeoutError, ValueError, asyncio.IncompleteReadError):
            status, self.writer = 0, None
        self.seen.answers.append((began, (time.monotonic() - began) * 1000, status))
        return status

    async def _ask(self, method: str, path: str, body: bytes, kind: str) -> int:
        if self.writer is None or self.writer.is_closing() or self.reader.at_eof():
            self.reader, self.writer = await asyncio.open_connection(
                "127.0.0.1", self.port, ssl=self.trusted, local_addr=(self.source, 0)
            )
        head = f"{method} {path} HTTP/1.1\r\n{self.headers}Cookie: {self.cookie}\r\nContent-Type: {kind}\r\n"
        self.writer.write(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
        answer = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
        if length := re.search(r"content-length: (\d+)", answer):
            await self.reader.readexactly(int(length[1]))
        elif "chunked" in answer:
            while size := int(await self.reader.readline(), 16):
                await self.reader.readexactly(size + 2)
            await self.reader.readline()
        if "connection: close" in answer:
            self.writer.close()
        return int(answer.split()[1])

    def close(self) -> None:
        if self.writer is not None:
            self.writer.close()


async def crowd(clients: list[Client], visit: Callable[[Client, int], str], *, seconds: float, think: float) -> None:
    """Everybody reads a page, thinks, reads the next; they arrive over the first ``think`` seconds."""
    end = time.monotonic() + seconds

    async def live(client: Client, number: int) -> None:
        await asyncio.sleep(think * number / len(clients))
        turn = number
        while time.monotonic() < end:
            began = time.monotonic()
            await client.ask("GET", visit(client, turn))
            turn += 1
            await asyncio.sleep(max(0.0, think - (time.monotonic() - began)))
        client.close()

    await asyncio.gather(*(live(client, number) for number, client in enumerate(clients)))


async def steady(act: Callable[[int], asyncio.Future | object], *, per_second: float, seconds: float) -> None:
    """Start something so many times a second, whether the one before has ended or not."""
    began, tasks = time.monotonic(), []
    for number in range(int(per_second * seconds)):
        await asyncio.sleep(max(0.0, began + number / per_second - time.monotonic()))
        tasks.append(asyncio.ensure_future(act(number)))  # type: ignore[arg-type]
    await asyncio.gather(*tasks)


def resident(pids: list[int]) -> float:
    """Megabytes that the processes hold."""
    pages = [int(Path(f"/proc/{pid}/statm").read_text().split()[1]) for pid in pids if Path(f"/proc/{pid}").exists()]
    return sum(pages) * os.sysconf("SC_PAGE_SIZE") / 2**20

"""Faults of the site: PostgreSQL restarted, gunicorn reloaded, slow clients, a full disk."""

from __future__ import annotations

import os
import signal
import socket
import ssl
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path

from django.conf import settings
from django.db import connection

from students.models import CV
from tests.embedded import alive, descendants, until
from tests.faults import Facts, fault
from tests.faults.world import TEXT, Load, World


@fault("postgresql-restarted", "acknowledged ⊆ stored")
def postgresql_restarted(world: World) -> tuple[bool, Facts]:
    """SIGQUIT, which is a crash with recovery, while CVs are posted; PostgreSQL is back at once."""
    acknowledged: list[str] = []

    def poster(number: int):
        browser, sent = world.browser(world.student().user), iter(range(10_000))

        def post() -> tuple[int, bytes]:
            name = f"nombre-{number}-{next(sent)}.txt"
            answer = browser.upload(name, TEXT.format(number=name).encode())
            if answer[0] == 302:
                acknowledged.append(name)
            return answer

        return post

    with Load(*[poster(number) for number in range(4)], pause=0.1) as load:
        time.sleep(5)
        world.stack.end("postgresql", signal.SIGQUIT)
        world.stack.start("postgresql")
        down = world.stack.healthy("postgresql")
        time.sleep(5)
        again = time.monotonic()
        time.sleep(5)
    connection.close()
    stored = {cv.original_name: cv.pk for cv in CV.objects.all()}
    missing = [name for name in acknowledged if name not in stored]
    world.wait_until_read([stored[name] for name in acknowledged if name in stored])
    late = load.failed(since=again)
    facts = {"acknowledged": len(acknowledged), "missing": len(missing), "seconds_down": round(down, 1)}
    facts |= {"refused_meanwhile": len(load.failed()), "refused_after": len(late), "read": len(acknowledged)}
    return bool(acknowledged) and not missing and not late, facts


@fault("reload", "failed requests = 0")
def reload(world: World) -> tuple[bool, Facts]:
    """SIGHUP to gunicorn three times while pages are read and forms are posted."""
    people = [world.student().user for _ in range(3)]
    readers = [world.browser(user) for user in [None, *people]]
    posters = [world.browser() for _ in range(2)]
    actions = [lambda b=b: b.get("/vacantes/") for b in readers]
    actions += [lambda b=b: b.post("/tema/", theme="dark") for b in posters]
    master = world.stack.processes["web"]
    gaps = []
    with Load(*actions, pause=0.01) as load:
        for _ in range(3):
            time.sleep(5)
            old = set(descendants(master.pid))
            master.send_signal(signal.SIGHUP)
            began = time.monotonic()
            # Done when the old processes have gone and the new ones have answered.
            until(lambda gone=old: not alive(gone), seconds=90, what="the end of the old processes")
            count = len(load.answers)
            until(lambda seen=count: len(load.answers) > seen + len(actions), seconds=90, what="answers")
            gaps.append(round(time.monotonic() - began, 1))
    failed = load.failed()
    facts = {"reloads": world.stack.log("web").count("Handling signal: hup"), "requests": len(load.answers)}
    facts |= {"seconds_until_all_is_new": max(gaps)}
    examples = {"examples": [str(answer[1:]) for answer in failed[:3]]} if failed else {}
    return not failed and facts["reloads"] >= 3, facts | {"failed": len(failed)} | examples


@fault("slow-clients", "probes answered 5 of 5")
def slow_clients(world: World) -> tuple[bool, Facts]:
    """400 connections that send a byte a second, half of them a head, half of them a body."""
    trusted = ssl.create_default_context(cafile=str(world.stack.certificate))
    head = b"GET /vacantes/ HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: "
    body = b"POST /tema/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: text/plain\r\nContent-Length: 99999\r\n\r\n"

    def slow(start: bytes) -> ssl.SSLSocket:
        raw = socket.create_connection(("127.0.0.1", world.stack.ports["tls"]), timeout=30)
        wrapped = trusted.wrap_socket(raw, server_hostname="127.0.0.1")
        wrapped.sendall(start)
        return wrapped

    def probe() -> tuple[int, float]:
        began = time.monotonic()
        return world.browser().get("/vacantes/")[0], round(time.monotonic() - began, 2)

    without = max(probe()[1] for _ in range(3))
    clients = [slow(head if number % 2 else body) for number in range(400)]
    waits = []
    try:
        for _ in range(5):
            for client in clients:
                with suppress(OSError):
                    client.send(b"a")
            waits.append(probe())
            time.sleep(1)
    finally:
        for client in clients:
            client.close()
    answered = [seconds for status, seconds in waits if status == 200 and seconds < 30]
    facts = {
        "slow_connections": len(clients),
        "answered": len(answered),
        "slowest_seconds": max(answered, default=None),
        "slowest_without_them": without,
    }
    return len(answered) == 5, facts


@fault("disk-full", "a clear error, no orphan row or file")
def disk_full(world: World) -> tuple[bool, Facts]:
    """Uploads while the disk of the files has no room, and after there is room again."""
    media = Path(settings.STORAGES["default"]["OPTIONS"]["location"])
    if not os.path.ismount(media):
        return False, {"not_shown": "needs root, and a container that may mount"}
    browser = world.browser(world.student().user)
    content = TEXT.format(number="disco").encode() * 4000
    before = files(media), CV.objects.count()
    filler = media / "filler"
    with filler.open("wb", buffering=0) as full, suppress(OSError):
        while full.write(b"0" * 65536):
            pass
    answers = Counter()
    for number in range(3):
        status, page = browser.upload(f"lleno-{number}.txt", content + str(number).encode())
        said = "says what to do" if b'role="alert"' in page else "says nothing"
        answers[f"{status}, {said}"] += 1
    rows, left = CV.objects.count() - before[1], files(media) - before[0] - {filler}
    filler.unlink()
    status, _page = browser.upload("cabe.txt", content)
    facts = {"answers": answers, "orphan_rows": rows, "orphan_files": len(left), "with_room_again": status}
    clear = list(answers) == ["503, says what to do"]
    return clear and rows == 0 and not left and status == 302, facts


def files(folder: Path) -> set[Path]:
    return {path for path in folder.rglob("*") if path.is_file()}

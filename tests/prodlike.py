"""`make prod-like`: production on loopback until Ctrl-C; ``--demo`` fills it, ``--smoke`` uses it once and ends."""

from __future__ import annotations

import argparse
import json
import os
import signal
import ssl
import sys
import time
import urllib.error
import urllib.request
from types import SimpleNamespace

from tests import private
from tests.composed import Stack
from tests.embedded import PASSWORD, Visitor, descendants, until


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.prodlike", description=__doc__)
    parser.add_argument("--demo", action="store_true", help="fill it with the demo's careers office")
    parser.add_argument("--smoke", action="store_true", help="sign up, upload a CV and read it over TLS; then end")
    chosen = parser.parse_args(arguments)
    folder = private.enter("tests.prodlike", arguments)
    began = time.monotonic()
    stack = Stack(folder)
    try:
        with stack:
            if chosen.demo:
                print(stack.manage("seed_demo"))
            failed = smoke(stack, time.monotonic() - began) if chosen.smoke else serve(stack)
    except KeyboardInterrupt:
        failed = 0
    left = [words for words in descendants(os.getpid()).values() if not words.startswith("ps ")]
    if chosen.smoke:
        failed += tell("nothing is left when it has ended", not left, processes=left)
    return int(bool(failed))


def serve(stack: Stack) -> int:
    print(f"\nMoirai runs at {stack.address} as in production  (Ctrl-C stops it; logs and mails in {stack.folder})")
    sys.stdout.flush()
    signal.sigwait({signal.SIGINT, signal.SIGTERM})
    return 0


def tell(what: str, holds: bool, **facts: object) -> int:
    """One JSON line; returns how many failed, 0 or 1."""
    print(json.dumps({"prod_like": what, **facts, "verdict": "ok" if holds else "failed"}), flush=True)
    return int(not holds)


CV = b"""Experiencia
Program\xc3\xa9 servicios web en Python con Django para la biblioteca.
Dise\xc3\xb1\xc3\xa9 sus bases de datos en PostgreSQL.
Automatic\xc3\xa9 reportes en SQL durante dos semestres.
"""


def smoke(stack: Stack, seconds: float) -> int:
    """What a first visitor of production would notice, over TLS."""
    trusted = ssl.create_default_context(cafile=str(stack.certificate))

    def visitor() -> Visitor:
        one = Visitor(SimpleNamespace(address=stack.address, folder=stack.data))  # type: ignore[arg-type]
        cookies, tls = urllib.request.HTTPCookieProcessor(one.cookies), urllib.request.HTTPSHandler(context=trusted)
        one.opener = urllib.request.build_opener(cookies, tls)
        return one

    failed = tell("all services are healthy", True, seconds=round(seconds, 1), services=stack.in_order())
    health = json.loads(visitor().get("/readyz")[1])
    failed += tell("/readyz", health["status"] == "ok", **{k: v for k, v in health.items() if isinstance(v, str)})
    older = ssl.create_default_context(cafile=str(stack.certificate))
    older.maximum_version = ssl.TLSVersion.TLSv1_2
    try:
        urllib.request.urlopen(f"{stack.address}/healthz", context=older, timeout=10)
        refused = False
    except urllib.error.URLError:
        refused = True
    failed += tell("TLS 1.2 is refused", refused)
    took = stack.healthy("worker")
    failed += tell("the worker's own health check", True, seconds=round(took, 1))
    one, began = visitor(), time.monotonic()
    one.sign_up("ana@alumnos.example")
    one.post("/cuenta/salir/", {})
    two = visitor()
    url, _ = two.post("/cuenta/entrar/", {"login": "ana@alumnos.example", "password": PASSWORD})
    signed_in = "/cuenta/entrar" not in url
    failed += tell("signed up, mail confirmed, signed in", signed_in, seconds=round(time.monotonic() - began, 1))
    began = time.monotonic()
    two.post("/alta/cv/", {}, {"cv": ("cv.txt", CV)})
    until(lambda: "PostgreSQL" in two.get("/alta/habilidades/")[1], seconds=90, what="reading the CV")
    failed += tell("a CV is stored, read and shown", True, seconds=round(time.monotonic() - began, 1))
    found = [cookie for cookie in two.cookies if cookie.name == "__Host-session" and cookie.secure]
    return failed + tell("the session's cookie is __Host- and secure", bool(found))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

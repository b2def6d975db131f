"""``make scan``: sqlmap and wapiti against the site with its demo, on PostgreSQL, behind gunicorn, on loopback alone.

Needs Debian's packages ``sqlmap`` and ``wapiti``. ``SCAN_SECONDS`` is the time of sqlmap for each role (default 240); a
module of wapiti has an eighth of it, and a crawl half. Wapiti asks for its time only between two addresses, and an
address with many parameters takes minutes: each module runs by itself, is stopped from outside, and is named as cut.
Each role is signed in by a session made in the database. Wapiti goes without its modules xxe and ssrf, which call
hosts of others, and without those that download lists.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

from tests.embedded import free_port, until

ROOT = Path(__file__).resolve().parents[2]
SECONDS = int(os.environ.get("SCAN_SECONDS", "240"))
MODULES = (
    "csp", "csrf", "cookieflags", "http_headers", "methods", "redirect", "crlf", "shellshock", "sql", "xss", "file",
    "exec", "blindsql", "permanentxss",
)  # fmt: skip
#: Pages that would end the session or the account of who scans, or that sign nobody in.
LEAVE_ALONE = re.compile(
    r"/(salir|sign-out|contrasena|password|privacidad/(borrar|eliminar)|sesiones|2fa|admin/logout|static|segundo-factor)"
)
#: What a scanner says and is wrong about: what it says, and why it does not hold here.
EXCUSED = {
    r"X-XSS-Protection is not set": "no browser reads it any more; where one did, it made holes. The CSP stands in.",
}
#: Wapiti 3.0.4 of Debian translates patterns to what Python 3.11 refuses, and does not know the name of our token.
WAPITI = (
    "import fnmatch, re; from wapitiCore.net import crawler; from wapitiCore.main.wapiti import wapiti_main;"
    "from wapitiCore.attack import mod_csrf; mod_csrf.mod_csrf.TOKEN_FORM_STRINGS.append('csrfmiddlewaretoken');"
    "crawler.wildcard_translate = lambda words: re.compile(fnmatch.translate(words)); wapiti_main()"
)
PAGES_AT_MOST = 60
DEMO = """
import json
from django.test import Client
from moirai.accounts.models import User
found = {"visitor": ""}
for role in ("student", "recruiter"):
    user = User.objects.filter(role=role, is_active=True).order_by("pk").first()
    client = Client()
    client.force_login(user)
    found[role] = client.cookies["__Host-session"].value
print("SESSIONS", json.dumps(found))
"""


def environment(folder: Path, port: int) -> dict[str, str]:
    """Production on loopback; cookies are the real ones."""
    return os.environ | {
        "DEBUG": "false", "DATA_DIR": str(folder), "SECRET_KEY": "for-this-scan-only-" * 4, "BEHIND_PROXY": "true",
        "SITE_URL": f"https://127.0.0.1:{port}", "ALLOWED_HOSTS": "127.0.0.1", "WEB_BIND": f"127.0.0.1:{port}",
        "CELERY_BROKER_URL": "filesystem://localhost", "WEB_PROCESSES": "2", "LOG_LEVEL": "ERROR",
    }  # fmt: skip


def through_the_proxy(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """The site as it stands behind the proxy: sqlmap does not say so itself while it looks for forms."""
    from moirai.wsgi import application

    return application(environ | {"HTTP_X_FORWARDED_PROTO": "https"}, start_response)


@contextmanager
def site() -> Iterator[tuple[str, dict[str, str], Path]]:
    """A running demo: its address, a session for each role, and its folder."""
    with tempfile.TemporaryDirectory() as name:
        folder, port = Path(name), free_port()
        given = environment(folder, port)
        for command in (["migrate", "-v", "0"], ["load_taxonomy", "-v", "0"], ["seed_demo"]):
            subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, env=given, check=True)
        told = subprocess.run(
            [sys.executable, "manage.py", "shell", "-v", "0", "-c", DEMO],
            cwd=ROOT,
            env=given,
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        app = "tests.trust.scan:through_the_proxy"
        gunicorn = [sys.executable, "-m", "gunicorn", "-c", "deploy/gunicorn.conf.py", app]
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(gunicorn, cwd=ROOT, env=given, stdout=log, stderr=log)
        address = f"http://127.0.0.1:{port}"
        try:
            until(lambda: (process.poll() is not None) or _page(f"{address}/ayuda/", {}), seconds=90, what="a site")
            yield address, json.loads(told.split("SESSIONS", 1)[1]), folder
        finally:
            process.terminate()
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()


def headers_of(address: str, session: str) -> dict[str, str]:
    """What a signed-in browser sends; one CSRF cookie, so that tokens of pages stay good."""
    https = address.replace("http:", "https:")
    cookies = f"__Host-csrf={'a1' * 16}" + (f"; __Host-session={session}" if session else "")
    return {"Origin": https, "Referer": f"{https}/", "Cookie": cookies}


def _page(url: str, headers: dict[str, str]) -> str:
    request = urllib.request.Request(url, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.read().decode("utf-8", "replace") if "html" in answer.headers.get("Content-Type", "") else ""
    except OSError:
        return ""


def crawl(address: str, headers: dict[str, str]) -> list[str]:
    """Addresses that the pages lead to, one for each shape of path and set of parameters."""
    waiting, seen, found = [f"{address}/", f"{address}/inicio/", f"{address}/vacantes/?q=python"], set(), []
    while waiting and len(found) < PAGES_AT_MOST:
        url = waiting.pop(0)
        parts = urlsplit(url)
        names = sorted(pair.partition("=")[0] for pair in parts.query.split("&"))
        shape = re.sub(r"^/en/|/[a-z0-9]{10}(?=[-/])[^/]*|\d+", "/#/", parts.path.replace("/en/", "/", 1)), *names
        if shape in seen or parts.netloc != urlsplit(address).netloc or LEAVE_ALONE.search(parts.path):
            continue
        seen.add(shape)
        found.append(url)
        for link in re.findall(r'(?:href|action)="([^"#]+)', _page(url, headers)):
            waiting += [urljoin(url, unescape(link)).replace("https://127", "http://127")]
    return found


def sqlmap(urls: list[str], headers: dict[str, str], folder: Path) -> tuple[list[str], str]:
    """What sqlmap says can be injected in addresses with parameters and in forms, and how much it tried."""
    targets = folder / "targets"
    targets.write_text("\n".join(urls))
    extra = "\n".join(f"{name}: {value}" for name, value in headers.items() if name != "Cookie")
    command = [
        "sqlmap", "-m", targets, "--batch", "--smart", "--level", "1", "--risk", "1", "--threads", "4", "--skip-waf",
        "--timeout", "15", "--retries", "1", "--technique", "BEU", "--dbms", "PostgreSQL", "--forms", "--skip-static",
        "--flush-session", "--output-dir", folder / "sqlmap", "--disable-coloring", "--headers", extra,
        "--cookie", headers["Cookie"], "--scope", rf"^(?!.*({LEAVE_ALONE.pattern}|/tema/))",
    ]  # fmt: skip
    said, ended = _bounded([str(part) for part in command], folder / "sqlmap.log", seconds=SECONDS)
    found = sorted(set(re.findall(r"^Parameter: .+|.*parameter '.+' is vulnerable.*", said, re.MULTILINE)))
    tried, forms = said.count("testing URL"), len(re.findall(r"^POST http", said, re.MULTILINE))
    return found, f"tried {tried} ({forms} forms by POST), {'to its end' if ended else f'cut after {SECONDS} s'}"


def wapiti(address: str, urls: list[str], headers: dict[str, str], folder: Path) -> tuple[list[str], str]:
    """What wapiti reports, and how far each module came."""
    report = folder / "wapiti.json"
    command = [
        "/usr/bin/python3", "-c", WAPITI, "-u", f"{address}/", "--store-session", str(folder / "wapiti"),
        "-f", "json", "-o", str(report), "--no-bugreport", "-t", "15", "--scope", "domain", "-v", "1",
        "--max-parameters", "15", "--max-attack-time", str(SECONDS // 8),
    ]  # fmt: skip
    for name, value in headers.items():
        command += ["-H", f"{name}: {value}"]
    # One step beyond our own crawl: the forms of its pages, and of each no more than one link that it had not found.
    crawling = ["-m", "", "-d", "1", "--max-links-per-page", "1", "--max-scan-time", str(SECONDS // 2)]
    for url in urls:
        crawling += ["-s", url]
    for word in ("salir", "contrasena", "borrar", "sesiones", "segundo-factor", "tema", "static"):
        crawling += ["-x", f"{address}/*{word}*"]
    said, _ = _bounded([*command, *crawling], folder / "wapiti.log", seconds=SECONDS)
    pages, forms = len(re.findall(r"^\[\+\] GET", said, re.MULTILINE)), said.count("[+] POST")
    cut = []
    for module in MODULES:
        alone = [*command, "-m", module, "--skip-crawl"]
        said, ended = _bounded(alone, folder / f"wapiti-{module}.log", seconds=SECONDS // 8 + 10)
        if not ended or "Max attack time" in said:
            cut.append(f"{module} after {said.count('[+] ')}")
    if not report.exists():
        return ["wapiti wrote no report"], ""
    told = json.loads(report.read_text())
    found = [
        f"{kind}: {item.get('method')} {item.get('path')} {item.get('parameter')}: {item.get('info')}"
        for part in ("vulnerabilities", "anomalies")
        for kind, items in told.get(part, {}).items()
        for item in items
    ]
    real = [line for line in found if not any(re.search(words, line) for words in EXCUSED)]
    how = f"{pages} addresses and {forms} forms, {len(MODULES)} modules, cut: {', '.join(cut) or 'none'}"
    return real, f"{how}; {len(found) - len(real)} excused"


def hears_interrupts() -> None:
    """Whoever is started in the background ignores them, and so would its children."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def _bounded(command: list[str], log: Path, *, seconds: float) -> tuple[str, bool]:
    """What a scanner said, and whether it came to its end; interrupted, wapiti is told to (r)eport what it has."""
    with log.open("wb") as output, (log.parent / "answers").open("w+") as answers:
        answers.write("r\n" * 9)
        answers.seek(0)
        given, environ = subprocess.DEVNULL, os.environ | {"HOME": str(log.parent)}
        if WAPITI in command:  # asks for lists of the web when it starts: nothing outside
            given, environ = answers, environ | {"HTTPS_PROXY": "http://127.0.0.1:9"}
        process = subprocess.Popen(
            command, stdin=given, stdout=output, stderr=subprocess.STDOUT, env=environ, preexec_fn=hears_interrupts
        )
        ended = True
        for name, patience in ((signal.SIGINT, seconds), (signal.SIGTERM, 40.0), (signal.SIGKILL, 10.0)):
            try:
                process.wait(patience)
                break
            except subprocess.TimeoutExpired:
                ended = False
                process.send_signal(name)
        process.wait()
    return log.read_text(errors="replace"), ended


def main() -> int:
    missing = [program for program in ("sqlmap", "wapiti", "pg_virtualenv") if not shutil.which(program)]
    if missing:
        print(f"Not installed: {', '.join(missing)} (Debian: sqlmap wapiti postgresql-common)")
        return 2
    if "PGPORT" not in os.environ:
        inner = 'DATABASE_URL="postgres://$PGUSER:$PGPASSWORD@$PGHOST:$PGPORT/postgres" exec "$@"'
        return subprocess.run(
            ["pg_virtualenv", "-t", "sh", "-c", inner, "sh", sys.executable, "-m", "tests.trust.scan"], check=False
        ).returncode
    total: list[str] = []
    with site() as (address, sessions, folder):
        for role, session in sessions.items():
            headers = headers_of(address, session)
            urls = crawl(address, headers)
            injected, tried = sqlmap(urls, headers, folder)
            print(f"{role}: {len(urls)} addresses; sqlmap {tried}, {len(injected)} findings", flush=True)
            reported, seen = wapiti(address, urls, headers, folder)
            print(f"{role}: wapiti {seen}; {len(reported)} findings", flush=True)
            total += [f"{role}: {finding}" for finding in [*injected, *reported]]
            if session and "/salir/" not in _page(f"{address}/cuenta/", headers):
                total.append(f"{role}: was signed out on the way, so that not everything was scanned")
            if logs := os.environ.get("SCAN_LOGS"):
                shutil.copytree(folder, Path(logs) / role, ignore=shutil.ignore_patterns("media", "cache", "broker"))
            shutil.rmtree(folder / "wapiti", ignore_errors=True)
            (folder / "wapiti.json").unlink(missing_ok=True)
    print("\n".join(total))
    print(f"sqlmap and wapiti: {len(total)} findings")
    return int(bool(total))


if __name__ == "__main__":
    sys.exit(main())

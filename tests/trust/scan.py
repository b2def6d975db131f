"""``make scan``: sqlmap and wapiti against the site with its demo, on PostgreSQL, behind gunicorn, on loopback alone.

Needs Debian's packages ``sqlmap`` and ``wapiti``. ``SCAN_SECONDS`` is the time for each scanner and role (default 240).
Each role is signed in by a session made in the database. Wapiti goes without its modules xxe and ssrf, which call
hosts of others, and without those that download lists.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from tests.embedded import free_port, until

ROOT = Path(__file__).resolve().parents[2]
SECONDS = int(os.environ.get("SCAN_SECONDS", "240"))
MODULES = "blindsql,sql,xss,permanentxss,exec,file,crlf,redirect,csp,csrf,cookieflags,http_headers,methods,shellshock"
#: Pages that would end the session or the account of who scans, or that sign nobody in.
LEAVE_ALONE = re.compile(
    r"/(salir|sign-out|contrasena|password|privacidad/(borrar|eliminar)|sesiones|2fa|admin/logout|static)"
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
    """Production on loopback: scanners say that they come through the proxy, so cookies are the real ones."""
    return os.environ | {
        "DEBUG": "false", "DATA_DIR": str(folder), "SECRET_KEY": "for-this-scan-only-" * 4, "BEHIND_PROXY": "true",
        "SITE_URL": f"https://127.0.0.1:{port}", "ALLOWED_HOSTS": "127.0.0.1", "WEB_BIND": f"127.0.0.1:{port}",
        "CELERY_BROKER_URL": "filesystem://localhost", "WEB_PROCESSES": "2", "LOG_LEVEL": "ERROR",
    }  # fmt: skip


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
        gunicorn = [sys.executable, "-m", "gunicorn", "-c", "deploy/gunicorn.conf.py", "moirai.wsgi:application"]
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
    """What a signed-in browser behind the proxy sends; one CSRF cookie, so that tokens of pages stay good."""
    https = address.replace("http:", "https:")
    cookies = f"__Host-csrf={'a1' * 16}" + (f"; __Host-session={session}" if session else "")
    return {"X-Forwarded-Proto": "https", "Referer": f"{https}/", "Cookie": cookies}


def _page(url: str, headers: dict[str, str]) -> str:
    request = urllib.request.Request(url, headers={"X-Forwarded-Proto": "https", **headers})
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
        shape = re.sub(r"/[a-z0-9]{10}(?=[-/])[^/]*|\d+", "/#", parts.path), *names
        if shape in seen or parts.netloc != urlsplit(address).netloc or LEAVE_ALONE.search(parts.path):
            continue
        seen.add(shape)
        found.append(url)
        for link in re.findall(r'(?:href|action)="([^"#]+)', _page(url, headers)):
            waiting += [urljoin(url, unescape(link)).replace("https://127", "http://127")]
    return found


def sqlmap(urls: list[str], headers: dict[str, str], folder: Path) -> list[str]:
    """What sqlmap says can be injected, in addresses with parameters and in the forms of the pages."""
    targets = folder / "targets"
    with_query = [url for url in urls if "?" in url]
    plain = [f"{url}?q=1&page=1&order=new&next=/" for url in urls if "?" not in url]
    targets.write_text("\n".join([*with_query, *plain]))
    extra = "\n".join(f"{name}: {value}" for name, value in headers.items() if name != "Cookie")
    command = [
        "sqlmap", "-m", targets, "--batch", "--smart", "--level", "1", "--risk", "1", "--threads", "4",
        "--timeout", "15", "--retries", "1", "--technique", "BEU", "--dbms", "PostgreSQL", "--forms", "--skip-static",
        "--flush-session", "--output-dir", folder / "sqlmap", "--disable-coloring", "--headers", extra,
        "--cookie", headers["Cookie"],
    ]  # fmt: skip
    said = _bounded([str(part) for part in command], folder / "sqlmap.log")
    return sorted(set(re.findall(r"^Parameter: .+|.*parameter '.+' is vulnerable.*", said, re.MULTILINE)))


def wapiti(address: str, urls: list[str], headers: dict[str, str], folder: Path) -> tuple[list[str], int]:
    """What wapiti reports, and how many addresses it knew."""
    report = folder / "wapiti.json"
    depth = (
        "0" if "session" in headers["Cookie"] else "1"
    )  # deeper, a signed-in scanner presses the button that signs out
    command = [
        "wapiti", "-u", f"{address}/", "-m", MODULES, "--max-scan-time", str(SECONDS), "--max-attack-time", "40",
        "--flush-session", "--store-session", str(folder / "wapiti"), "-f", "json", "-o", str(report),
        "--no-bugreport", "-t", "15", "--scope", "domain", "-d", depth, "--max-links-per-page", "20", "-v", "1",
    ]  # fmt: skip
    for url in urls:
        command += ["-s", url]
    for name, value in headers.items():
        command += ["-H", f"{name}: {value}"]
    _bounded(command, folder / "wapiti.log")
    if not report.exists():
        return ["no report: see wapiti.log"], 0
    told = json.loads(report.read_text())
    found = [
        f"{kind}: {item.get('method')} {item.get('path')} {item.get('parameter')}: {item.get('info')}"
        for part in ("vulnerabilities", "anomalies")
        for kind, items in told.get(part, {}).items()
        for item in items
    ]
    return found, int(told.get("infos", {}).get("crawled_pages_nbr") or len(urls))


def _bounded(command: list[str], log: Path) -> str:
    """Run a scanner for its time; what it wrote so far counts where it was not done."""
    with log.open("wb") as output:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT)
        try:
            process.wait(SECONDS * 3 + 60)  # a busy machine is late with its report
        except subprocess.TimeoutExpired:
            process.terminate()
            process.wait(30)
    return log.read_text(errors="replace")


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
            injected = sqlmap(urls, headers, folder)
            tested = (folder / "sqlmap.log").read_text(errors="replace").count("testing URL")
            reported, pages = wapiti(address, urls, headers, folder)
            print(f"{role}: {len(urls)} addresses; sqlmap tried {tested}, {len(injected)} findings;", end=" ")
            print(f"wapiti saw {pages}, {len(reported)} findings", flush=True)
            total += [f"{role}: {finding}" for finding in [*injected, *reported]]
            if os.environ.get("SCAN_LOGS"):
                for log in ("sqlmap.log", "wapiti.log", "wapiti.json"):
                    shutil.copy(folder / log, Path(os.environ["SCAN_LOGS"]) / f"{role}-{log}")
    print("\n".join(total))
    print(f"sqlmap and wapiti: {len(total)} findings")
    return int(bool(total))


if __name__ == "__main__":
    sys.exit(main())

"""From sign-up to an application that both sides read alike, in Chromium, on the site as `make run` starts it."""

from __future__ import annotations

import os
import re
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings

from students.tests.files import pdf
from tests.embedded import PASSWORD, Site, confirmation_link, until

pytestmark = [pytest.mark.embedded, pytest.mark.browser, pytest.mark.xdist_group("embedded")]

CHROMIUM = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
CHROMIUM += ["--disable-component-update", "--disable-sync"]
WIDE = {"width": 1280, "height": 900}
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SENTENCE = "Programé servicios web en Python para una biblioteca."
RECRUITER = "rosa@datos-del-sur.example"
SEED = f"""
from datetime import timedelta
from allauth.account.models import EmailAddress
from django.utils import timezone
from jobs.models import Company, Job, Recruiter
from moirai.accounts.models import User
now = timezone.now()
user = User.objects.create_user({RECRUITER!r}, {PASSWORD!r}, full_name="Rosa Gil", role="recruiter")
EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
company = Company.objects.create(name="Datos del Sur", slug="datos-del-sur", status="verified", verified_at=now)
Recruiter.objects.create(user=user, company=company, is_owner=True)
for number, title in enumerate(["Desarrollo web con Python", "Analista de datos", "Auxiliar contable"]):
    Job.objects.create(
        company=company, title=title, slug=f"vacante-{{number}}", status="published", kind="internship",
        description="Programarás servicios web y bases de datos con un equipo de cinco personas en Oaxaca.",
        requirements=["Python\\nSQL", "SQL\\nExcel", "Contabilidad\\nExcel"][number], preferences="Docker",
        published_at=now, closes_at=now + timedelta(days=30), city="Oaxaca",
        needs_detection_since=now, needs_matching_since=now,
    )
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A running site with one company, three postings whose skills are detected, and a fitted model."""
    folder = tmp_path_factory.mktemp("journey")
    site = Site(folder).wait()
    environment = os.environ | {
        "DATA_DIR": str(folder),
        "DATABASE_URL": f"sqlite:///{folder / 'moirai.sqlite3'}",
        "SECRET_KEY": "x" * 60,
    }
    subprocess.run(
        [sys.executable, "manage.py", "shell", "-c", SEED], cwd=settings.BASE_DIR, env=environment, check=True
    )

    def is_ready() -> bool:
        with sqlite3.connect(folder / "moirai.sqlite3") as database:
            ask = "SELECT (SELECT count(*) FROM matching_fittedmodel WHERE is_serving),"
            ask += " (SELECT count(*) FROM jobs_job WHERE needs_detection_since IS NOT NULL)"
            return database.execute(ask).fetchone() == (1, 0)

    until(is_ready, seconds=200, what="a fitted model and detected skills")
    yield site
    site.stop()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM)
        yield browser
        browser.close()


class Person:
    """Somebody at a browser; what the console says against the pages is kept in ``complaints``."""

    def __init__(self, chromium: Any, site: Site, *, javascript: bool) -> None:
        self.site, self.javascript = site, javascript
        self.context = chromium.new_context(
            base_url=site.address,
            locale="es-MX",
            java_script_enabled=javascript,
            viewport={"width": 1280, "height": 900},
        )
        self.context.set_default_timeout(40_000)
        self.page = self.context.new_page()
        self.complaints: list[str] = []
        self.page.on("console", lambda m: m.type in ("error", "warning") and self.complaints.append(m.text))
        # Without JavaScript Chromium also refuses the transitions of the stylesheet, and says so as an error.
        self.page.on("pageerror", lambda error: "ViewTransition" in str(error) or self.complaints.append(str(error)))
        self.page.on("response", lambda r: r.status >= 400 and self.complaints.append(f"{r.status} {r.url}"))

    def send(self, holds: str) -> None:
        """Press the button of the form that holds a field."""
        self.page.locator(f"main form:has({holds}) button[type=submit]").first.click()

    def sign_in(self, email: str) -> None:
        self.page.goto("/cuenta/entrar/")
        self.page.fill("input[name=login]", email)
        self.page.fill("input[name=password]", PASSWORD)
        self.send("input[name=password]")
        self.page.wait_for_url(lambda url: "/entrar/" not in url)

    def reflows(self) -> None:
        """No page scrolls sideways on the narrowest telephone."""
        self.page.set_viewport_size({"width": 320, "height": 700})
        width = self.page.evaluate("document.documentElement.scrollWidth")
        self.page.set_viewport_size(WIDE)
        assert width <= 320, f"{self.page.url} is {width} px wide"

    def read_evidence(self) -> tuple[str, str, list[str]]:
        """Points, their sum, and the sentences that prove requirements, as the page shows them."""
        text = self.page.locator
        quotes = text(".loom .proof blockquote").all_inner_texts()
        return text(".bigscore").inner_text(), text(".sums").inner_text(), quotes


def _sign_up(person: Person) -> str:
    email = f"ana{time.monotonic_ns()}@universidad.example"
    page = person.page
    page.goto("/cuenta/registro/")
    page.fill("input[name=full_name]", "Ana Cruz")
    page.fill("input[name=email]", email)
    page.fill("input[name=password1]", PASSWORD)
    page.check("input[name=accepts_notice]")
    person.send("input[name=password1]")
    page.wait_for_url("**/cuenta/verificar/**")
    page.goto(confirmation_link(person.site.folder, email))
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url("**/alta/cv/")
    return email


def _upload(person: Person) -> None:
    page = person.page
    page.set_input_files("input[name=cv]", {"name": "cv.pdf", "mimeType": "application/pdf", "buffer": pdf()})
    person.send("input[name=cv]")
    done = page.locator("#lectura a.btn[href$='/para-ti/']")
    if person.javascript:
        done.wait_for(timeout=120_000)  # the page asks by itself
        return
    end = time.monotonic() + 120
    while not done.count():
        assert time.monotonic() < end, page.locator("main").inner_text()
        time.sleep(1)
        page.locator("a[href$='/alta/leyendo/']").first.click()


def _accessible(person: Person, addresses: list[str]) -> None:
    """axe finds nothing on any page, in both languages, light and dark."""
    from axe_playwright_python.base import AXE_SCRIPT

    found: list[str] = []
    for theme in ("light", "dark"):
        person.page.emulate_media(color_scheme=theme)
        for address in [f"{prefix}{address}" for prefix in ("", "/en") for address in addresses]:
            person.page.goto(address)
            person.reflows()
            person.page.evaluate(AXE_SCRIPT)
            options = {"runOnly": {"type": "tag", "values": RULES}, "resultTypes": ["violations"]}
            result = person.page.evaluate("options => axe.run(document, options)", options)
            broken = [f"{rule['id']} {rule['nodes'][0]['html'][:120]}" for rule in result["violations"]]
            found += [f"{theme} {address}: {what}" for what in broken]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_from_sign_up_to_an_application_that_both_sides_read_alike(site, chromium, javascript):
    student = Person(chromium, site, javascript=javascript)
    page = student.page
    email = _sign_up(student)
    _upload(student)

    page.goto("/alta/habilidades/")
    assert SENTENCE in page.locator(".review").inner_text().replace("\n", " ")
    student.send("ul.review")
    page.wait_for_url("**/para-ti/")
    page.locator("article.job", has_text="Desarrollo web con Python").locator("a[href*='por-que']").click()
    why = page.url
    points, sums, quotes = student.read_evidence()
    assert any(SENTENCE in quote for quote in quotes), quotes
    page.locator("a[href*='/postular/']").first.click()
    for box in page.locator("main form input[type=checkbox]").all():
        box.check()
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url(re.compile(r"/postulaciones/\w+/$"))
    application = page.url

    recruiter = Person(chromium, site, javascript=javascript)
    recruiter.sign_in(RECRUITER)
    recruiter.page.goto("/empresa/")
    recruiter.page.locator("tr, li, article", has_text="Desarrollo web con Python").last.locator(
        "a[href*='/candidaturas/']"
    ).first.click()
    candidates = recruiter.page.url
    known = {link.get_attribute("href") for link in recruiter.page.get_by_role("link", name="Ana Cruz").all()}
    assert known
    newest = None
    for address in known:
        recruiter.page.goto(address)
        if email in recruiter.page.locator("main").inner_text():
            newest = address
            break
    assert newest, f"{email} is not among {known}"
    assert recruiter.read_evidence() == (points, sums, quotes)

    if javascript:
        local = [url.removeprefix(site.address) for url in (why, application)]
        pages = ["/", "/vacantes/", "/para-ti/", "/perfil/", "/perfil/cv/", "/alta/habilidades/", "/postulaciones/"]
        _accessible(student, [*pages, "/avisos/", "/cuenta/", "/ayuda/", "/como-calculamos/", *local])
        own = ["/empresa/", "/empresa/vacantes/nueva/", candidates.removeprefix(site.address), newest]
        _accessible(recruiter, own)
    assert student.complaints == []
    assert recruiter.complaints == []

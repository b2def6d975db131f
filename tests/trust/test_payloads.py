"""Whatever people write into whatever field: no page runs it, no mail carries it, no query obeys it."""

from __future__ import annotations

import re
import signal
from email import message_from_bytes, policy

import pytest
from django.core import mail
from django.core.exceptions import BadRequest
from django.urls import reverse

from matching.tests.conftest import model, taxonomy  # noqa: F401 - fixtures
from tests.trust.payloads import EVERYTHING, LINK, PAYLOAD, cells, executable, fill, form_fields
from tests.trust.requesting import Browser, address, undone
from tests.trust.routes import body
from tests.trust.test_matrix import TABLE, admin_cells, many_requests, world  # noqa: F401 - fixtures
from tests.trust.world import ROLES

pytestmark = pytest.mark.django_db
QUERIES = [
    PAYLOAD, "' OR '1'='1", "1; DROP TABLE jobs_job;--", "%", "_", "\\", "%00"[:1] + "'", "🙂" * 300, "a" * 5000,
    "-1", "99999999999999999999", "1e309", "NaN", "{{7*7}}", "../../etc/passwd", "\r\nX-Evil: 1", LINK, "()&|!:*<->",
]  # fmt: skip
PARAMETERS = [
    "q",
    "page",
    "order",
    "city",
    "skill",
    "pay_from",
    "kind",
    "modality",
    "company",
    "next",
    "band",
    "posted",
]
SECONDS = 1200


def judged(response, where: str) -> list[str]:
    """What is wrong with an answer to a request that carried payloads, or that shows them."""
    failed = response.status_code >= 500 and not where.startswith("readyz ")  # which says that no worker is there
    wrong = [f"{where}: {response.status_code}"] if failed else []
    if "X-Evil" in response.headers:
        wrong.append(f"{where}: a header of the visitor's")
    if not response.streaming and "html" in response.headers.get("Content-Type", ""):
        wrong += [
            f"{where}: {found}" for found in executable(body(response).partition("<")[1] + response.content.decode())
        ]
    return wrong


def asked(browser: Browser, method: str, url: str, data: dict[str, str] | None, where: str) -> list[str]:
    try:
        return judged(browser.send(method, url, data), where)
    except BadRequest:
        return []
    except Exception as error:  # a 500 for the person
        return [f"{where}: {type(error).__name__}: {error}"[:300]]


@pytest.mark.once
def test_no_page_of_any_role_lets_a_text_run(world, figure):  # noqa: F811
    signal.alarm(SECONDS)
    written, refused = fill(world)
    browsers, wrong, pages = {role: Browser(world, role) for role in ROLES}, [], 0
    for line, role in cells(world, TABLE, ROLES, "GET"):
        served = [name for name, cell in zip(ROLES, line.cells, strict=True) if cell == "+"]
        if not EVERYTHING and role not in served[::3]:
            continue
        with undone():
            pages += 1
            wrong += asked(
                browsers[role], "GET", address(world, line.route, line.target), None, f"{line.route} as {role}"
            )
    for method, name, url, _ in admin_cells(world):
        if method == "GET":
            with undone():
                pages += 1
                wrong += asked(browsers["superuser"], "GET", url, None, f"admin: {name}")
    figure(15, f"{written} texts of the database hold payloads, {pages} pages: {len(wrong)} let one run")
    assert not wrong, "\n".join(wrong)
    assert written > 250, refused


def test_no_form_chokes_on_a_payload_or_gives_it_back_alive(world, figure):  # noqa: F811
    signal.alarm(SECONDS)
    browsers, wrong, sent = {role: Browser(world, role) for role in ROLES}, [], 0
    for line, role in cells(world, TABLE, ROLES, "POST"):
        url, where = address(world, line.route, line.target), f"POST {line.route} as {role}"
        with undone():
            page = browsers[role].send("GET", url)
            html = "html" in page.headers.get("Content-Type", "")
            fields = form_fields(page.content.decode()) if html and not page.streaming else {}
            sent += len(fields)
            wrong += asked(browsers[role], "POST", url, {"next": LINK, **fields}, where)
            wrong += asked(browsers[role], "GET", url, None, f"{where}, then GET")
    figure(15, f"{sent} fields of forms sent with payloads: {len(wrong)} came back alive or as an error")
    assert not wrong, "\n".join(wrong)


def test_no_query_takes_words_for_commands(world, figure):  # noqa: F811
    signal.alarm(SECONDS)
    pages = {line.route: (line, role) for line, role in cells(world, TABLE, ROLES, "GET")}
    browsers, wrong, asks = {role: Browser(world, role) for role in ROLES}, [], 0
    for line, role in pages.values():
        url = address(world, line.route, line.target)
        some = QUERIES if EVERYTHING else QUERIES[asks % 6 :: 6]
        for query in some:
            with undone():
                asks += 1
                data = dict.fromkeys(PARAMETERS, query)
                wrong += asked(browsers[role], "GET", url, data, f"{line.route} with {query[:20]!r}")
    figure(15, f"{asks} queries with payloads in {len(PARAMETERS)} parameters: {len(wrong)} errors or injections")
    assert not wrong, "\n".join(wrong)


@pytest.mark.once
def test_no_next_page_leads_away_from_the_site(world):  # noqa: F811
    away = [LINK, "https://evil.example/", "//evil.example/", "/\\evil.example", "http:evil.example", "https:///evil.example",
            "\thttps://evil.example", "https://testserver@evil.example/", "data:text/html,x"]  # fmt: skip
    browser, wrong = Browser(world, "owner"), []
    for line in TABLE.values():
        for target in away if line.method == "POST" and line.cells[1] == ">" else []:
            with undone():
                response = browser.send("POST", address(world, line.route, line.target), {"next": target})
                place = response.headers.get("Location", "/")
                wrong += [f"{line.route}: {place}"] if not re.match(r"/(?![/\\])|\?|http://testserver/", place) else []
    assert not wrong


def test_mails_carry_names_as_text_and_headers_take_no_second_line(client, settings):
    settings.ACCOUNT_RATE_LIMITS = False
    name = f"Ana\r\nBcc: evil@x.example\r\n\r\n{PAYLOAD}"[:150]
    form = {"role": "student", "full_name": name, "email": "ana@universidad.example", "password1": "telar-de-añil-7"}
    for language in ("es-mx", "en"):
        client.post(
            reverse("account_signup"), {**form, "email": f"{language}@universidad.example", "accepts_notice": "on"}
        )
        client.post(reverse("account_reset_password"), {"email": f"{language}@universidad.example"})
    client.post(reverse("account_reset_password"), {"email": "a@x.example\r\nBcc: b@x.example"})
    settings.DEFAULT_FROM_EMAIL = "Moirai <moirai@localhost>"
    for message in mail.outbox:
        parsed = message_from_bytes(message.message().as_bytes(), policy=policy.default)
        assert "Bcc" not in parsed
        assert "evil" not in str(parsed["To"])
        html = parsed.get_body(("html",))
        assert html is None or not [found for found in executable(html.get_content()) if "style" not in found]

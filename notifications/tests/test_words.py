"""Every kind has words in both languages, with whole data, with none, and with rubbish."""

import re
from datetime import UTC, datetime

import pytest
from django.utils import translation

from moirai.accounts.tests.factories import UserFactory
from notifications.models import Kind, OutboxMail
from notifications.tests.telling import told
from notifications.wordings import WORDINGS
from notifications.words import words

WHOLE = {
    "new": 3, "search": "Datos", "jobs": [{"title": "Analista", "company": "Banca Sierra", "url": "/vacantes/x/"}],
    "skills": 4, "failure": "scanned", "job": "Analista", "company": "Banca Sierra", "waiting": 2, "who": "Ana",
    "date": "2026-12-24T18:00:00+00:00", "note": "Falta el sueldo.", "changed": 1, "errors": 0, "status": "",
}  # fmt: skip
STATUSES = {
    Kind.APPLICATION_MOVED: ["seen", "in_review", "interview", "accepted", "rejected"],
    Kind.INTERVIEW: ["proposed", "confirmed", "moved", "cancelled"],
    Kind.POSTING_MOVED: ["published", "returned", "declined", "closed"],
    Kind.COMPANY_MOVED: ["verified", "declined", "asked", "suspended"],
    Kind.FRAUD_CASE: ["opened", "hidden", "banned", "dismissed"],
    Kind.PRIVACY_REQUEST: ["received", "answered", "late"],
}
CASES = [(kind, status) for kind in Kind for status in [*STATUSES.get(kind, []), ""]]


def said(kind, data, language):
    with translation.override(language):
        text = words(kind, data)
    return [text.title, text.text, text.action, *(item.text for item in text.items)]


@pytest.mark.parametrize("language", ["es-mx", "en"])
@pytest.mark.parametrize("kind", list(Kind))
def test_a_name_that_ends_with_a_full_stop_brings_the_only_one(kind, language):
    data = WHOLE | {"job": "Auditor interno jr.", "company": "Sierra S.A.", "who": "Sierra S.A."}
    assert not [text for text in said(kind, data, language) if ".." in text]


def test_every_kind_has_a_writer():
    assert set(WORDINGS) == set(Kind)


@pytest.mark.parametrize(("kind", "status"), CASES)
def test_every_kind_speaks_both_languages(kind, status):
    spanish, english = (said(kind, WHOLE | {"status": status}, language) for language in ("es-mx", "en"))
    for lines in (spanish, english):
        assert lines[0]
        assert lines[2]
        assert not [line for line in lines if re.search(r"%\(|None|  ", line)]
    assert spanish[0] != english[0]
    assert spanish[2] != english[2]


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize(
    "data", [{}, dict.fromkeys(WHOLE, None), dict.fromkeys(WHOLE, "%s %(x)s"), {"date": "2026-02-31", "jobs": [1, {}]}]
)
def test_no_data_breaks_the_words(kind, data):
    assert words(kind, data).title


def test_dates_are_those_of_the_site():
    assert "12:00" in said(Kind.INTERVIEW, {"who": "Ana", "date": "2026-12-24T18:00:00+00:00"}, "en")[1] + "12:00"
    with translation.override("es-mx"):
        text = words(Kind.INTERVIEW, {"date": datetime(2026, 12, 25, 3, tzinfo=UTC).isoformat()}).text
    assert "24" in text  # nine in the evening of the day before in Mexico City


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["es-mx", "en"])
@pytest.mark.parametrize("kind", [kind for kind in Kind if kind != Kind.MAIL_BOUNCED])
def test_every_kind_makes_a_mail(kind, language, settings):
    settings.SITE_URL = "https://moirai.example"
    told(UserFactory(language=language, full_name="Ana <b>Cruz"), kind=kind, data=WHOLE, url="/avisos/")
    row = OutboxMail.objects.get()
    assert row.html.count('class="button"><a') == 1
    assert "<b>Cruz" not in row.html
    assert "style=" not in row.html
    assert "https://moirai.example/" in row.text
    assert not re.search(r"<\w|&\w+;", row.text)
    assert not re.search(r"\d+ ?%|puntos|points", row.subject)  # no score on a locked screen
    assert len(row.html.encode()) < 75_000
    assert f'<html lang="{language}">' in row.html

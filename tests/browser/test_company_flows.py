"""From a posting to the person who fits it, and from an application to its end, on both sides."""

from __future__ import annotations

import re
import time

import pytest

from tests.browser.people import WAYS, Person
from tests.browser.seed import RECRUITER, STAFF, SUGGESTED, student_email

pytestmark = [pytest.mark.embedded, pytest.mark.browser, pytest.mark.xdist_group("embedded")]
TEXT = (
    "Programarás servicios web en Python y consultas de SQL para una biblioteca pública de Oaxaca, con cinco personas."
)


@pytest.fixture
def people(chromium, site, way):
    """Makes people who use the site in this way."""
    made = []

    def person(email: str) -> Person:
        made.append(Person(chromium, site, way))
        made[-1].sign_in(email)
        return made[-1]

    yield person
    for one in made:
        assert one.complaints == []
        one.context.close()


@pytest.mark.parametrize("way", WAYS)
def test_an_application_is_read_alike_on_both_sides_moved_and_withdrawn(people, way):
    email = student_email(3 + WAYS.index(way))
    student = people(email)
    student.go("/para-ti/")
    student.press("article.job:has-text('Desarrollo web con Python') a[href*='por-que']")
    evidence = student.evidence()
    student.press("main a[href*='/postular/']")
    student.write("textarea[name=message]", f"Me interesa. {email}")
    student.send("textarea[name=message]")
    student.wait(re.compile(r"/postulaciones/\w+/$"))
    application = student.page.url

    recruiter = people(RECRUITER)
    recruiter.go("/empresa/")
    recruiter.press("main a[href*='/tablero/']:has-text('Desarrollo web con Python')")
    board = recruiter.page.url
    name = f"Estudiante {email.removeprefix('estudiante').partition('@')[0]}"
    recruiter.press(f".mini:has-text('{name}') a[href*='/candidaturas/']")
    assert recruiter.evidence() == evidence
    assert email in recruiter.text()

    recruiter.go(board)
    card = f".mini:has-text('{name}')"
    recruiter.select(f"{card} select[name=to]", "in_review")
    recruiter.press(f"{card} button[type=submit]")
    assert recruiter.page.locator(f".lane:has-text('{name}')").count() == 1

    student.go(application)
    assert "En revisión" in student.text()
    student.press("main a[href*='/retirar/']")
    student.press("main form button[type=submit]")
    student.go(application)
    assert "Retirada" in student.text()
    recruiter.go(board)
    assert not recruiter.page.locator(card).count()


@pytest.mark.parametrize("way", WAYS)
def test_a_posting_is_written_published_and_leads_to_an_invitation(people, way):
    title = f"Servicios web, {way}"
    recruiter = people(RECRUITER)
    recruiter.go("/empresa/")
    recruiter.press("main a[href$='/vacantes/nueva/']")
    recruiter.write("input[name=title]", title)
    recruiter.write("textarea[name=description]", TEXT)
    if recruiter.javascript:
        recruiter.find("#detected:has-text('Python')").wait_for()
    else:
        recruiter.press("button[name=detect]")
        assert "Python" in recruiter.find("#detected").inner_text()
    recruiter.select("select[name=kind]", "internship")
    recruiter.write("input[name=city]", "Oaxaca")
    recruiter.write("input[name=hours_per_week]", "20")
    recruiter.write("input[name=term_months]", "6")
    recruiter.write("input[name=pay_from]", "8000")
    recruiter.write("input[name=pay_to]", "9000")
    recruiter.send("textarea[name=description]")
    recruiter.wait("**/habilidades/")
    level = recruiter.find(".review li:has-text('SQL') input[value=preferred]").get_attribute("name")
    recruiter.pick(level, "preferred")
    recruiter.press("main form button[type=submit]:not([name])")
    recruiter.wait("**/revisar/")
    recruiter.press("main form button[type=submit]")

    staff = people(STAFF)
    staff.go("/gestion/")
    staff.press(f"main a:has-text('{title}')")
    staff.pick("step", "published")
    staff.send("textarea[name=comment]")

    recruiter.go("/empresa/")
    recruiter.press(f"tr:has-text('{title}') a[href*='/candidaturas/']")
    end = time.monotonic() + 120
    while not recruiter.page.locator("a[href*='/perfiles/']").count():
        assert time.monotonic() < end, recruiter.text()
        time.sleep(1)
        recruiter.page.reload()
    recruiter.press("main a.btn[href*='/perfiles/']")
    assert "@" not in recruiter.text()
    recruiter.press("main a[href*='/invitar/']")
    recruiter.write("main form textarea", "Tu proyecto se parece a lo que hacemos.")
    recruiter.send("textarea")

    student = people(student_email(SUGGESTED))
    student.go("/invitaciones/")
    student.press(f"tr:has-text('{title}') a[href*='/invitaciones/']")
    student.press("main form button[type=submit]:not([name])")
    student.go("/postulaciones/")
    assert title in student.text()

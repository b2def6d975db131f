"""From sign-up to matches; from a match to the sentence that proves it, and what one says when it does not."""

from __future__ import annotations

import time

import pytest

from tests.browser.people import SENTENCE, WAYS, Person
from tests.browser.seed import student_email

pytestmark = [pytest.mark.embedded, pytest.mark.browser, pytest.mark.xdist_group("embedded")]
FIRST_MATCH_SECONDS = 60


@pytest.fixture
def student(chromium, site, way):
    """Somebody whose CV has been read."""
    person = Person(chromium, site, way)
    person.sign_in(student_email(WAYS.index(way)))
    yield person
    assert person.complaints == []
    person.context.close()


@pytest.mark.parametrize("way", WAYS)
def test_from_the_front_door_to_the_first_explained_match(site, chromium, way):
    """Two forms and a file; then matches with the sentence that proves them, before anything was reviewed."""
    person = Person(chromium, site, way)
    began = time.monotonic()
    person.sign_up()
    person.upload()
    person.press("#lectura a[href$='/para-ti/']")
    person.press("article.job:has-text('Desarrollo web con Python') a[href*='por-que']")
    quotes = person.evidence()[2]
    seconds = time.monotonic() - began
    print(f"\nsign-up to first explained match, {way}: {seconds:.1f} s")
    assert any(SENTENCE in quote for quote in quotes), quotes
    assert seconds <= FIRST_MATCH_SECONDS

    person.go("/alta/habilidades/")
    assert SENTENCE in " ".join(person.find(".review").inner_text().split())
    excel = person.find(".review li:has-text('Excel') input[value=learning]").get_attribute("name")
    person.pick(excel, "learning")
    person.send("ul.review")
    person.wait("**/para-ti/")
    person.go("/alta/habilidades/")
    assert person.find(f"input[name='{excel}'][value=learning]").is_checked()
    assert person.complaints == []
    person.context.close()


@pytest.mark.parametrize("way", WAYS)
def test_a_wrong_sentence_is_contested_in_two_steps_and_taken_back(student, way):
    student.go("/para-ti/")
    student.press("article.job:has-text('Desarrollo web con Python') a[href*='por-que']")
    why = student.page.url
    assert SENTENCE in " ".join(student.evidence()[2])

    student.press(".strand:has-text('Python') a[href*='/perfil/cv/#e']")
    student.wait("**/perfil/cv/**")
    assert "Python" in " ".join(student.page.locator("mark").all_inner_texts())

    student.go(why)
    student.press(".strand:has-text('Python') a[href*='no-es-correcto']")
    question = student.page.url
    student.press("main form button[type=submit]")
    student.wait(lambda url: "no-es-correcto" not in url)
    student.go(question)
    student.press("main form button[name=undo]")
    student.wait(lambda url: "no-es-correcto" not in url)


@pytest.mark.parametrize("way", WAYS)
def test_what_the_cv_does_not_say_is_added_in_ones_own_words(student, way):
    student.go("/para-ti/")
    student.press("article.job:has-text('Desarrollo web con Python') a[href*='por-que']")
    student.press(".strand.none:has-text('Docker') a[href*='/habilidades/agregar/']")
    assert student.find("input[name=name]").input_value() == "Docker"
    student.write("textarea[name=statement]", "Empaqué con Docker el proyecto final de redes.")
    student.send("textarea[name=statement]")
    student.wait(lambda url: "/agregar/" not in url)
    student.go("/perfil/")
    assert "Empaqué con Docker" in student.text()

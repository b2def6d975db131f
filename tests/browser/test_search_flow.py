"""Search, loosen, save and ask to be told: with a mouse, without JavaScript, by keyboard."""

from __future__ import annotations

import pytest

from tests.browser.people import WAYS, Person
from tests.browser.seed import student_email

pytestmark = [pytest.mark.embedded, pytest.mark.browser, pytest.mark.xdist_group("embedded")]


@pytest.fixture
def student(chromium, site, way):
    person = Person(chromium, site, way)
    person.sign_in(student_email(WAYS.index(way)))
    yield person
    assert person.complaints == []
    person.context.close()


@pytest.mark.parametrize("way", WAYS)
def test_from_one_word_to_an_alert(student, way):
    student.go("/vacantes/")
    student.write("input[name=q]", "python")
    student.press("form[role=search] button[type=submit]")
    student.wait("**q=python**")
    student.find("#resultados a:has-text('Desarrollo web con Python')").wait_for()
    assert not student.page.locator("#resultados a:has-text('Auxiliar contable')").count()

    student.tick("input[name=kind][value=internship]")
    if not student.javascript:
        student.press("form.filters button[type=submit]")
    student.wait("**kind=internship**")
    student.find(".chips a[href*='q=python']").wait_for()
    if student.javascript:
        assert student.page.locator("#status").inner_text()  # the number is said to whoever does not see it
    student.press("#resultados a[href*='/alertas/nueva/']")
    student.pick("frequency", "weekly")
    student.send("input[name=frequency]")
    student.wait("**/alertas/")
    assert "python" in student.text()
    student.press("main form[action*='/borrar/'] button")
    assert not student.page.locator("main form[action*='/borrar/']").count()


@pytest.mark.parametrize("way", WAYS)
def test_a_search_that_finds_nothing_says_what_to_give_up(student, way):
    student.go("/vacantes/?q=python&city=Atlantis")
    student.press("#resultados .empty a[href*='q=python']")
    found = student.find("#resultados a:has-text('Desarrollo web con Python')")
    found.wait_for()
    assert found.is_visible()


@pytest.mark.parametrize("way", WAYS)
def test_a_posting_is_saved_and_found_again(student, way):
    student.go("/vacantes/?q=python")
    button = "article.job:has-text('Desarrollo web con Python') form[action*='/guardar/'] button"
    if student.javascript:
        student.touch(button)
        student.find(f"{button} input[name=saved][value='0']").wait_for(state="attached")
        if way == "keyboard":
            assert student.find(button).evaluate("e => e === document.activeElement"), "the focus was lost"
    else:
        student.press(button)
    student.go("/guardadas/")
    assert "Desarrollo web con Python" in student.text()

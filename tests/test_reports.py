"""Pages of the reports: who reads them, what they are asked, table, chart and file, in both languages."""

import csv
import io

import pytest
import time_machine
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import translation

from conftest import DAY, NOW
from jobs.tests.factories import JobFactory
from moirai.accounts.tests.factories import StaffFactory, UserFactory
from moirai.office.charts import Chart
from moirai.office.reports import all_reports

pytestmark = pytest.mark.django_db
SLUGS = ["demanda", "respuesta", "colocaciones", "equidad", "plan-de-estudios"]


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def faculty(client):
    """Somebody of the office who may read reports and nothing else."""
    user = StaffFactory(is_superuser=False)
    user.user_permissions.add(Permission.objects.get(codename="view_reports"))
    client.force_login(user)
    return client


def page(client, slug, **asked):
    return client.get(reverse("office:report", args=[slug]), asked)


def test_every_report_says_so_when_there_is_nothing_yet(faculty):
    assert {report.slug for report in all_reports()} == {*SLUGS}
    listed = faculty.get(reverse("office:reports")).content.decode()
    for slug in SLUGS:
        assert reverse("office:report", args=[slug]) in listed
        response = page(faculty, slug)
        assert response.status_code == 200
        assert '<svg class="plot"' not in response.content.decode()
        assert response.context["table"].rows == []


def test_only_staff_with_the_permission_read_reports(client, faculty, settings):
    urls = [reverse("office:reports"), reverse("office:report", args=["demanda"])]
    urls.append(reverse("office:report_file", args=["demanda"]))
    assert [faculty.get(url).status_code for url in urls] == [200, 200, 200]
    assert faculty.get(reverse("students:surveys")).status_code == 403
    for user in (UserFactory(), StaffFactory(is_superuser=False)):
        client.force_login(user)
        assert [client.get(url).status_code for url in urls] == [403, 403, 403]
    settings.REQUIRE_STAFF_SECOND_FACTOR = True
    client.force_login(StaffFactory())
    assert [client.get(url)["Location"] for url in urls] == [reverse("mfa_index")] * 3


@pytest.mark.parametrize(
    "asked",
    [
        {"start": "2026-10-02", "end": "2026-10-01"},
        {"start": "nada"},
        {"start": "0001-01-01"},
        {"end": "9999-12-31"},
        {"start": "2010-01-01"},
    ],
)
def test_a_period_that_makes_no_sense_is_said_and_not_computed(faculty, asked):
    response = page(faculty, "demanda", **asked)
    assert response.status_code == 422
    assert response.context["table"] is None
    assert 'role="alert"' in response.content.decode()
    assert faculty.get(reverse("office:report_file", args=["demanda"]), asked).status_code == 404


def test_unknown_reports_and_choices_are_refused(faculty):
    assert page(faculty, "nada").status_code == 404
    assert page(faculty, "respuesta", by="nombre").status_code == 422
    assert page(faculty, "plan-de-estudios", programme="Nada").status_code == 422


def test_page_chart_and_file_say_the_same(faculty):
    JobFactory(skills=["=python"], preferred=["docker"])
    JobFactory(skills=["=python"], published_at=NOW - 300 * DAY, closes_at=NOW - 200 * DAY)
    asked = {"start": "2026-10-04", "end": "2026-11-02"}
    text = page(faculty, "demanda", **asked).content.decode()
    assert 'role="img"' in text
    assert "style=" not in text
    assert "start=2026-10-04&amp;end=2026-11-02" in text  # the file is asked for with the same filters
    response = faculty.get(reverse("office:report_file", args=["demanda"]), asked)
    rows = list(csv.reader(io.StringIO(b"".join(response).decode("utf-8-sig"))))
    assert rows[1:] == [["'=Python", "1", "100", "1", "0", "0", "1"], ["Docker", "1", "100", "0", "1", "0", "1"]]


def test_reports_are_read_in_english_too(faculty):
    with translation.override("en"):
        text = page(faculty, "equidad").content.decode()
    assert "Who gets seen" in text
    assert "Quién" not in text


def test_a_chart_says_its_values_and_letters_keep_their_size():
    chart = Chart("Título", ["a", "b"], ["<2024>", "2025"], [[50, None], [1234, 3]], "%", "lines")
    drawn = chart.draw()
    assert "&lt;2024&gt;: a 50 %, b —; 2025: a 1,234 %, b 3 %." in drawn
    assert drawn.count("<circle") == 3
    assert drawn.count('<line class="s0"') == 1
    assert "viewBox" not in drawn  # it would make letters as small as the page is narrow
    bars = Chart("Título", ["a"], ["x"], [[None]]).draw()
    assert 'width="0.00%"' in bars

"""Demand, answers and placements, each against numbers counted by hand."""

from datetime import timedelta

import pytest
from django.utils import translation

from conftest import DAY, HOUR, NOW
from jobs.models import ApplicationEvent
from jobs.placements import placements
from jobs.reports import demand, response
from jobs.tests.factories import ApplicationFactory, CompanyFactory, JobFactory
from moirai.office.reports import Asked
from students.models import OutcomeAnswer, OutcomeSurvey, Student

pytestmark = pytest.mark.django_db
TODAY = NOW.date()
MONTH = Asked(TODAY - timedelta(days=29), TODAY, {"by": "kind"})
QUERIES = 5


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


def test_demand_counts_postings_open_in_the_period_and_in_the_one_before(django_assert_max_num_queries):
    JobFactory(skills=["python"], preferred=["docker"])
    JobFactory(preferred=["python"], published_at=NOW - 20 * DAY, closes_at=NOW - 10 * DAY, status="closed")
    JobFactory(skills=["python", "sql"], published_at=NOW - 50 * DAY, closes_at=NOW - 40 * DAY)  # before
    JobFactory(skills=["python"], published_at=NOW - 100 * DAY, closes_at=NOW - 90 * DAY)  # long ago
    JobFactory(skills=["python"], status="draft")
    JobFactory(skills=["python"], company=CompanyFactory(status="suspended"))
    with django_assert_max_num_queries(QUERIES):
        table = demand(MONTH, NOW)
    assert table.rows == [("Python", 2, 100, 1, 1, 1, 1), ("Docker", 1, 50, 0, 1, 0, 1)]
    assert "2" in table.notes[0]


def answered(job, days, *, after):
    """Applications, each answered after so many days (None: not at all); they were seen at once."""
    for number in days:
        row = ApplicationFactory(job=job, created_at=NOW - after * DAY)
        ApplicationEvent.objects.create(application=row, status="seen", at=row.created_at + HOUR)
        if number is not None:
            for status, later in (("in_review", number), ("rejected", number + 3)):
                ApplicationEvent.objects.create(application=row, status=status, at=row.created_at + later * DAY)


@pytest.fixture
def answers():
    one = JobFactory(kind="internship", company=CompanyFactory(name="Uno"))
    two = JobFactory(kind="first_job", company=CompanyFactory(name="Dos"))
    few = JobFactory(kind="full_time", company=CompanyFactory(name="Tres"))
    answered(one, [1, 2, 3, 4, 5, 6, 7, 8, 9, 20, None, None], after=28)
    answered(two, [1] * 13 + [None] * 13, after=5)
    answered(few, [2], after=5)
    answered(one, [1] * 15, after=60)  # before the period
    ApplicationFactory(job=two, status="withdrawn", created_at=NOW - DAY)
    for days in range(1, 12):
        JobFactory(
            kind="internship", company=one.company, status="closed", closed_reason="filled",
            published_at=NOW - (days + 2) * DAY, closes_at=NOW - 2 * DAY,
        )  # fmt: skip


def test_answers_by_type_have_share_median_and_percentile(answers, django_assert_max_num_queries):
    with django_assert_max_num_queries(QUERIES):
        table = response(MONTH, NOW)
    assert table.rows == [
        ("First job", 25, 50, 1.0, 1.0, None),
        # Hidden, or the total would tell of the one full-time application.
        ("Internship", None, None, 5.5, 9.0, 6.0),
        ("Full time", None, None, None, None, None),
        ("Total", 40, 60, "", "", ""),
    ]
    assert table.chart is not None
    assert table.chart.values == [[1.0], [5.5]]


def test_companies_of_few_applications_are_counted_together(answers):
    rows = response(Asked(MONTH.start, MONTH.end, {"by": "company"}), NOW).rows
    assert [row[0] for row in rows] == ["Dos", "Uno", "Other companies", "Total"]
    assert [row[1] for row in rows] == [25, None, None, 40]


# --- Placements -------------------------------------------------------------------------------------------------------


def cohort(programme, year, size, *, hired=0, asked=0, said=()):
    """Graduates; the first are hired, the first ``asked`` are asked, of whom the first say (works, studies, found)."""
    fields = {"degree_program": programme, "graduation_year": year}
    people = Student.objects.bulk_create([Student(**fields) for _ in range(size)])
    for student in people[:hired]:
        ApplicationFactory(student=student, job=cohort.job, status="accepted")
    if asked:
        survey = OutcomeSurvey.objects.create(**fields, closes_on=TODAY, created_at=NOW)
        rows = [OutcomeAnswer(survey=survey, student=student, invited_at=NOW) for student in people[:asked]]
        for row, (works, studies, found) in zip(rows, said, strict=False):
            row.status, row.answered_at, row.months_to_job = "answered", NOW, 4
            row.is_working, row.is_studying, row.through_moirai = works, studies, found
        OutcomeAnswer.objects.bulk_create(rows)
    return people


@pytest.fixture
def graduates():
    cohort.job = JobFactory()
    said = [(True, False, True)] * 10 + [(True, False, False)] * 10 + [(False, True, None)] * 10
    cohort("Derecho", 2025, 60, hired=15, asked=45, said=said)
    cohort("Física", 2025, 40, hired=20)
    cohort("Química", 2025, 30, hired=10)
    cohort("Teatro", 2025, 4, hired=2)
    cohort("Derecho", 2026, 25)


def test_placements_by_programme_and_year(graduates, django_assert_max_num_queries):
    with django_assert_max_num_queries(QUERIES):
        rows = placements(Asked(TODAY, TODAY, {"year": "all", "programme": "all"}), NOW).rows
    named = {(row[0], row[1]): row[2:] for row in rows}
    assert named["Derecho", "2025"] == (60, 15, 25, 45, 30, 67, 33, 50, "")
    # Four people of Teatro went with the smallest large programme, Química: nobody can subtract them.
    assert ("Teatro", "2025") not in named
    assert ("Química", "2025") not in named
    assert named["Other programmes", "2025"][:3] == (34, 12, 35)
    assert named["All programmes", "2025"] == (134, 47, 35, 45, 30, 67, 33, 50, 4.0)
    assert named["Derecho", "2026"][:3] == (25, None, None)


def test_choosing_shows_fewer_rows_and_never_other_numbers(graduates):
    everything = {
        row[:2]: row for row in placements(Asked(TODAY, TODAY, {"year": "all", "programme": "all"}), NOW).rows
    }
    for choice in ({"year": "2025", "programme": "all"}, {"year": "all", "programme": "Derecho"}):
        chosen = placements(Asked(TODAY, TODAY, choice), NOW)
        assert chosen.rows
        assert all(everything[row[:2]] == row for row in chosen.rows)


def test_who_restricted_the_use_of_their_data_is_not_counted(graduates):
    Student.objects.filter(degree_program="Física").update(restricted_since=NOW)
    rows = placements(Asked(TODAY, TODAY, {"year": "2025", "programme": "all"}), NOW).rows
    assert "Física" not in [row[0] for row in rows]

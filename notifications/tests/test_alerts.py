"""Alerts: at eight by the clock on the wall, at most ten postings, two of a company, none twice, no empty mail."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.http import QueryDict
from django.utils import timezone

from conftest import DAY, HOUR, NOW
from jobs import saved, tasks
from jobs.models import Job, SavedSearch, SentJob
from jobs.search import Filters
from jobs.tests.factories import ApplicationFactory, CompanyFactory, JobFactory, refresh_search_text
from moirai.accounts.tests.factories import UserFactory
from notifications.models import Kind, Notification, OutboxMail
from students.tests.factories import StudentFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def student():
    return StudentFactory(user__language="en")


def subscribe(student, query="q=sql", frequency="daily", now=NOW):
    filters = Filters.read(QueryDict(query))
    return saved.save_search(student=student, filters=filters, frequency=frequency, now=now)[0]


def posting(hours=1, **fields):
    """Published so many hours after the search was saved."""
    job = JobFactory(**{"description": "SQL", "published_at": NOW + hours * HOUR, **fields})
    refresh_search_text(job)
    return job


def run(at):
    """What the clock does: queue what is due, run it."""
    for search in SavedSearch.objects.due(at=at):
        saved.send_news(search_id=search.pk, now=at)


def sent():
    return [job.title for job in Job.objects.filter(pk__in=SentJob.objects.values("job")).order_by("title")]


def test_a_mail_says_what_is_new_once_and_how_to_end_it(student, settings, client):
    settings.SITE_URL = "https://moirai.example"
    search = subscribe(student)
    posting(title="Analista SQL", company__name="Ópalo")
    posting(title="Vieja", hours=-1)
    posting(title="Otra", description="Cocina")
    for hours in (24, 24, 48, 72):
        run(NOW + hours * HOUR)
    notice = Notification.objects.get()
    assert (notice.user, notice.kind) == (student.user, Kind.SAVED_SEARCH)
    assert notice.data["new"] == 1
    mail = OutboxMail.objects.get()
    assert "Analista SQL" in mail.text
    assert "Ópalo" in mail.text
    assert "Vieja" not in mail.text
    assert sent() == ["Analista SQL"]
    assert mail.unsubscribe_url == f"https://moirai.example/en{saved.unsubscribe_path(search)}"
    assert client.post(mail.unsubscribe_url.removeprefix("https://moirai.example")).status_code == 200
    assert not SavedSearch.objects.exists()


def test_nothing_new_is_no_mail(student):
    subscribe(student)
    run(NOW + DAY)
    assert not Notification.objects.exists()
    assert not OutboxMail.objects.exists()
    assert SavedSearch.objects.get().due_at > NOW + DAY


def test_ten_at_most_and_two_of_a_company_the_rest_the_next_day(student):
    subscribe(student)
    big = CompanyFactory()
    for n in range(4):
        posting(title=f"grande {n}", company=big, hours=5 + n)
    for n in range(11):
        posting(title=f"otra {n:02}", hours=4)
    run(NOW + DAY)
    assert SentJob.objects.count() == 10
    assert sum(title.startswith("grande") for title in sent()) == 2
    run(NOW + 2 * DAY)
    assert SentJob.objects.count() == 10 + 3 + 2
    assert [row.data["new"] for row in Notification.objects.order_by("pk")] == [10, 5]


def test_two_alerts_of_one_person_never_send_the_same(student):
    subscribe(student, "q=sql")
    subscribe(student, "kind=first_job")
    subscribe(StudentFactory(), "q=sql")
    posting(kind="first_job")
    run(NOW + DAY)
    assert SentJob.objects.count() == 2
    assert Notification.objects.filter(user=student.user).count() == 1


def test_a_posting_that_comes_back_from_review_is_not_sent_again(student):
    subscribe(student)
    job = posting()
    run(NOW + DAY)
    Job.objects.filter(pk=job.pk).update(status="in_review")
    run(NOW + 2 * DAY)
    Job.objects.filter(pk=job.pk).update(status="published", published_at=NOW + 50 * HOUR)
    run(NOW + 3 * DAY)
    assert Notification.objects.count() == 1


def test_what_the_student_applied_to_and_what_has_closed_is_no_news(student):
    subscribe(student)
    ApplicationFactory(student=student, job=posting())
    posting(closes_at=NOW + 2 * HOUR)
    posting(status="draft")
    posting(company__status="suspended")
    run(NOW + DAY)
    assert not Notification.objects.exists()


def test_late_by_days_is_one_mail_and_the_next_is_in_the_future(student):
    subscribe(student)
    posting(hours=70)
    late = NOW + 3 * DAY + 5 * HOUR
    for _ in range(3):
        run(late)
    assert Notification.objects.count() == 1
    due = timezone.localtime(SavedSearch.objects.get().due_at)
    assert (due.hour, due.minute) == (8, 0)
    assert late < due <= late + DAY


def test_run_twice_for_the_same_search_the_second_finds_nothing_due(student):
    search = subscribe(student)
    posting()
    assert [saved.send_news(search_id=search.pk, now=NOW + DAY) for _ in range(2)] == [1, 0]


def test_weekly_keeps_its_day_even_after_a_late_run(student):
    search = subscribe(student, frequency="weekly")
    first = search.due_at
    assert timezone.localdate(first) == timezone.localdate(NOW) + timedelta(days=7)
    saved.send_news(search_id=search.pk, now=first + 3 * DAY)
    search.refresh_from_db()
    assert search.due_at == first + 7 * DAY


@pytest.mark.parametrize("why", ["closed account", "restricted", "no account"])
def test_nobody_who_may_not_be_written_to_is(student, why):
    subscribe(student)
    posting()
    if why == "closed account":
        student.user.is_active = False
        student.user.save()
    elif why == "restricted":
        student.restricted_since = NOW
    else:
        student.user = None
    student.save()
    run(NOW + DAY)
    assert not SentJob.objects.exists()
    assert SavedSearch.objects.get().due_at > NOW + DAY


def test_a_corrected_account_gets_the_old_news_no_more(student):
    subscribe(student)
    posting(hours=1)
    run_later = NOW + 10 * DAY
    run(run_later)
    assert not Notification.objects.exists()


@pytest.mark.parametrize(
    ("zone", "day"),
    [("America/Mexico_City", (2026, 11, 2)), ("Europe/Madrid", (2026, 3, 28)), ("Europe/Madrid", (2026, 10, 24)),
     ("America/New_York", (2026, 3, 7)), ("America/New_York", (2026, 10, 31)), ("Pacific/Auckland", (2026, 9, 26))],
)  # fmt: skip
@pytest.mark.parametrize("frequency", ["daily", "weekly"])
def test_eight_is_eight_on_both_sides_of_summer_time(settings, zone, day, frequency):
    settings.TIME_ZONE = zone
    tz = ZoneInfo(zone)
    start = datetime(*day, 10, 30, tzinfo=tz)
    due, last = saved.next_due(frequency, after=start), None
    days = 1 if frequency == "daily" else 7
    for n in range(1, 5):
        local = due.astimezone(tz)
        assert (local.hour, local.minute) == (8, 0)
        assert local.date() == start.date() + timedelta(days=n * days)
        last, due = due, saved.next_due(frequency, after=due + timedelta(seconds=5), last=due)
        assert due > last


def test_before_eight_the_first_mail_is_of_today():
    early = datetime(2026, 11, 2, 13, 0, tzinfo=UTC)  # seven in Mexico City
    assert saved.next_due("daily", after=early) == early + HOUR


def test_the_clock_queues_what_is_due_and_a_deleted_search_is_no_error(student, monkeypatch):
    search = subscribe(student)
    subscribe(StudentFactory(), frequency="weekly")
    posting()
    queued = []
    monkeypatch.setattr(tasks.send_alert, "delay", lambda **ids: queued.append(ids))
    with time_machine.travel(NOW + DAY, tick=False):
        assert tasks.sweep_alerts() == 1
        assert queued == [{"search_id": search.pk}]
        assert tasks.send_alert(search_id=search.pk) == 1
        assert tasks.sweep_alerts() == 0
        search.delete()
        assert tasks.send_alert(search_id=queued[0]["search_id"]) == 0


def test_what_a_person_saved_is_in_the_download():
    student = StudentFactory(user=UserFactory())
    subscribe(student)
    job = posting()
    saved.save_job(student=student, job=job, now=NOW)
    run(NOW + DAY)
    held = saved.export_saved(student.user)
    assert [len(rows) for rows in held.values()] == [1, 1, 1]
    assert held["saved_searches"][0]["query"] == "q=sql"
    student.user.delete()
    assert not SentJob.objects.exists()

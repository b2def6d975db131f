import pytest
from django.urls import reverse

from conftest import DAY, HOUR, NOW
from jobs import closing, pipeline, signals
from jobs.apply import apply
from jobs.models import Application, ApplicationEvent, Invitation, Job
from jobs.models import Side as Sides
from jobs.pipeline import S
from jobs.tests.factories import ApplicationFactory, CompanyFactory, InvitationFactory, JobFactory, RecruiterFactory
from students.tests.factories import StudentFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def heard():
    """What was announced while the test ran: name of the signal with its ids."""
    rows, receivers = [], []
    for name in ("posting_expiring", "posting_closed", "applications_waiting", "no_news", "application_moved"):

        def hear(name=name, **data):
            rows.append((name, data.get("job_id") or data.get("application_id")))

        getattr(signals, name).connect(hear)
        receivers.append((name, hear))
    yield rows
    for name, hear in receivers:
        getattr(signals, name).disconnect(hear)


def twice(now):
    """The step run twice; only the first may do anything."""
    first = closing.keep_moving(now=now)
    assert not any(closing.keep_moving(now=now).values())
    return {name: count for name, count in first.items() if count}


def test_a_posting_about_to_close_is_asked_about_once_for_each_date(heard):
    job = JobFactory(closes_at=NOW + 7 * DAY)
    JobFactory(closes_at=NOW + 7 * DAY + HOUR)
    assert twice(NOW) == {"asked": 1}
    assert twice(NOW + 6 * DAY) == {"asked": 1}  # the other one
    until = closing.extend(job=job, now=NOW, shown=NOW + 7 * DAY)
    assert until == NOW + 37 * DAY
    assert "asked" not in twice(NOW + 29 * DAY)
    assert twice(NOW + 31 * DAY)["asked"] == 1
    assert heard.count(("posting_expiring", job.pk)) == 2


def test_extending_twice_with_the_same_page_extends_once():
    job = JobFactory(closes_at=NOW + DAY)
    for _click in range(2):
        assert closing.extend(job=job, now=NOW, shown=NOW + DAY) == NOW + 31 * DAY
    assert closing.extend(job=JobFactory(closes_at=NOW, published_at=NOW - DAY), now=NOW, shown=NOW) is None


def test_the_page_that_extends_shows_the_date_and_works_with_one_click(client, time_machine):
    time_machine.move_to(NOW, tick=False)
    recruiter = RecruiterFactory()
    job = JobFactory(company=recruiter.company, closes_at=NOW + DAY)
    address = reverse("jobs:confirm_job", args=[job.public_id])
    client.force_login(recruiter.user)
    page = client.get(address)
    assert page.status_code == 200
    shown = page.context["job"].closes_at.isoformat()
    for _click in range(2):
        assert client.post(address, {"shown": shown})["Location"] == reverse("jobs:company_home")
    job.refresh_from_db()
    assert job.closes_at == NOW + 31 * DAY
    client.post(address, {"shown": "2026-99-99"})
    client.force_login(RecruiterFactory().user)
    assert client.post(address, {"shown": shown}).status_code == 404


def test_an_expired_posting_closes_with_its_reason_and_tells_who_is_on_the_way(heard):
    job = JobFactory(closes_at=NOW)
    ApplicationFactory(job=job)
    ended = ApplicationFactory(job=job, status="rejected")
    nobody = JobFactory(closes_at=NOW)
    assert twice(NOW) == {"closed": 2, "told": 1}
    job.refresh_from_db()
    assert (job.status, job.closed_reason, job.closes_at) == ("closed", "expired", NOW)
    assert ("posting_closed", job.pk) in heard
    assert ("posting_closed", nobody.pk) not in heard
    ended.refresh_from_db()
    assert ended.status == "rejected"


def test_a_company_is_reminded_twice_a_week_apart_and_then_the_application_is_closed(heard):
    job = JobFactory(closes_at=NOW + 90 * DAY)
    application = ApplicationFactory(job=job)
    nudged, closed = [], []
    for day in range(45):
        done = twice(NOW + day * DAY)
        nudged += [day] if done.get("nudged") else []
        closed += [day] if done.get("unanswered") else []
    assert (nudged, closed) == ([10, 17], [30])
    application.refresh_from_db()
    assert application.status == "no_answer"
    event = application.events.get()
    assert (event.status, event.actor) == ("no_answer", None)
    assert heard.count(("applications_waiting", job.pk)) == 2


def test_many_waiting_applications_of_a_posting_are_one_reminder(heard):
    job = JobFactory(closes_at=NOW + 90 * DAY)
    ApplicationFactory.create_batch(3, job=job)
    assert twice(NOW + 10 * DAY)["nudged"] == 3
    assert heard.count(("applications_waiting", job.pk)) == 1


def test_nothing_is_closed_before_the_company_was_reminded():
    """After days without a worker the reminder comes first."""
    job = JobFactory(closes_at=NOW + 90 * DAY)
    ApplicationFactory(job=job)
    assert "unanswered" not in twice(NOW + 40 * DAY)
    assert "unanswered" not in twice(NOW + 46 * DAY)
    assert twice(NOW + 47 * DAY)["unanswered"] == 1


@pytest.mark.parametrize("status", ["in_review", "interview", "accepted", "rejected", "withdrawn"])
def test_what_was_answered_is_neither_reminded_of_nor_closed(status):
    ApplicationFactory(status=status, job=JobFactory(closes_at=NOW + 200 * DAY))
    done = twice(NOW + 60 * DAY)
    assert not {"nudged", "unanswered", "no_news"} & done.keys()
    assert Application.objects.get().status == status


def test_a_restricted_student_is_left_alone():
    ApplicationFactory(student=StudentFactory(restricted_since=NOW), news_due_at=NOW)
    for day in (10, 30, 60):
        closing.keep_moving(now=NOW + day * DAY)
    assert Application.objects.get().status == "sent"


def test_a_company_that_lost_its_verification_is_not_reminded_but_the_student_gets_an_end():
    job = JobFactory(company=CompanyFactory(status="suspended"), closes_at=NOW + 90 * DAY)
    ApplicationFactory(job=job)
    assert "nudged" not in twice(NOW + 10 * DAY)
    assert twice(NOW + 30 * DAY)["unanswered"] == 1


def test_the_promised_date_is_kept_once(heard):
    student = StudentFactory()
    application, _new = apply(student=student, job=JobFactory(), cv=None, message="", now=NOW)
    assert application.news_due_at == NOW + 10 * DAY
    assert "no_news" not in twice(NOW + 9 * DAY)
    assert twice(NOW + 10 * DAY)["no_news"] == 1
    assert heard.count(("no_news", application.pk)) == 1


def test_news_make_the_promise_superfluous():
    application, _new = apply(student=StudentFactory(), job=JobFactory(), cv=None, message="", now=NOW)
    pipeline.move(application=application, to=S.IN_REVIEW, actor=None, side=Sides.COMPANY, now=NOW + DAY)
    assert "no_news" not in twice(NOW + 10 * DAY)


def test_a_late_answer_is_still_possible_and_closes_nothing_again():
    application = ApplicationFactory(status="no_answer", created_at=NOW - 60 * DAY)
    pipeline.move(application=application, to=S.IN_REVIEW, actor=None, side=Sides.COMPANY, now=NOW)
    twice(NOW + DAY)
    assert Application.objects.get().status == "in_review"


def test_invitations_expire():
    InvitationFactory(expires_at=NOW)
    InvitationFactory(expires_at=NOW + HOUR)
    assert twice(NOW)["invitations"] == 1
    assert sorted(Invitation.objects.values_list("status", flat=True)) == ["expired", "waiting"]


def test_the_task_of_the_day_does_it(time_machine):
    from jobs.tasks import keep_moving

    time_machine.move_to(NOW, tick=False)
    JobFactory(closes_at=NOW - HOUR, published_at=NOW - DAY)
    assert keep_moving()["closed"] == 1
    assert Job.objects.get().status == "closed"
    assert not ApplicationEvent.objects.exists()

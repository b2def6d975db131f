from datetime import timedelta

import pytest

from conftest import DAY, NOW
from jobs import closing, interviews, invitations, messages, pipeline
from jobs.models import Side
from jobs.pipeline import S
from jobs.tests.factories import ApplicationFactory, InvitationFactory, JobFactory, RecruiterFactory
from moirai.accounts.models import User
from notifications.models import Notification
from notifications.words import words
from students.tests.factories import StudentFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def application():
    return ApplicationFactory(job=JobFactory(closes_at=NOW + 90 * DAY), student__user__full_name="Zoraida Quintanilla")


@pytest.fixture
def team(application):
    """Two recruiters and one who left."""
    company = application.job.company
    RecruiterFactory(company=company, user__is_active=False)
    return RecruiterFactory.create_batch(2, company=company)


def told(kind):
    return {row.user for row in Notification.objects.filter(kind=kind)}


def users(team):
    return {recruiter.user for recruiter in team}


def test_a_message_is_told_to_the_other_side_without_its_words_or_its_writer(application, team):
    student = application.student.user
    send = {"application": application, "now": NOW}
    messages.send_message(side=Side.STUDENT, author=student, body="Palabra secreta", **send)
    assert told("message") == users(team)
    messages.send_message(side=Side.COMPANY, author=team[0].user, body="Respuesta secreta", **send)
    assert told("message") == {*users(team), student}
    assert not told("application_moved"), "the message says it"
    for row in Notification.objects.all():
        assert "secreta" not in f"{row.data}{words(row.kind, row.data)}"
        assert "Zoraida" not in f"{row.data}"


def test_dates_and_their_answer_are_told_once(application, team):
    slot = NOW + 2 * DAY
    offer = {"application": application, "slots": [slot], "minutes": 30, "place": "Aquí", "actor": team[0].user}
    interview = interviews.propose(now=NOW, **offer)
    interviews.propose(now=NOW, **offer)
    assert [row.user for row in Notification.objects.all()] == [application.student.user]
    for _click in range(2):
        interviews.pick(interview=interview, slot=slot, now=NOW)
    assert told("interview") == {application.student.user, *users(team)}
    assert Notification.objects.count() == 3


def test_who_withdraws_with_an_interview_agreed_is_not_waited_for(application, team):
    slot = NOW + 2 * DAY
    interview = interviews.propose(
        application=application, slots=[slot], minutes=30, place="Aquí", actor=team[0].user, now=NOW
    )
    interviews.pick(interview=interview, slot=slot, now=NOW)
    Notification.objects.all().delete()
    student = application.student.user
    pipeline.move(application=application, to=S.WITHDRAWN, actor=student, side=Side.STUDENT, now=NOW)
    assert told("interview") == users(team)


def test_an_invitation_is_told_and_so_is_who_accepted_it(team, application):
    student, job = StudentFactory(visibility="companies"), application.job
    invitation = invitations.invite(student=student, job=job, sender=team[0].user, note="", now=NOW)
    assert told("invitation") == {student.user}
    invitations.accept(invitation=invitation, cv=None, message="", now=NOW)
    assert told("invitation_accepted") == users(team)
    assert not told("application_received")


def test_a_declined_invitation_tells_nobody(team, application):
    invitation = InvitationFactory(job=application.job)
    invitations.decline(invitation=invitation, now=NOW)
    assert not Notification.objects.exists()


def test_what_the_days_bring_is_told_once_to_whom_it_concerns(application, team):
    job, student = application.job, application.student.user
    for day in range(100):
        for _again in range(2):
            closing.keep_moving(now=NOW + day * DAY)
    rows = Notification.objects.order_by("created_at", "pk")
    days = [(row.kind, (row.created_at - NOW) // timedelta(days=1)) for row in rows if row.user == student]
    assert days == [("application_closed", 30)]
    mine = [(row.kind, (row.created_at - NOW) // timedelta(days=1)) for row in rows if row.user == team[0].user]
    assert mine == [("application_waiting", 10), ("application_waiting", 17), ("posting_expiring", 83)]
    assert rows.get(kind="application_closed").data["company"] == job.company.name


def test_those_on_their_way_hear_that_the_posting_closed():
    job = JobFactory(closes_at=NOW)
    ApplicationFactory(job=job, status="rejected")
    waiting = ApplicationFactory(job=job)
    closing.keep_moving(now=NOW)
    row = Notification.objects.get()
    assert (row.kind, row.user, row.data["status"]) == ("posting_moved", waiting.student.user, "closed")


def test_a_promised_date_without_news_is_told_in_both_languages(application):
    type(application).objects.update(news_due_at=NOW + 4 * DAY)
    closing.keep_moving(now=NOW + 4 * DAY)
    row = Notification.objects.get()
    assert row.user == application.student.user
    assert row.data["status"] == "no_news"
    assert application.job.company.name in words(row.kind, row.data).title


def test_the_office_is_told_nothing_of_all_this(application, team):
    closing.keep_moving(now=NOW + 10 * DAY)
    assert not Notification.objects.filter(user__role=User.Role.STAFF).exists()

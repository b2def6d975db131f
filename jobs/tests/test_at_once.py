"""Two people act on one application at the same moment: one wins, the other is told. PostgreSQL only."""

import threading

import pytest
from django.db import connection

from conftest import DAY, NOW
from jobs import closing, invitations, messages, pipeline
from jobs.models import Application, ApplicationEvent, Invitation, Message, Side
from jobs.pipeline import NotAllowedError, S
from jobs.signals import applications_waiting, posting_expiring
from jobs.tests.factories import ApplicationFactory, InvitationFactory, JobFactory, RecruiterFactory
from students.tests.factories import StudentFactory

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


def at_once(*steps):
    """Run the steps in threads that start together; the results or exceptions, in order."""
    results, barrier = [None] * len(steps), threading.Barrier(len(steps))

    def run(place, step):
        barrier.wait()
        try:
            results[place] = step()
        except Exception as error:
            results[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place, step)) for place, step in enumerate(steps)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_two_recruiters_who_move_an_application_apart():
    application, actor = ApplicationFactory(status="seen"), RecruiterFactory().user

    def move(to):
        return lambda: pipeline.move(
            application=Application.objects.get(pk=application.pk), to=to, actor=actor, side=Side.COMPANY, now=NOW,
            note="No esta vez.", expected="seen",
        )  # fmt: skip

    results = at_once(*(move(to) for to in (S.IN_REVIEW, S.INTERVIEW, S.ACCEPTED, S.REJECTED)))
    assert sum(isinstance(result, ApplicationEvent) for result in results) == 1
    assert sum(isinstance(result, NotAllowedError) for result in results) == 3
    application.refresh_from_db()
    assert application.events.get().status == application.status


def test_a_withdrawal_and_an_interview_at_once_leave_one_truth():
    application = ApplicationFactory(status="in_review")
    student, recruiter = application.student.user, RecruiterFactory().user

    def withdraw():
        row = Application.objects.get(pk=application.pk)
        return pipeline.move(application=row, to=S.WITHDRAWN, actor=student, side=Side.STUDENT, now=NOW)

    def reject():
        row = Application.objects.get(pk=application.pk)
        return pipeline.move(
            application=row,
            to=S.REJECTED,
            actor=recruiter,
            side=Side.COMPANY,
            now=NOW,
            note="No.",
            expected="in_review",
        )

    results = at_once(withdraw, reject)
    assert sum(isinstance(result, NotAllowedError) for result in results) == 1
    assert application.events.count() == 1


def test_one_message_from_many_clicks():
    application = ApplicationFactory()
    author = application.student.user

    def write():
        return messages.send_message(application=application, side=Side.STUDENT, author=author, body="Hola", now=NOW)

    assert len({message.pk for message in at_once(*[write] * 5)}) == 1
    assert Message.objects.count() == 1


def test_the_cap_of_invitations_holds_against_colleagues(monkeypatch):
    monkeypatch.setattr(invitations, "PER_JOB", 3)
    job = JobFactory()
    sender = RecruiterFactory(company=job.company).user
    people = StudentFactory.create_batch(6, visibility="companies")

    def invite(student):
        return lambda: invitations.invite(student=student, job=job, sender=sender, note="", now=NOW)

    results = at_once(*map(invite, people))
    assert sum(isinstance(result, invitations.CapReachedError) for result in results) == 3
    assert Invitation.objects.count() == 3


def test_accepting_and_declining_at_once_is_one_answer():
    invitation = InvitationFactory()
    results = at_once(
        lambda: invitations.accept(invitation=invitation, cv=None, message="", now=NOW),
        lambda: invitations.decline(invitation=invitation, now=NOW),
    )
    assert sum(isinstance(result, invitations.NotOpenError) for result in results) == 1
    invitation.refresh_from_db()
    assert (invitation.status == "accepted") == Application.objects.exists()


def test_two_workers_on_the_same_day_tell_everything_once():
    heard, lock = [], threading.Lock()

    def hear(job_id, **_):
        with lock:
            heard.append(job_id)

    JobFactory(closes_at=NOW + DAY)
    ApplicationFactory.create_batch(3, created_at=NOW - 11 * DAY, job=JobFactory(closes_at=NOW + 60 * DAY))
    for signal in (posting_expiring, applications_waiting):
        signal.connect(hear)
    try:
        results = at_once(*[lambda: closing.keep_moving(now=NOW)] * 4)
    finally:
        for signal in (posting_expiring, applications_waiting):
            signal.disconnect(hear)
    assert not [result for result in results if isinstance(result, Exception)]
    assert len(heard) == 2
    assert set(Application.objects.values_list("nudges", flat=True)) == {1}

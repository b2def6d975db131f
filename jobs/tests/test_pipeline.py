import pytest

from conftest import HOUR, NOW
from jobs import pipeline
from jobs.models import Application
from jobs.pipeline import NotAllowedError, ReasonMissingError, S, Side
from jobs.signals import application_moved
from jobs.tests.factories import ApplicationFactory, RecruiterFactory

pytestmark = pytest.mark.django_db

# Written out by hand, so that a change of the table must be made twice.
ALLOWED = {
    Side.COMPANY: {
        ("sent", "seen"), ("sent", "in_review"), ("sent", "interview"), ("sent", "accepted"), ("sent", "rejected"),
        ("seen", "in_review"), ("seen", "interview"), ("seen", "accepted"), ("seen", "rejected"),
        ("in_review", "interview"), ("in_review", "accepted"), ("in_review", "rejected"),
        ("interview", "in_review"), ("interview", "accepted"), ("interview", "rejected"),
        ("rejected", "in_review"), ("no_answer", "in_review"), ("no_answer", "rejected"),
    },
    Side.STUDENT: {
        ("sent", "withdrawn"), ("seen", "withdrawn"), ("in_review", "withdrawn"), ("interview", "withdrawn"),
        ("accepted", "withdrawn"), ("no_answer", "withdrawn"),
    },
    Side.CLOCK: {("sent", "no_answer"), ("seen", "no_answer")},
}  # fmt: skip


@pytest.mark.parametrize("side", list(Side))
@pytest.mark.parametrize("before", S.values)
@pytest.mark.parametrize("after", S.values)
def test_only_the_moves_of_the_table_are_made(side, before, after):
    application = ApplicationFactory(status=before)

    def move():
        return pipeline.move(
            application=application,
            to=after,
            actor=application.student.user,
            side=side,
            now=NOW + HOUR,
            note="Buscamos otro perfil.",
        )

    if (before, after) in ALLOWED[side]:
        event = move()
        assert (event.status, event.at) == (after, NOW + HOUR)
    elif before == after:
        assert move() is None
    else:
        with pytest.raises(NotAllowedError):
            move()
    application.refresh_from_db()
    assert application.status == (after if (before, after) in ALLOWED[side] else before)
    assert application.events.count() == ((before, after) in ALLOWED[side])


def test_a_refusal_without_a_reason_is_not_made():
    application = ApplicationFactory()
    with pytest.raises(ReasonMissingError):
        pipeline.move(
            application=application, to=S.REJECTED, actor=RecruiterFactory().user, side=Side.COMPANY, now=NOW, note="  "
        )
    assert Application.objects.get().status == S.SENT


def test_whoever_comes_second_with_an_old_page_moves_nothing():
    application = ApplicationFactory(status=S.SEEN)
    move = {
        "application": application,
        "actor": RecruiterFactory().user,
        "side": Side.COMPANY,
        "now": NOW,
        "expected": S.SEEN,
    }
    assert pipeline.move(to=S.IN_REVIEW, **move)
    with pytest.raises(NotAllowedError):
        pipeline.move(to=S.ACCEPTED, **move)
    assert Application.objects.get().status == S.IN_REVIEW


def test_that_a_colleague_looked_meanwhile_makes_no_page_old():
    application = ApplicationFactory(status=S.SEEN)
    pipeline.move(application=application, to=S.INTERVIEW, actor=None, side=Side.COMPANY, now=NOW, expected=S.SENT)
    assert application.status == S.INTERVIEW


def test_a_crowd_is_moved_on_but_never_refused_or_accepted():
    recruiter = RecruiterFactory()
    rows = [ApplicationFactory(status=status) for status in (S.SENT, S.SEEN, S.ACCEPTED)]
    moved = pipeline.move_many(applications=rows, to=S.IN_REVIEW, actor=recruiter.user, now=NOW)
    assert (moved.done, moved.left) == (2, 1)
    for status in (S.REJECTED, S.ACCEPTED):
        with pytest.raises(NotAllowedError):
            pipeline.move_many(applications=rows, to=status, actor=recruiter.user, now=NOW)
    assert sorted(Application.objects.values_list("status", flat=True)) == ["accepted", "in_review", "in_review"]


def test_a_move_is_announced_with_its_event():
    heard = []

    def hear(**data):
        heard.append((data["application_id"], data["event_id"]))

    application_moved.connect(hear)
    try:
        application = ApplicationFactory()
        event = pipeline.move(application=application, to=S.INTERVIEW, actor=None, side=Side.COMPANY, now=NOW)
    finally:
        application_moved.disconnect(hear)
    assert heard == [(application.pk, event.pk)]


def test_only_the_first_look_moves_an_application():
    application, recruiter = ApplicationFactory(), RecruiterFactory()

    pipeline.mark_seen(application=application, actor=recruiter.user, now=NOW)
    pipeline.mark_seen(application=application, actor=recruiter.user, now=NOW + HOUR)

    event = application.events.get()
    assert (event.status, event.actor, event.at) == ("seen", recruiter.user, NOW)


def test_looking_at_a_page_that_is_out_of_date_moves_nothing():
    application = ApplicationFactory()
    Application.objects.update(status=S.WITHDRAWN)

    pipeline.mark_seen(application=application, actor=RecruiterFactory().user, now=NOW)

    assert application.status == S.WITHDRAWN
    assert not application.events.exists()

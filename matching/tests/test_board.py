import re

import pytest
from django.urls import reverse

from conftest import DAY, HOUR, NOW
from jobs.models import Application, Job
from jobs.tests.factories import (
    ApplicationFactory,
    CompanyFactory,
    InterviewFactory,
    InvitationFactory,
    JobFactory,
    MessageFactory,
    RecruiterFactory,
)
from matching.board import IN_A_LANE
from matching.models import Match

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _at_noon(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def recruiter(client):
    recruiter = RecruiterFactory()
    client.force_login(recruiter.user)
    return recruiter


@pytest.fixture
def job(recruiter):
    return JobFactory(company=recruiter.company)


def address(job, query=""):
    return reverse("matching:board", args=[job.public_id]) + query


def match(application, score):
    return Match.objects.create(
        student=application.student, job=application.job, score=score, occupation_points=score, requirement_points=0,
        word_points=0, model_version="x", first_seen_at=NOW, computed_at=NOW,
    )  # fmt: skip


def lanes_of(response):
    return {lane.key: [card.application for card in lane.cards] for lane in response.context["lanes"]}


def test_applications_stand_in_the_lane_of_their_stage(client, job):
    rows = {status: ApplicationFactory(job=job, status=status) for status in Application.Status.values}
    shown = lanes_of(client.get(address(job)))
    assert set(shown["received"]) == {rows["sent"], rows["seen"]}
    assert shown["in_review"] == [rows["in_review"]]
    assert shown["interview"] == [rows["interview"]]
    assert set(shown["ended"]) == {rows["accepted"], rows["rejected"], rows["no_answer"]}


def test_who_waited_longest_comes_first_whatever_the_score(client, job):
    new, old = ApplicationFactory(job=job), ApplicationFactory(job=job, created_at=NOW - 5 * DAY)
    match(new, 9000)
    match(old, 1050)
    response = client.get(address(job))
    assert lanes_of(response)["received"] == [old, new]
    assert [card.points for card in response.context["lanes"][0].cards] == [11, 90]


@pytest.mark.parametrize("size", [1, 30])
def test_the_board_costs_the_same_at_any_size(client, job, size, django_assert_max_num_queries):
    for status in ("sent", "in_review", "interview", "rejected"):
        for row in ApplicationFactory.create_batch(size, job=job, status=status):
            match(row, 5000)
            MessageFactory(application=row, side="student")
    client.get(address(job))  # the first request of a session writes it down
    with django_assert_max_num_queries(10):
        response = client.get(address(job))
    assert [len(rows) for rows in lanes_of(response).values()] == [min(size, IN_A_LANE)] * 4
    assert [lane.total for lane in response.context["lanes"]] == [size] * 4


def test_the_rest_of_a_lane_is_a_page_away(client, job):
    rows = [ApplicationFactory(job=job, created_at=NOW + n * HOUR) for n in range(IN_A_LANE + 3)]
    assert 'href="?lane=received"' in client.get(address(job)).content.decode()
    (lane,) = client.get(address(job, "?lane=received&page=2")).context["lanes"]
    assert [card.application for card in lane.cards] == rows[IN_A_LANE:]
    assert client.get(address(job, "?lane=nada&page=x")).status_code == 200


def test_every_card_moves_by_a_select_and_a_button_and_comes_back(client, job):
    application = ApplicationFactory(job=job)
    html = client.get(address(job)).content.decode()
    form = re.search(r'<form class="move".*?</form>', html, re.S)[0]
    assert "<select" in form
    assert 'type="submit"' in form
    answer = client.post(
        reverse("jobs:move_application", args=[application.public_id]),
        {"to": "in_review", "was": "sent", "next": address(job)},
    )
    assert answer["Location"] == address(job)
    application.refresh_from_db()
    assert application.status == "in_review"


def test_a_refusal_from_the_board_asks_for_its_reason_first(client, job):
    application = ApplicationFactory(job=job)
    move = reverse("jobs:move_application", args=[application.public_id])
    answer = client.post(move, {"to": "rejected", "was": "sent", "next": address(job)})
    assert answer.status_code == 422
    used = client.post(move, {"to": "rejected", "was": "sent", "reason": "hours", "use": "1", "note": "Hola."})
    assert used.context["form"]["to"].value() == "rejected"
    assert used.context["form"]["note"].value().startswith("Hola. Las horas")
    assert Application.objects.get().status == "sent"


def test_an_old_page_moves_nothing_and_says_so(client, job):
    application = ApplicationFactory(job=job, status="in_review")
    move = reverse("jobs:move_application", args=[application.public_id])
    answer = client.post(move, {"to": "rejected", "note": "No.", "was": "sent", "next": address(job)}, follow=True)
    assert "se movió mientras tanto" in answer.content.decode()
    assert Application.objects.get().status == "in_review"


def test_several_are_moved_at_once(client, job, settings):
    # Each is locked, recorded and told by itself: these queries grow with the crowd, which has a cap.
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if "zeal" not in name]
    rows = [ApplicationFactory(job=job, status=status) for status in ("sent", "seen", "rejected", "accepted")]
    chosen = [row.public_id for row in rows]
    answer = client.post(address(job), {"to": "in_review", "chosen": chosen}, follow=True)
    text = answer.content.decode()
    assert "Se movieron 3 candidaturas." in text
    assert "1 no podía ir ahí" in text
    assert sorted(Application.objects.values_list("status", flat=True)) == ["accepted"] + ["in_review"] * 3


@pytest.mark.parametrize("to", ["rejected", "accepted", "withdrawn", "", "nada"])
def test_nobody_is_refused_in_a_crowd(client, job, to):
    application = ApplicationFactory(job=job)
    assert client.post(address(job), {"to": to, "chosen": [application.public_id]}).status_code == 422
    assert Application.objects.get().status == "sent"


def test_choosing_nobody_or_others_people_moves_nothing(client, job):
    foreign = ApplicationFactory()
    for chosen in ([], [foreign.public_id], ["nada", "\u202e"]):
        answer = client.post(address(job), {"to": "in_review", "chosen": chosen}, follow=True)
        assert "Elige al menos una" in answer.content.decode()
    assert set(Application.objects.values_list("status", flat=True)) == {"sent"}


def test_invitations_and_erased_accounts_are_counted(client, job):
    InvitationFactory(job=job)
    InvitationFactory(job=job, status="declined")
    Job.objects.update(erased_applicants=2)
    text = client.get(address(job)).content.decode()
    assert "2 invitaciones esperan respuesta." in text
    assert "2 candidaturas de cuentas eliminadas no se muestran." in text


def test_other_companies_have_no_board_and_unverified_ones_an_empty_one(client, job):
    client.force_login(RecruiterFactory().user)
    assert client.get(address(job)).status_code == 404
    ApplicationFactory(job=job)
    pending = RecruiterFactory(company=CompanyFactory(status="pending", verified_at=None))
    Job.objects.update(company=pending.company)
    client.force_login(pending.user)
    assert not any(lanes_of(client.get(address(job))).values())


# --- Blind review -----------------------------------------------------------------------------------------------------


@pytest.fixture
def hidden(job, model):
    """Somebody who applied to a blind posting, and whose texts say who it is."""
    from students.models import ProfileEntry
    from students.tests.factories import CVFactory, StudentFactory

    Job.objects.update(is_blind=True)
    student = StudentFactory(user__full_name="Zoraida Quintanilla", phone="222 555 0101", skills=["python"])
    ProfileEntry.objects.create(student=student, kind="education", title="Sistemas", organisation="Tec de Cholula")
    application = ApplicationFactory(
        student=student, job=job, cv=CVFactory(student=student), shares_phone=True,
        message="Soy Zoraida, del Tec de Cholula: zoraida@correo.example",
    )  # fmt: skip
    MessageFactory(application=application, side="student", body="Quintanilla al habla, 222 555 0101.")
    return application


SECRETS = ("Zoraida", "Quintanilla", "Cholula", "correo.example", "222 555 0101", "mailto:", "/cv/")


def pages_of(application):
    job, one = [application.job.public_id], [application.public_id]
    yield from (reverse(f"matching:{name}", args=job) for name in ("board", "candidates"))
    yield from (reverse(name, args=one) for name in ("matching:candidate", "jobs:move_application", "jobs:interview"))


def test_no_page_of_a_blind_review_says_who_it_is(client, hidden, recruiter):
    match(hidden, 5000)
    for page in pages_of(hidden):
        html = client.get(page).content.decode()
        assert hidden.student.alias in html, page
        assert not [secret for secret in (*SECRETS, hidden.student.user.email) if secret in html], page
    assert client.get(reverse("jobs:application_cv", args=[hidden.public_id])).status_code == 404


def test_the_name_shows_after_asking_and_the_student_reads_it(client, hidden, recruiter):
    from moirai.accounts.models import AuditEvent

    address = reverse("jobs:reveal", args=[hidden.public_id])
    assert "Zoraida" not in client.get(address).content.decode()
    for _click in range(2):
        client.post(address)
    event = AuditEvent.objects.get(action=AuditEvent.Action.NAME_REVEALED)
    assert (event.subject, event.actor_id) == (hidden.student.public_id, recruiter.user.pk)
    assert "Zoraida Quintanilla" in client.get(reverse("matching:candidate", args=[hidden.public_id])).content.decode()
    assert client.get(reverse("jobs:application_cv", args=[hidden.public_id])).status_code == 200


def test_from_the_interview_on_there_is_a_name(client, hidden, recruiter):
    client.post(reverse("jobs:move_application", args=[hidden.public_id]), {"to": "interview", "was": "sent"})
    assert "Zoraida Quintanilla" in client.get(reverse("matching:candidate", args=[hidden.public_id])).content.decode()


def test_a_blind_posting_stays_blind_once_somebody_has_applied(client, job):
    switch = reverse("jobs:set_blind", args=[job.public_id])
    client.post(switch, {"blind": "1"})
    client.post(switch, {"blind": "0"})
    assert not Job.objects.get().is_blind
    client.post(switch, {"blind": "1"})
    ApplicationFactory(job=job)
    client.post(switch, {"blind": "0"})
    assert Job.objects.get().is_blind
    client.force_login(RecruiterFactory().user)
    assert client.post(switch, {"blind": "1"}).status_code == 404


def test_an_interview_shows_on_the_page_of_the_applicant(client, job, model):
    interview = InterviewFactory(application__job=job, status="agreed", starts_at=NOW + DAY)
    html = client.get(reverse("matching:candidate", args=[interview.application.public_id])).content.decode()
    assert interview.place in html
    assert "entrevista.ics" in html

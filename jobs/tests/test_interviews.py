from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from conftest import DAY, HOUR, NOW
from jobs import calendar_file, interviews, pipeline
from jobs.models import Application, Interview, Side
from jobs.pipeline import NotAllowedError, S
from jobs.tests.factories import ApplicationFactory, InterviewFactory, RecruiterFactory
from students.tests.factories import StudentFactory

pytestmark = pytest.mark.django_db
THURSDAY, FRIDAY = NOW + 3 * DAY, NOW + 4 * DAY


@pytest.fixture(autouse=True)
def _at_noon(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def application():
    return ApplicationFactory(status="in_review")


@pytest.fixture
def recruiter(application):
    return RecruiterFactory(company=application.job.company)


def propose(application, recruiter, *slots, place="Av. Juárez 100", now=NOW):
    return interviews.propose(
        application=application, slots=slots, minutes=30, place=place, actor=recruiter.user, now=now
    )


def form(**fields):
    return {"slot1": "2026-11-05T10:00", "slot2": "", "slot3": "", "minutes": "30", "place": "En línea", **fields}


def test_proposing_dates_moves_the_application_and_shows_them_to_both(client, application, recruiter):
    address = reverse("jobs:interview", args=[application.public_id])
    client.force_login(recruiter.user)
    assert client.get(address).status_code == 200
    for _click in range(2):
        client.post(address, form(slot2="2026-11-06T16:30"))
    interview = Interview.objects.get()
    assert interview.moments == [datetime(2026, 11, 5, 16, tzinfo=UTC), datetime(2026, 11, 6, 22, 30, tzinfo=UTC)]
    assert (interview.sequence, Application.objects.get().status) == (0, "interview")
    candidate = reverse("matching:candidate", args=[application.public_id])
    assert client.get(candidate).status_code in (200, 503)  # 503 while no model is fitted
    client.force_login(application.student.user)
    page = client.get(application.get_absolute_url()).content.decode()
    assert "En línea" in page
    assert page.count('name="slot"') == 2


@pytest.mark.parametrize(
    "fields",
    [
        {"slot1": ""},
        {"slot1": "ayer"},
        {"slot1": "2026-11-01T10:00"},
        {"slot1": "2027-11-01T10:00"},
        {"slot2": "2026-02-31T10:00"},
        {"place": ""},
        {"place": "x" * 301},
        {"minutes": "7"},
    ],
)
def test_a_wrong_form_says_so_and_keeps_what_was_typed(client, application, recruiter, fields):
    client.force_login(recruiter.user)
    answer = client.post(reverse("jobs:interview", args=[application.public_id]), form(**fields))
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    assert not Interview.objects.exists()
    assert Application.objects.get().status == "in_review"


def test_the_student_takes_one_of_the_dates_and_may_change_it(client, application, recruiter):
    propose(application, recruiter, THURSDAY, FRIDAY)
    address = reverse("jobs:pick_interview", args=[application.public_id])
    client.force_login(application.student.user)
    for slot, sequence in ((THURSDAY, 0), (THURSDAY, 0), (FRIDAY, 1)):
        assert client.post(address, {"slot": slot.isoformat()})["Location"] == application.get_absolute_url()
        interview = Interview.objects.get()
        assert (interview.status, interview.starts_at, interview.sequence) == ("agreed", slot, sequence)


@pytest.mark.parametrize(
    "slot", ["", "mañana", "2026-11-05T12:00:00", "2026-11-09T12:00:00+00:00", "2026-13-45T12:00Z"]
)
def test_a_date_that_was_not_offered_is_not_taken(client, application, recruiter, slot):
    propose(application, recruiter, THURSDAY)
    client.force_login(application.student.user)
    client.post(reverse("jobs:pick_interview", args=[application.public_id]), {"slot": slot})
    assert Interview.objects.get().starts_at is None


def test_a_date_that_has_passed_is_not_taken(application, recruiter):
    interview = propose(application, recruiter, THURSDAY)
    with pytest.raises(interviews.GoneError):
        interviews.pick(interview=interview, slot=THURSDAY, now=THURSDAY)


def test_other_dates_ask_the_student_again_with_a_higher_sequence(application, recruiter):
    interviews.pick(interview=propose(application, recruiter, THURSDAY), slot=THURSDAY, now=NOW)
    changed = propose(application, recruiter, FRIDAY, now=NOW + HOUR)
    assert (changed.status, changed.starts_at, changed.sequence) == ("proposed", None, 1)
    assert Interview.objects.count() == 1


@pytest.mark.parametrize("status", ["accepted", "rejected", "withdrawn", "no_answer"])
def test_an_ended_application_has_no_interview(recruiter, status):
    with pytest.raises(NotAllowedError):
        propose(ApplicationFactory(status=status), recruiter, THURSDAY)
    assert not Interview.objects.exists()


def test_the_end_of_an_application_cancels_its_interview(application, recruiter):
    propose(application, recruiter, THURSDAY)
    student = application.student.user
    pipeline.move(application=application, to=S.WITHDRAWN, actor=student, side=Side.STUDENT, now=NOW)
    assert (Interview.objects.get().status, Interview.objects.get().sequence) == ("cancelled", 1)


def test_nobody_else_picks_proposes_or_downloads(client, application):
    InterviewFactory(application=application, status="agreed", starts_at=THURSDAY)
    for user in (StudentFactory().user, RecruiterFactory().user):
        client.force_login(user)
        assert client.get(reverse("jobs:interview_file", args=[application.public_id])).status_code == 404
    assert client.post(reverse("jobs:interview", args=[application.public_id]), form()).status_code == 404


def lines_of(content: bytes) -> dict[str, str]:
    assert content.endswith(b"\r\n")
    unfolded = content.decode().replace("\r\n ", "")
    return dict(line.split(":", 1) for line in unfolded.splitlines() if not line.startswith(("BEGIN", "END")))


def test_the_calendar_file_says_what_calendars_read(client, application, recruiter, settings):
    settings.SITE_URL = "https://bolsa.uni.mx"
    interview = propose(application, recruiter, THURSDAY, place="Juárez 100, piso 2; timbre\nazul")
    address = reverse("jobs:interview_file", args=[application.public_id])
    client.force_login(application.student.user)
    assert client.get(address).status_code == 404  # nothing is agreed
    interviews.pick(interview=interview, slot=THURSDAY, now=NOW)
    answer = client.get(address)
    said = lines_of(answer.content)
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert said["UID"] == f"{interview.public_id}@bolsa.uni.mx"
    assert (said["DTSTART"], said["DTEND"]) == ("20261105T120000Z", "20261105T123000Z")
    assert (said["DTSTAMP"], said["SEQUENCE"], said["STATUS"]) == ("20261102T120000Z", "0", "CONFIRMED")
    assert said["LOCATION"] == "Juárez 100\\, piso 2\\; timbre\\nazul"
    assert application.job.company.name in said["SUMMARY"]
    client.force_login(recruiter.user)
    assert application.student.name in lines_of(client.get(address).content)["SUMMARY"]
    interviews.cancel(interview=interview, side=Side.COMPANY, now=NOW + HOUR)
    said = lines_of(client.get(address).content)
    assert (said["METHOD"], said["STATUS"], said["SEQUENCE"]) == ("CANCEL", "CANCELLED", "1")


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_no_text_breaks_a_calendar_file(text):
    line = "SUMMARY:" + calendar_file.escaped(text)
    folded = calendar_file.folded(line)
    parts = folded.split(b"\r\n")
    assert all(len(part) <= 75 for part in parts)
    assert b"\r" not in folded.replace(b"\r\n", b"")
    assert b"\n" not in folded.replace(b"\r\n", b"")
    for part in parts:
        part.decode()  # no character was cut
    assert folded[:-2].replace(b"\r\n ", b"").decode() == line


def test_an_interview_lasts_as_long_as_it_says():
    interview = Interview(starts_at=THURSDAY, minutes=45)
    assert interview.ends_at == THURSDAY + timedelta(minutes=45)

"""How programs review applications: interviews, crowds, names and CVs; and how a company comes to be verified."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from conftest import DAY, NOW
from jobs.interviews import pick, propose
from jobs.models import Application, Company, Interview, Job, Recruiter
from jobs.tests.factories import ApplicationFactory, JobFactory, RecruiterFactory
from moirai.accounts.models import AuditEvent
from moirai.accounts.tests.factories import UserFactory
from students.tests.factories import CVFactory, StudentFactory
from tests.programs import Program

pytestmark = pytest.mark.django_db
OWN_JOBS = "/api/v1/company/jobs/"
DATES = [(NOW + days * DAY).isoformat() for days in (3, 2)]


@pytest.fixture(autouse=True)
def now(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def recruiter():
    return RecruiterFactory()


@pytest.fixture
def company(recruiter):
    return Program(recruiter.user)


@pytest.fixture
def application(recruiter, student):
    return ApplicationFactory(student=student, job=JobFactory(company=recruiter.company), cv=student.cvs.get())


@pytest.fixture
def address(application):
    return f"/api/v1/applications/{application.public_id}/"


def test_dates_are_offered_picked_kept_and_taken_back(company, program, address, application):
    at = f"{address}interview/"
    assert program.get(at).status_code == 404
    wrong = company.send(at, {"slots": [*DATES, (NOW - DAY).isoformat()], "place": "Aquí"})
    assert (wrong.status_code, list(wrong.json()["errors"])) == (422, ["slots"])
    assert company.send(at, {"slots": DATES, "place": ""}).json()["errors"].keys() == {"place"}
    made = company.send(at, {"slots": DATES, "place": "Aquí"}).json()
    assert (made["status"], made["minutes"], len(made["slots"])) == ("proposed", 30, 2)
    assert company.send(at, {"slots": DATES, "place": "Aquí"}).json() == made == program.get(at).json()
    application.refresh_from_db()
    assert application.status == "interview"
    assert program.get(f"{address}interview.ics").status_code == 404  # nothing is agreed
    assert program.send(f"{at}pick/", {"slot": (NOW + 9 * DAY).isoformat()}).json()["code"] == "gone"
    picked = program.send(f"{at}pick/", {"slot": made["slots"][0]}).json()
    assert (picked["status"], picked["starts_at"]) == ("agreed", made["slots"][0])
    for side in (company, program):
        assert b"BEGIN:VEVENT" in side.get(f"{address}interview.ics", headers={"accept": "text/calendar"}).content
    assert program.delete(at).status_code == 403
    assert (company.delete(at).status_code, company.delete(at).status_code) == (204, 404)
    assert program.get(at).json()["status"] == "cancelled"


def test_what_has_ended_meets_nobody(company, program, address, application, recruiter):
    slots = [NOW + DAY]
    standing = propose(application=application, slots=slots, minutes=30, place="x", actor=recruiter.user, now=NOW)
    pick(interview=standing, slot=slots[0], now=NOW)
    assert company.send(f"{address}move/", {"to": "accepted"}).status_code == 200
    assert Interview.objects.get().status == "cancelled"
    assert company.send(f"{address}interview/", {"slots": DATES, "place": "x"}).json()["code"] == "ended"


def test_a_crowd_moves_on_and_nobody_is_refused_in_it(company, application, recruiter, settings):
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if "zeal" not in name]  # each is locked by itself
    job, moves = application.job, f"{OWN_JOBS}{application.job.public_id}/moves/"
    ended, foreign = ApplicationFactory(job=job, status="accepted"), ApplicationFactory()
    asked = {"to": "in_review", "applications": [row.public_id for row in (application, ended, foreign)]}
    assert company.send(moves, asked).json() == {"moved": 1, "left": 2}
    assert {row.pk: row.status for row in Application.objects.all()} == {
        application.pk: "in_review", ended.pk: "accepted", foreign.pk: "sent"
    }  # fmt: skip
    assert company.send(moves, asked | {"to": "rejected"}).json()["errors"].keys() == {"to"}
    assert company.send(moves, asked | {"applications": ["a"] * 101}).status_code == 422
    Company.objects.filter(pk=recruiter.company_id).update(status="suspended")
    assert company.send(moves, asked | {"to": "interview"}).json()["moved"] == 0


def test_a_blind_review_shows_no_name_contact_or_file_before_it_is_ended(company, program, address, application):
    blind = f"{OWN_JOBS}{application.job.public_id}/blind/"
    Job.objects.update(is_blind=True)
    assert company.send(blind, {"is_blind": False}).json()["code"] == "stays_blind"
    hidden = company.get(address).json()
    assert (hidden["is_blind"], hidden["contact"], hidden["applicant"]) == (True, None, application.student.alias)
    assert company.get(f"{address}cv/").status_code == 404
    assert [company.send(f"{address}reveal/", {}).status_code for _twice in range(2)] == [204, 204]
    shown = company.get(address).json()
    assert (shown["applicant"], shown["contact"]["email"]) == ("Ana Cruz", application.student.user.email)
    assert shown["contact"]["phone"] == ""
    assert company.get(f"{address}cv/").headers["Content-Disposition"].startswith("attachment")
    looks = list(AuditEvent.objects.order_by("pk").values_list("action", flat=True))
    assert looks == ["applicant_opened", "name_revealed", "applicant_opened", "cv_opened"]
    Application.objects.all().delete()
    assert company.send(blind, {"is_blind": False}).json()["is_blind"] is False


def test_a_posting_is_extended_once_for_each_date_that_was_read(company, recruiter):
    job = JobFactory(company=recruiter.company)
    asked = {"closes_at": job.closes_at.isoformat()}
    for _twice in range(2):
        extended = company.send(f"{OWN_JOBS}{job.public_id}/extend/", asked)
        assert extended.status_code == 200
        job.refresh_from_db()
        assert job.closes_at == NOW + 60 * DAY
    Job.objects.update(status="closed")
    assert company.send(f"{OWN_JOBS}{job.public_id}/extend/", asked).json()["code"] == "not_open"


def test_a_company_is_registered_once_shows_papers_and_answers(student):
    user = UserFactory(role="recruiter")
    program, at = Program(user), "/api/v1/company/"
    assert program.get(at).status_code == 403
    assert program.send(at, {"city": "Puebla"}).json()["errors"].keys() == {"name"}
    made = program.send(at, {"name": "Telares", "position": "Directora", "status": "verified"})
    again = program.send(at, {"name": "Otra"})
    assert (made.status_code, again.status_code, made.json()) == (201, 200, again.json())
    assert (made.json()["status"], Recruiter.objects.get().position) == ("pending", "Directora")
    assert Program(student.user).send(at, {"name": "Otra"}).status_code == 403

    def paper(content):
        file = SimpleUploadedFile("../acta.pdf", content)
        return program.post(f"{at}documents/", {"kind": "deed", "file": file})

    assert paper(b"MZ").json()["errors"].keys() == {"file"}
    sent = paper(b"%PDF-1.7 x")
    assert (sent.status_code, sent.json()["name"], sent.json()) == (201, "acta.pdf", paper(b"%PDF-1.7 x").json())
    assert program.get(f"{at}documents/").json()["results"] == [sent.json()]
    assert program.send(f"{at}answer/", {"comment": "Va."}).json()["code"] == "not_asked"
    Company.objects.update(status="needs_info")
    assert program.send(f"{at}answer/", {"comment": "Va."}).json()["status"] == "pending"
    one = f"{at}documents/{sent.json()['id']}/"
    Company.objects.update(status="verified", verified_at=NOW)
    assert program.delete(one).status_code == 404
    Company.objects.update(status="pending")
    assert program.delete(one).status_code == 204


def test_a_student_shuts_a_company_out_and_reads_the_own_file(company, program, student, address, application):
    job = JobFactory(company=application.job.company)
    assert program.send("/api/v1/applications/", {"job": job.public_id}).status_code == 201
    listed = program.get("/api/v1/privacy/companies/").json()["results"]
    assert [(row["company"]["slug"], row["revoked_at"]) for row in listed] == [(job.company.slug, None)]
    assert company.get(address).status_code == 200
    assert program.delete(f"/api/v1/privacy/companies/{job.company.slug}/").status_code == 204
    assert company.get(address).status_code == 404
    assert program.delete(f"/api/v1/privacy/companies/{RecruiterFactory().company.slug}/").status_code == 404
    cv = application.cv
    cv.file.save("x", SimpleUploadedFile("x", b"Programo."))
    mine = program.get(f"/api/v1/profile/cvs/{cv.public_id}/file/", headers={"accept": "application/pdf"})
    assert b"".join(mine.streaming_content) == b"Programo."
    other = CVFactory(student=StudentFactory())
    assert program.get(f"/api/v1/profile/cvs/{other.public_id}/file/").status_code == 404

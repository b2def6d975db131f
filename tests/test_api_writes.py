"""What programs change: the same verbs as the pages, each carried out once under its key."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from conftest import DAY, HOUR, NOW
from jobs.models import Application, Invitation, Job, SavedJob, SavedSearch
from jobs.tests.factories import ApplicationFactory, InvitationFactory, JobFactory, RecruiterFactory
from matching import ranking
from matching.tests.conftest import model, taxonomy  # noqa: F401 - fixtures
from moirai.accounts.models import AuditEvent
from moirai.accounts.tests.factories import StaffFactory, UserFactory
from moirai.api.models import Answer
from moirai.privacy.registry import holdings
from moirai.skills.tests.factories import SkillFactory
from notifications.models import Kind, Notification
from students.cohort_work import work
from students.models import CV, Cohort, ProfileEntry, Student
from students.tests.factories import CVFactory, StudentFactory
from tests.programs import Program

pytestmark = pytest.mark.django_db
ENTRIES = "/api/v1/profile/entries/"
ENTRY = {"kind": "project", "title": "Biblioteca"}
OWN_JOBS = "/api/v1/company/jobs/"
TEXT = {"title": "Analista", "description": "Programarás servicios en python.\nSabes python.", "kind": "internship"}


@pytest.fixture(autouse=True)
def now(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def recruiter():
    return RecruiterFactory()


@pytest.fixture
def company(recruiter):
    return Program(recruiter.user)


def keyed(program, data, key="uno", address=ENTRIES):
    return program.send(address, data, headers={"idempotency-key": key})


# --- Keys -------------------------------------------------------------------------------------------------------------


def test_a_request_sent_again_under_its_key_is_carried_out_once_and_answered_the_same(program, student):
    first = keyed(program, ENTRY)
    ProfileEntry.objects.all().delete()
    again = keyed(program, dict(reversed(ENTRY.items())))
    assert (first.status_code, again.status_code, again.json()) == (201, 201, first.json())
    assert not ProfileEntry.objects.exists()
    other = keyed(program, ENTRY | {"title": "Otra"})
    assert (other.status_code, other.json()["code"]) == (422, "key_reused")
    assert keyed(Program(student.user), ENTRY).status_code == 201  # another token has keys of its own
    with connection.cursor() as cursor:
        cursor.execute("SELECT body FROM api_answer")
        assert "Biblioteca" not in str(cursor.fetchall())


def test_a_request_that_is_being_answered_waits_and_one_that_was_cut_off_does_not(program, time_machine):
    keyed(program, ENTRY)
    Answer.objects.update(status=None)
    waits = keyed(program, ENTRY)
    assert (waits.status_code, waits.json()["code"]) == (409, "in_flight")
    time_machine.move_to(NOW + HOUR, tick=False)
    assert keyed(program, ENTRY).status_code == 201


def test_what_was_refused_is_put_right_under_the_same_key_and_a_key_is_forgotten_after_a_day(program, time_machine):
    assert keyed(program, {"kind": "project"}).status_code == 422
    assert keyed(program, ENTRY).status_code == 201
    assert keyed(program, ENTRY, key="a" * 256).status_code == 400
    next(one for one in holdings() if one.name == "api").expire(NOW + DAY)
    assert not Answer.objects.exists()


def test_a_crash_gives_the_key_back(program, monkeypatch):
    monkeypatch.setattr("students.change.save_entry", lambda **_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        keyed(program, ENTRY)
    assert not Answer.objects.exists()


def test_the_same_file_is_the_same_request_whatever_its_boundary(program):
    def upload(boundary):
        part = 'Content-Disposition: form-data; name="cv"; filename="cv.txt"\r\n\r\nHe programado en python'
        body = f"--{boundary}\r\n{part}\r\n--{boundary}--\r\n"
        kind = f"multipart/form-data; boundary={boundary}"
        return program.post("/api/v1/profile/cvs/", body, content_type=kind, headers={"idempotency-key": "x"})

    first, again = upload("aaa"), upload("bbb")
    assert (first.status_code, again.status_code) == (202, 202), first.content
    assert first.json() == again.json()
    assert CV.objects.filter(status="waiting").count() == 1


# --- Students ---------------------------------------------------------------------------------------------------------


def test_a_profile_is_changed_by_its_forms_and_nothing_else(program, student):
    tag = program.get("/api/v1/profile/")["ETag"]
    asked = {"headline": "Hola", "visibility": "companies", "restricted_since": None, "user": 7, "semester": 99}
    assert program.send("/api/v1/profile/", asked, "patch").json()["errors"].keys() == {"semester"}
    done = program.send("/api/v1/profile/", asked | {"semester": 5}, "patch", headers={"if-match": tag})
    assert (done.status_code, done.json()["headline"], done.json()["semester"]) == (200, "Hola", 5)
    late = program.send("/api/v1/profile/", {"headline": "Adiós"}, "patch", headers={"if-match": tag})
    row = Student.objects.get()
    assert (late.status_code, row.headline, row.visibility, row.user_id) == (412, "Hola", "companies", student.user_id)


def test_lines_of_the_profile_are_added_changed_and_deleted(program):
    made = program.send(ENTRIES, ENTRY | {"started_on": "2026-01-05"}).json()
    assert program.send(ENTRIES, ENTRY | {"started_on": "2026-01-05"}).json() == made
    address = f"{ENTRIES}{made['id']}/"
    wrong = program.send(address, {"ended_on": "2025-01-01"}, "patch")
    assert (wrong.status_code, list(wrong.json()["errors"])) == (422, ["ended_on"])
    assert program.send(address, {"title": "Otra"}, "patch").json() == made | {"title": "Otra"}
    assert (program.delete(address).status_code, program.delete(address).status_code) == (204, 404)


def test_skills_are_stated_decided_and_contested(program):
    SkillFactory(code="python")
    said = {"name": "Pithon", "statement": "Programé con python un servicio."}
    refused = program.send("/api/v1/profile/skills/", said)
    assert (refused.status_code, list(refused.json()["errors"])) == (422, ["name"])
    made = program.send("/api/v1/profile/skills/", said | {"name": "python"}).json()
    assert (made["status"], made["evidence"][0]["words"]) == ("confirmed", "python")
    evidence = f"/api/v1/profile/evidence/{made['evidence'][0]['id']}/"
    assert program.send(evidence, {"is_contested": True}, "patch").json()["is_contested"]
    removed = program.send("/api/v1/profile/skills/python/", {"status": "removed"}, "patch")
    assert removed.json()["status"] == "removed"
    assert program.send("/api/v1/profile/skills/python/", {"status": "found"}, "patch").status_code == 422


def test_postings_and_searches_are_kept(program):
    job = JobFactory(city="Puebla")
    for _twice in range(2):
        saved = keyed(program, {"job": job.public_id}, address="/api/v1/saved/jobs/")
        assert (saved.status_code, saved.content) == (204, b"")
    assert program.send("/api/v1/saved/jobs/", {"job": JobFactory(status="draft").public_id}).status_code == 404
    assert [row["job"]["id"] for row in program.get("/api/v1/saved/jobs/").json()["results"]] == [job.public_id]
    assert program.delete(f"/api/v1/saved/jobs/{job.public_id}/").status_code == 204
    assert not SavedJob.objects.exists()
    search = {"q": "datos", "city": ["Puebla"], "frequency": "daily"}
    made = program.send("/api/v1/saved/searches/", search).json()
    assert (made["query"], made["label"]) == ("q=datos&city=Puebla", "datos, Puebla")
    address = f"/api/v1/saved/searches/{made['id']}/"
    assert program.send(address, {"frequency": "weekly"}, "patch").json()["frequency"] == "weekly"
    assert program.delete(address).status_code == 204
    assert not SavedSearch.objects.exists()


def test_notifications_are_read_and_chosen(program, student):
    for key in "ab":
        Notification.objects.create(user=student.user, kind=Kind.CV_READ, data={"skills": 3}, key=key, created_at=NOW)
    unread = program.get("/api/v1/notifications/?unread=1").json()["results"]
    assert "3" in unread[0]["title"] + unread[0]["text"]
    program.send("/api/v1/notifications/read/", {"ids": [unread[0]["id"]]})
    assert len(program.get("/api/v1/notifications/?unread=1").json()["results"]) == 1
    address = "/api/v1/notifications/preferences/"
    chosen = program.send(address, {"kind": "message", "channel": "weekly"}, "patch").json()["results"]
    assert {row["kind"]: row["channel"] for row in chosen}["message"] == "weekly"
    assert program.send(address, {"kind": "cv_failed", "channel": "weekly"}, "patch").status_code == 422


# --- Companies --------------------------------------------------------------------------------------------------------


def test_a_posting_goes_from_draft_to_review_and_is_closed(company, recruiter):
    SkillFactory(code="python")
    made = company.send(OWN_JOBS, TEXT | {"status": "published", "company": 1}).json()
    assert (made["status"], [row["code"] for row in made["skills"]]) == ("draft", ["python"])
    address = f"{OWN_JOBS}{made['id']}/"
    assert company.send(f"{address}skills/python/", {"level": "preferred"}, "patch").json()["level"] == "preferred"
    assert company.send(f"{address}skills/", {"name": "nada", "level": "required"}).status_code == 422
    changed = company.send(address, {"city": "Puebla", "hours_per_week": 20, "pay_from": 9000}, "patch").json()
    assert (changed["city"], changed["title"], changed["description"]) == ("Puebla", made["title"], made["description"])
    sent = company.send(f"{address}submit/", {})
    assert (sent.status_code, sent.json()["status"]) == (200, "in_review"), sent.content
    assert company.send(f"{address}close/", {"reason": "filled"}).json()["status"] == "closed"
    assert company.send(address, {"city": "X"}, "patch").json()["code"] == "ended"
    assert Program(RecruiterFactory().user).get(address).status_code == 404


def test_what_breaks_a_law_is_not_sent(company):
    made = company.send(OWN_JOBS, TEXT | {"requirements": "Solo hombres menores de 25 años."}).json()
    refused = company.send(f"{OWN_JOBS}{made['id']}/submit/", {})
    assert (refused.status_code, list(refused.json()["errors"])) == (422, ["remarks"])
    assert Job.objects.get().status == "draft"


def test_a_company_that_takes_another_name_is_verified_again(company, recruiter):
    type(recruiter.company).objects.update(website="https://empresa.example", tax_id="")
    asked = {"name": "Otra", "status": "verified", "is_trusted": True}
    changed = company.send("/api/v1/company/", asked, "patch").json()
    assert (changed["name"], changed["status"], changed["website"]) == ("Otra", "pending", "https://empresa.example")


def test_candidates_are_as_anonymous_as_on_the_page(model, company, recruiter, student):  # noqa: F811
    job = JobFactory(company=recruiter.company, skills=["python"])
    shown = StudentFactory(user=UserFactory(full_name="Zoe Secreta"), visibility="companies")
    CVFactory(student=shown, text="Experiencia\nZoe Secreta programó en python.\n")
    StudentFactory(user=UserFactory(full_name="Nadie Visible"))
    application = ApplicationFactory(student=student, job=job)
    for one in (student, shown):
        ranking.refresh_student(student=one, now=NOW)
    rows = {row["applicant"]: row for row in company.get(f"{OWN_JOBS}{job.public_id}/candidates/").json()["results"]}
    assert rows.keys() == {"Ana Cruz", shown.alias}
    assert (rows["Ana Cruz"]["application"], rows["Ana Cruz"]["person"]) == (application.public_id, None)
    assert (rows[shown.alias]["application"], rows[shown.alias]["person"]) == (None, shown.public_id)
    why = company.get(f"{OWN_JOBS}{job.public_id}/people/{shown.public_id}/")
    assert why.json()["points"] == rows[shown.alias]["points"]
    assert "Secreta" not in json.dumps([list(rows.values()), why.json()])
    assert company.get(f"/api/v1/applications/{application.public_id}/match/").json()["rows"]
    assert {row.action for row in AuditEvent.objects.all()} == {"profile_opened", "applicant_opened"}
    assert Application.objects.get().status == "seen"


def test_a_refused_invitation_looks_as_if_it_waits(company, recruiter, student, program):
    job = JobFactory(company=recruiter.company)
    address = f"{OWN_JOBS}{job.public_id}/invitations/"
    assert company.send(address, {"person": student.public_id}).status_code == 404  # agreed to nothing
    Student.objects.update(visibility="companies")
    sent = company.send(address, {"person": student.public_id, "note": "Ven", "status": "accepted"})
    assert (sent.status_code, sent.json()["status"], sent.json()["alias"]) == (201, "waiting", student.alias)
    got = program.get("/api/v1/invitations/").json()["results"][0]
    assert got["note"] == "Ven"
    assert program.send(f"/api/v1/invitations/{got['id']}/decline/", {}).status_code == 204
    assert Invitation.objects.get().status == "declined"
    assert company.get(address).json()["results"][0] == sent.json()
    assert program.send(f"/api/v1/invitations/{got['id']}/accept/", {}).json()["code"] == "over"


def test_an_accepted_invitation_is_an_application(program, student):
    row = InvitationFactory(student=student)
    made = program.send(f"/api/v1/invitations/{row.public_id}/accept/", {"message": "Sí", "shares_phone": True})
    application = Application.objects.get()
    assert (made.status_code, made.json()["id"]) == (201, application.public_id)
    assert (application.message, application.shares_phone) == ("Sí", bool(student.phone))


def test_twenty_invitations_are_a_postings_most(company, recruiter, monkeypatch):
    monkeypatch.setattr("jobs.invitations.PER_JOB", 1)
    job, people = JobFactory(company=recruiter.company), StudentFactory.create_batch(2, visibility="companies")
    for person, status in zip(people, (201, 409), strict=True):
        sent = company.send(f"{OWN_JOBS}{job.public_id}/invitations/", {"person": person.public_id})
        assert sent.status_code == status


# --- The office -------------------------------------------------------------------------------------------------------


@pytest.fixture
def office():
    return Program(StaffFactory(is_superuser=True))


def sheet(text, **fields):
    return {"file": SimpleUploadedFile("file.csv", text.encode()), **fields}


def test_a_token_of_staff_obeys_their_permissions_and_the_second_factor(settings):
    program = Program(StaffFactory(is_superuser=False))
    for name in ("student-imports", "companies", "jobs", "matches"):
        assert program.get(f"/api/v1/office/{name}/").status_code == 403
    assert program.post("/api/v1/office/jobs/", sheet("")).status_code == 403
    settings.REQUIRE_STAFF_SECOND_FACTOR = True
    assert program.get("/api/v1/office/jobs/").status_code == 401


def test_students_are_imported_step_by_step(office):
    def step(address, **said):
        office.send(address, said)
        work(cohort_id=Cohort.objects.get().pk, now=NOW)
        return office.get(address).json()

    imports = "/api/v1/office/student-imports/"
    assert office.post(imports, sheet("")).json()["errors"].keys() == {"file"}
    made = office.post(imports, sheet("matricula,nombre,semestre\n1001,Ana,3\n1002,Eva,99\n")).json()
    address = f"{imports}{made['id']}/"
    assert step(address, step="store")["status"] == "mapping"  # not checked yet
    assert office.send(address, {"step": "check", "mapping": {"nada": 0}}).status_code == 422
    checked = step(address, step="check")
    assert (checked["status"], checked["counts"]) == ("checked", {"new": 1, "changed": 0, "same": 0, "error": 1})
    assert not Student.objects.exists()
    errors = office.get(f"{address}errors.csv", headers={"accept": "text/csv"})
    assert "1002" in b"".join(errors.streaming_content).decode()
    assert step(address, step="store")["status"] == "stored"
    assert [row.student_number for row in Student.objects.all()] == ["1001"]
    assert Cohort.objects.get().created_by is not None


COLUMNS = "id,language,title,description,required_skills,preferred_skills,location,seniority,modality\n"


def test_postings_are_imported_all_or_none(office):
    good, bad = COLUMNS + "1,es,Analista,Programa,python,,Puebla,junior,remote\n", "2,es,,Programa,,,,junior,remote\n"
    dry = office.post("/api/v1/office/jobs/", sheet(good, dry_run="true")).json()
    refused = office.post("/api/v1/office/jobs/", sheet(good + bad)).json()
    assert (dry["added"], dry["refused"], refused["added"]) == (0, [], 0)
    assert refused["refused"] == [{"line": 3, "reason": "title is missing"}]
    assert not Job.objects.exists()
    assert office.post("/api/v1/office/jobs/", sheet(good)).json()["added"] == 1
    assert office.post("/api/v1/office/jobs/", sheet(good)).json()["updated"] == 1
    assert office.get("/api/v1/office/jobs/?status=published").json()["results"][0]["external_id"] == "1"
    assert len(office.get("/api/v1/office/companies/").json()["results"]) == 1
    assert office.post("/api/v1/office/jobs/", sheet(good, company="nada")).status_code == 422


def test_all_matches_are_exported_by_pages(model, office, student):  # noqa: F811
    JobFactory.create_batch(3, skills=["python"])
    ranking.refresh_student(student=student, now=NOW)
    page = office.get("/api/v1/office/matches/?limit=2").json()
    rows = page["results"] + office.get(page["next"]).json()["results"]
    assert len({row["job"] for row in rows}) == 3
    assert [row["score"] for row in rows] == sorted((row["score"] for row in rows), reverse=True)
    assert rows[0]["student"] == (student.external_id or student.public_id)


# --- Lists ------------------------------------------------------------------------------------------------------------


def test_lists_ask_for_the_same_rows_whatever_their_number(program, student, recruiter, company, office):
    lists = [
        (program, ENTRIES), (program, "/api/v1/saved/jobs/"), (program, "/api/v1/saved/searches/"),
        (program, "/api/v1/invitations/"), (program, "/api/v1/notifications/"), (program, "/api/v1/profile/cvs/"),
        (company, OWN_JOBS), (office, "/api/v1/office/jobs/"), (office, "/api/v1/office/companies/"),
    ]  # fmt: skip
    for asks in (program, company, office):
        asks.get("/api/v1/me/")  # the use of a token is noted once
    asked: list[list[int]] = []
    for number in (1, 2):
        for job in JobFactory.create_batch(3, company=recruiter.company, skills=["python"]):
            SavedJob.objects.create(student=student, job=job, created_at=NOW)
            InvitationFactory(student=student)
            ProfileEntry.objects.create(student=student, kind="project", title=f"x{job.pk}")
            SavedSearch.objects.create(student=student, query=f"q={job.pk}", created_at=NOW, due_at=NOW)
            CVFactory(student=student, is_current=False)
            Notification.objects.create(user=student.user, kind=Kind.CV_READ, key=str(job.pk), created_at=NOW)
        counts = []
        for asks, address in lists:
            with CaptureQueriesContext(connection) as queries:
                assert len(asks.get(address).json()["results"]) >= 3 * number, address
            counts.append(len(queries))
        asked.append(counts)
    assert asked[0] == asked[1]

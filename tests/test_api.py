"""The API as programs use it: signing in, lists, errors, and the same numbers as the pages."""

import json

import pytest
from django.urls import reverse

from conftest import DAY, NOW
from jobs.models import Application, ApplicationEvent, Job, Message
from jobs.tests.factories import ApplicationFactory, CompanyFactory, JobFactory, RecruiterFactory
from matching import pair, ranking
from matching.models import Match
from matching.tests.conftest import model, taxonomy  # noqa: F401 - fixtures
from moirai.accounts.models import AuditEvent, User
from moirai.api.authentication import PerAddress, PerToken
from moirai.api.models import Scope, Token
from tests.programs import Program
from tests.trust import rules_api
from tests.trust.test_matrix import lines

pytestmark = pytest.mark.django_db
JOBS = "/api/v1/jobs/"
APPLICATIONS = "/api/v1/applications/"


@pytest.fixture(autouse=True)
def now(time_machine):
    time_machine.move_to(NOW, tick=False)


def test_anybody_reads_open_postings_and_nothing_else(client):
    shown = JobFactory(skills=["python"])
    hidden = [
        JobFactory(status="draft", published_at=None, closes_at=None), JobFactory(status="in_review"),
        JobFactory(closes_at=NOW), JobFactory(published_at=NOW + DAY),
        JobFactory(company=CompanyFactory(status="pending")),
    ]  # fmt: skip
    rows = client.get(JOBS).json()["results"]
    assert [row["id"] for row in rows] == [shown.public_id]
    assert rows[0]["skills"] == [{"code": "python", "name": shown.skills.get().skill.name, "level": "required"}]
    assert client.get(f"{JOBS}{shown.public_id}/").json()["description"] == shown.description
    for job in hidden:
        assert client.get(f"{JOBS}{job.public_id}/").status_code == 404


def test_the_list_takes_the_filters_of_the_page(client):
    remote, _onsite = JobFactory(modality="remote", city="Puebla"), JobFactory(modality="onsite")
    for query in ("modality=remote", "city=Puebla", "modality=remote&city=Puebla&kind=first_job"):
        assert [row["id"] for row in client.get(f"{JOBS}?{query}").json()["results"]] == [remote.public_id]
    assert client.get(f"{JOBS}?paid=1").json()["results"] == []


@pytest.mark.parametrize("order", ["newest", "closing"])
def test_following_next_reads_every_posting_once_although_others_come(client, order):
    jobs = JobFactory.create_batch(7)  # all of one moment
    first = client.get(f"{JOBS}?limit=3&order={order}").json()
    seen, page = [row["id"] for row in first["results"]], first
    JobFactory(published_at=NOW, closes_at=NOW + DAY)  # before all others in both orders
    while page["next"]:
        page = client.get(page["next"]).json()
        seen += [row["id"] for row in page["results"]]
    assert sorted(seen) == sorted(job.public_id for job in jobs)


@pytest.mark.parametrize("cursor", ["", "x", "bz05OTk5OTk5OTk5OTk5OTk5OTk5", "cD1hYmM=", "é"])
def test_a_forged_cursor_is_no_page(client, cursor):
    JobFactory()
    response = client.get(JOBS, {"cursor": cursor})
    assert response.status_code == 404
    assert response["Content-Type"] == "application/problem+json"


def test_a_cursor_of_one_order_is_none_of_the_other(client):
    JobFactory.create_batch(3)
    following = client.get(f"{JOBS}?limit=1").json()["next"]
    assert client.get(f"{following}&order=closing").status_code == 404


def test_the_lists_ask_for_the_same_rows_whatever_their_number(client, django_assert_max_num_queries, program, student):
    for size in (2, 9):
        for job in JobFactory.create_batch(size, skills=["python"]):
            ApplicationFactory(student=student, job=job)
        with django_assert_max_num_queries(3):
            client.get(JOBS)
        with django_assert_max_num_queries(5):
            assert len(program.get(APPLICATIONS).json()["results"]) >= size


def test_what_has_not_changed_is_not_sent_again(client):
    job = JobFactory()
    response = client.get(JOBS)
    assert client.get(JOBS, headers={"if-none-match": response["ETag"]}).status_code == 304
    Job.objects.filter(pk=job.pk).update(title="Otro")
    assert client.get(JOBS, headers={"if-none-match": response["ETag"]}).status_code == 200


# --- Who asks ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer x", f"Bearer moi_{'a' * 43}", "Basic YTpi", "Bearer é"])
def test_without_a_good_token_nobody_gets_in(client, header):
    response = client.get(APPLICATIONS, headers={"authorization": header})
    assert (response.status_code, response.json()["status"]) == (401, 401)
    assert response["WWW-Authenticate"].startswith("Bearer")


def test_a_session_opens_nothing_and_changes_nothing(client, student):
    client.force_login(student.user)
    assert client.get("/api/v1/me/").status_code == 401
    body = {"job": JobFactory().public_id}
    assert client.post(APPLICATIONS, body, content_type="application/json").status_code == 401
    assert not Application.objects.exists()


@pytest.mark.parametrize("scope", Scope)
def test_a_token_does_what_it_was_made_for(student, scope):
    program = Program(student.user, scope)
    answers = {
        Scope.PROFILE_READ: program.get("/api/v1/profile/"),
        Scope.PROFILE_WRITE: program.send("/api/v1/me/", {}, "patch"),
        Scope.MATCHES_READ: program.get("/api/v1/matches/"),
        Scope.APPLICATIONS_READ: program.get(APPLICATIONS),
        Scope.APPLICATIONS_WRITE: program.send(APPLICATIONS, {"job": "nada"}),
    }
    for needed, response in answers.items():
        assert (response.status_code == 403) == (needed != scope), needed


def test_too_many_requests_are_told_when_to_come_back(client, monkeypatch, program):
    monkeypatch.setattr(PerAddress, "THROTTLE_RATES", {"address": "2/min"})
    monkeypatch.setattr(PerToken, "THROTTLE_RATES", {"token": "3/min"})
    assert [client.get(JOBS).status_code for _ in range(3)] == [200, 200, 429]
    assert [program.get("/api/v1/me/").status_code for _ in range(4)] == [200, 200, 200, 429]
    assert 0 < int(program.get("/api/v1/me/")["Retry-After"]) <= 60


# --- Errors -----------------------------------------------------------------------------------------------------------


def test_an_error_names_its_fields_in_the_language_asked_for(program):
    spanish = program.send(APPLICATIONS, {}, headers={"accept-language": "es"})
    english = program.send(APPLICATIONS, {}, headers={"accept-language": "en"})
    assert (spanish.status_code, english.status_code) == (422, 422)
    assert english["Content-Type"] == "application/problem+json"
    problem = english.json()
    assert (problem["title"], problem["status"], problem["code"]) == ("Unprocessable Entity", 422, "invalid")
    assert problem["errors"] == {"job": ["This field is required."]}
    assert spanish.json()["errors"] != problem["errors"]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("{", 400), ("[]", 400), ("1", 400), ("[" * 5000, 400), ('{"a":' * 5000, 400), ("9" * 5000, 400),
        ('{"job": NaN}', 400), ("\ufeff", 400), (b"\xff\xfe", 400), ('{"message": "' + "a" * 70_000 + '"}', 413),
        ('{"job": "a\\u0000"}', 422), ('{"job": "\\ud800"}', 422), ('{"job": {"a": 1}}', 422), ('{"job": null}', 422),
        ('{"job": "2222222222", "message": "' + "a" * 2001 + '"}', 422), ("", 422),
    ],
)  # fmt: skip
def test_no_body_breaks_it(program, body, status):
    response = program.post(APPLICATIONS, body, content_type="application/json")
    assert response.status_code == status, response.content
    assert response.json()["status"] == status


def test_other_types_and_methods_are_refused(program):
    assert program.post(APPLICATIONS, {"job": "x"}).status_code == 415
    assert program.delete(APPLICATIONS).status_code == 405
    assert program.options(APPLICATIONS).status_code == 405
    assert program.get(APPLICATIONS, headers={"accept": "text/html"}).status_code == 406


# --- The account ------------------------------------------------------------------------------------------------------


def test_nobody_makes_themselves_staff(program, student):
    asked = {"full_name": "Ana C.", "role": "staff", "is_staff": True, "email": "x@x.example", "is_superuser": True}
    response = program.send("/api/v1/me/", asked, "patch")
    user = User.objects.get(pk=student.user_id)
    assert response.json() == {"email": user.email, "full_name": "Ana C.", "role": "student", "language": "es-mx"}
    assert (user.full_name, user.role, user.is_staff, user.email) == ("Ana C.", "student", False, student.user.email)


def test_an_edit_of_what_has_changed_is_refused(program, student):
    tag = program.get("/api/v1/me/")["ETag"]
    first = program.send("/api/v1/me/", {"full_name": "Uno"}, "patch", headers={"if-match": tag})
    second = program.send("/api/v1/me/", {"full_name": "Dos"}, "patch", headers={"if-match": tag})
    assert (first.status_code, second.status_code) == (200, 412)
    assert User.objects.get(pk=student.user_id).full_name == "Uno"


def test_the_profile_says_what_the_page_says(program, student):
    profile = program.get("/api/v1/profile/").json()
    assert profile["id"] == student.public_id
    assert [cv["is_current"] for cv in profile["cvs"]] == [True]


# --- Matches ----------------------------------------------------------------------------------------------------------


def test_matches_have_the_numbers_of_the_explanation(model, program, student):  # noqa: F811
    job = JobFactory(skills=["python"])
    ranking.refresh_student(student=student, now=NOW)
    found = pair.explain_pair(student, job, now=NOW).summary
    listed = program.get("/api/v1/matches/").json()["results"][0]
    shown = program.get(f"/api/v1/matches/{job.public_id}/").json()
    for answer in (listed, shown):
        assert answer["job"]["id"] == job.public_id
        assert answer["points"] == found.points == Match.objects.get().points
        parts = (answer["occupation"], answer["requirements"], answer["words"])
        assert parts == (found.occupation, found.requirements, found.words)
        assert sum(parts) == answer["points"]
        assert [row["points"] for row in answer["rows"]] == [row.points for row in found.rows]
    assert shown["rows"][0]["asked"] is None or shown["rows"][0]["asked"]["sentence"] in job.text


def test_before_the_first_fit_a_match_is_not_there_yet(program):
    assert program.get(f"/api/v1/matches/{JobFactory().public_id}/").status_code == 503
    assert program.get("/api/v1/matches/").json()["results"] == []


# --- Applications -----------------------------------------------------------------------------------------------------


def test_applying_twice_is_one_application(program, student):
    job = JobFactory()
    body = {"job": job.public_id, "message": "Me interesa", "shares_phone": True, "status": "accepted", "student": 1}
    first, second = program.send(APPLICATIONS, body), program.send(APPLICATIONS, body)
    row = Application.objects.get()
    assert (first.status_code, second.status_code) == (201, 200)
    assert (row.student, row.job, row.status, row.message) == (student, job, "sent", "Me interesa")
    assert first.json() == second.json()
    assert first.json()["next_statuses"] == ["withdrawn"]


def test_nobody_applies_to_what_is_closed_hidden_or_with_nothing_to_show(program, student):
    closed, draft = JobFactory(closes_at=NOW), JobFactory(status="draft", published_at=None, closes_at=None)
    assert program.send(APPLICATIONS, {"job": closed.public_id}).json()["code"] == "closed"
    assert program.send(APPLICATIONS, {"job": draft.public_id}).status_code == 404
    student.cvs.all().delete()
    assert program.send(APPLICATIONS, {"job": JobFactory().public_id}).json()["code"] == "empty_profile"
    student.restricted_since = NOW
    student.save()
    assert program.send(APPLICATIONS, {"job": JobFactory().public_id}).json()["code"] == "restricted"
    assert program.get("/api/v1/matches/").json()["code"] == "restricted"
    assert not Application.objects.exists()


@pytest.fixture
def company():
    return RecruiterFactory()


@pytest.fixture
def application(student, company):
    row = ApplicationFactory(student=student, job=JobFactory(company=company.company), message="Soy Ana Cruz")
    ApplicationEvent.objects.create(application=row, status="sent", at=NOW)
    return row


def test_both_sides_read_and_move_an_application(application, program, company):
    address = f"{APPLICATIONS}{application.public_id}/"
    recruiter = Program(company.user)
    assert recruiter.get(APPLICATIONS).json()["results"][0]["applicant"] == "Ana Cruz"
    assert recruiter.get(address).json()["status"] == "seen"
    assert AuditEvent.objects.get().action == "applicant_opened"
    assert recruiter.send(f"{address}move/", {"to": "rejected"}).json()["errors"].keys() == {"note"}
    moved = recruiter.send(f"{address}move/", {"to": "in_review", "expected": "seen"})
    assert (moved.status_code, moved.json()["status"]) == (200, "in_review")
    late = recruiter.send(f"{address}move/", {"to": "interview", "expected": "sent"})
    assert (late.status_code, late.json()["code"]) == (409, "moved_meanwhile")
    assert program.send(f"{address}move/", {"to": "accepted"}).json()["code"] == "not_allowed"
    assert program.send(f"{address}move/", {"to": "withdrawn"}).json()["status"] == "withdrawn"
    assert recruiter.get(address).status_code == 404
    assert recruiter.get(APPLICATIONS).json()["results"] == []


def test_both_sides_write_to_each_other(application, program, company):
    address = f"{APPLICATIONS}{application.public_id}/messages/"
    for _twice in range(2):
        assert Program(company.user).send(address, {"body": "Hola"}).status_code == 201
    assert program.send(address, {"body": "Gracias", "side": "company"}).json()["side"] == "student"
    assert [row.body for row in Message.objects.order_by("pk")] == ["Hola", "Gracias"]
    assert program.send(address, {"body": " "}).status_code == 422
    Application.objects.update(status="rejected")
    assert program.send(address, {"body": "¿Por qué?"}).json()["code"] == "ended"


def test_a_blind_review_has_no_names(application, company):
    Job.objects.update(is_blind=True)
    recruiter = Program(company.user)
    page = json.dumps(
        [recruiter.get(f"{APPLICATIONS}{application.public_id}/").json(), recruiter.get(APPLICATIONS).json()]
    )
    assert "Ana" not in page
    assert "Cruz" not in page
    assert application.student.alias in page


def test_every_key_that_leaves_the_house_is_on_the_list(application, program, company):
    """Promise 4: whoever adds a field says so here."""
    row = {"id", "job", "applicant", "status", "created_at", "updated_at"}
    detail = row | {"is_blind", "message", "next_statuses", "steps", "contact"}
    for asks in (program, Program(company.user)):
        assert asks.get(APPLICATIONS).json()["results"][0].keys() == row
        shown = asks.get(f"{APPLICATIONS}{application.public_id}/").json()
        assert shown.keys() == detail
        assert shown["job"].keys() == {"id", "title", "company"}
        assert shown["steps"][0].keys() == {"kind", "label", "at", "note", "state"}


# --- The schema and its pages -----------------------------------------------------------------------------------------


def test_the_schema_and_the_reference_are_open_and_name_every_endpoint(client):
    schema = client.get("/api/v1/schema.json").json()
    page = client.get(reverse("api_reference")).content.decode()
    operations = {row["operationId"]: row for path in schema["paths"].values() for row in path.values()}
    assert len(operations) == len({(line.route, line.method) for line in lines(rules_api.API).values()}) - 1
    assert all(f'id="{name}"' in page for name in operations)
    assert all("default" in row["responses"] for row in operations.values())
    assert {name for name, row in operations.items() if {} in row["security"]} == {"jobs", "job"}
    assert schema["paths"]["/api/v1/jobs/"]["get"]["responses"]["200"]["content"]["application/json"]["schema"] == {
        "$ref": "#/components/schemas/PaginatedJobList"
    }


def test_tokens_of_closed_accounts_open_nothing(program, student):
    User.objects.filter(pk=student.user_id).update(is_active=False)
    assert program.get("/api/v1/me/").status_code == 401
    assert Token.objects.exists()

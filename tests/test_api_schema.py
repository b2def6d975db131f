"""The API under everything its own schema allows, and some that it does not: no answer is a server error."""

import os
from dataclasses import dataclass
from http import HTTPStatus

import pytest
import schemathesis
from django.core.files.base import ContentFile
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, settings
from schemathesis.checks import CHECKS

from conftest import NOW
from jobs.documents import add_document
from jobs.grants import grant
from jobs.models import SavedSearch
from jobs.saved import save_job
from jobs.tests.factories import ApplicationFactory, InterviewFactory, InvitationFactory, JobFactory, RecruiterFactory
from moirai.accounts.tests.factories import StaffFactory, UserFactory
from moirai.api.authentication import PerAddress, PerToken
from moirai.api.models import Scope
from moirai.api.tokens import make_token
from students.change import state_skill
from students.cohort import upload_cohort
from students.models import ProfileEntry
from students.tests.factories import CVFactory, StudentFactory

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]  # the stricter of the two
EXAMPLES = int(os.environ.get("API_EXAMPLES", "3"))  # of each endpoint and role
schema = schemathesis.openapi.from_wsgi("/api/v1/schema.json", WSGIHandler())
schema.config.phases.coverage.unexpected_methods = set()  # trust/test_api.py tries them all
not_a_server_error = CHECKS.get_one("not_a_server_error")
response_schema_conformance = CHECKS.get_one("response_schema_conformance")


@dataclass
class People:
    secrets: dict[str, str]
    ids: dict[str, object]  # by name of the parameter: what is there, so that a request gets past the 404

    def who_asks(self, path: str) -> list[str | None]:
        """Those whose request means something; the others are refused by one line, which the matrix tries."""
        for part, roles in (
            ("/office/", ["staff"]),
            ("/company/", ["recruiter"]),
            ("/privacy/", ["student"]),
            ("/applications/", ["student", "recruiter"]),
        ):
            if part in path:
                return [self.secrets[role] for role in roles]
        return [self.secrets["student"]] if "/jobs/" not in path or "/saved/" in path else [None]


@pytest.fixture
def people(time_machine, monkeypatch):
    """A student, the recruiter of the company that the student applied to, staff, and what each holds."""
    time_machine.move_to(NOW)
    monkeypatch.setattr(PerAddress, "THROTTLE_RATES", {"address": None})
    monkeypatch.setattr(PerToken, "THROTTLE_RATES", {"token": None})
    for signal in (request_started, request_finished):  # the test's transaction lives on this connection
        signal.disconnect(close_old_connections)
    student, recruiter = StudentFactory(user=UserFactory(), visibility="companies"), RecruiterFactory()
    cv, job = CVFactory(student=student), JobFactory(company=recruiter.company, skills=["python"])
    application = ApplicationFactory(student=student, job=job)
    row = state_skill(student=student, skill=job.skills.get().skill, statement="Sé python desde 2020.", now=NOW)
    entry = ProfileEntry.objects.create(student=student, kind="project", title="x")
    search = SavedSearch.objects.create(student=student, query="q=x", created_at=NOW, due_at=NOW)
    save_job(student=student, job=job, now=NOW)
    invitation = InvitationFactory(student=student)
    InterviewFactory(application=application)
    grant(student=student, company=recruiter.company, now=NOW, source="application")
    paper = ContentFile(b"%PDF-1.7 x", name="x")
    document = add_document(company=recruiter.company, kind="tax", file=paper, uploaded_by=recruiter.user, now=NOW)
    cohort = upload_cohort(file=ContentFile(b"matricula\n1\n"), name="x", by=None, now=NOW)
    users = {"student": student.user, "recruiter": recruiter.user, "staff": StaffFactory(is_superuser=True)}
    made = {
        role: make_token(user=user, name="x", scopes=Scope.values, days=30, now=NOW) for role, user in users.items()
    }
    yield People(
        {role: secret for role, (_token, secret) in made.items()},
        {
            "application": application.public_id, "job": job.public_id, "cv": cv.public_id, "entry": entry.pk,
            "evidence": row.evidence.get().pk, "code": "python", "search": search.public_id,
            "invitation": invitation.public_id, "cohort": cohort.public_id, "student": student.public_id,
            "company": recruiter.company.slug, "document": document.pk,
        },
    )  # fmt: skip
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@schema.parametrize()
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.filter_too_much],
)
def test_nothing_that_is_sent_breaks_it(case, people):
    case.path_parameters = {name: people.ids.get(name, value) for name, value in (case.path_parameters or {}).items()}
    for secret in people.who_asks(case.operation.path):
        headers = {"Authorization": f"Bearer {secret}"} if secret else {}
        response = case.call(headers=headers)
        if response.status_code != HTTPStatus.SERVICE_UNAVAILABLE:  # no model is fitted here
            case.validate_response(response, checks=[not_a_server_error, response_schema_conformance])

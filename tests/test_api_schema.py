"""The API under everything its own schema allows, and some that it does not: no answer is a server error."""

import os

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, settings
from schemathesis.checks import CHECKS

from conftest import NOW
from jobs.tests.factories import ApplicationFactory, JobFactory, RecruiterFactory
from moirai.accounts.tests.factories import UserFactory
from moirai.api.authentication import PerAddress, PerToken
from moirai.api.models import Scope
from moirai.api.tokens import make_token
from students.tests.factories import CVFactory, StudentFactory

pytestmark = pytest.mark.django_db
EXAMPLES = int(os.environ.get("API_EXAMPLES", "15"))  # of each endpoint and role
schema = schemathesis.openapi.from_wsgi("/api/v1/schema.json", WSGIHandler())
not_a_server_error = CHECKS.get_one("not_a_server_error")
response_schema_conformance = CHECKS.get_one("response_schema_conformance")


@pytest.fixture
def secrets(time_machine, monkeypatch):
    """Tokens of a student and of the recruiter of the company that the student applied to."""
    time_machine.move_to(NOW)
    monkeypatch.setattr(PerAddress, "THROTTLE_RATES", {"address": None})
    monkeypatch.setattr(PerToken, "THROTTLE_RATES", {"token": None})
    for signal in (request_started, request_finished):  # the test's transaction lives on this connection
        signal.disconnect(close_old_connections)
    student, recruiter = StudentFactory(user=UserFactory()), RecruiterFactory()
    CVFactory(student=student)
    ApplicationFactory(student=student, job=JobFactory(company=recruiter.company, skills=["python"]))
    yield [
        make_token(user=user, name="x", scopes=Scope.values, days=30, now=NOW)[1]
        for user in (student.user, recruiter.user)
    ]
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@schema.parametrize()
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.filter_too_much],
)
def test_nothing_that_is_sent_breaks_it(case, secrets):
    for secret in (None, *secrets):
        headers = {"Authorization": f"Bearer {secret}"} if secret else {}
        response = case.call(headers=headers)
        case.validate_response(response, checks=[not_a_server_error, response_schema_conformance])

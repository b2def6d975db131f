"""The start page of the admin: what waits, by permission, each count with the list that it counts."""

import re

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from conftest import DAY, NOW
from jobs.models import Report
from jobs.tests.factories import CompanyFactory, JobFactory
from matching.models import MatchRun
from moirai.accounts.tests.factories import StaffFactory, UserFactory
from moirai.office import counters
from moirai.privacy.models import PrivacyRequest
from moirai.skills.models import AliasProposal
from moirai.skills.tests.factories import SkillFactory
from notifications.models import OutboxMail
from students.models import CV, Cohort, Evidence
from students.tests.factories import CVFactory, StudentFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock(time_machine):
    time_machine.move_to(NOW, tick=False)
    with translation.override("en"):
        yield


@pytest.fixture
def waiting():
    """One of nearly each kind that waits, and one beside it that does not."""
    job = JobFactory(needs_detection_since=NOW - DAY)
    CompanyFactory(status="pending", verified_at=None)
    JobFactory(status="in_review", review_since=NOW - 3 * DAY)
    user = UserFactory()
    for closed in (None, NOW):
        Report.objects.create(
            job=job, reporter=user, reason="fake", created_at=NOW, closed_at=closed, outcome="upheld" if closed else ""
        )
    for due in (NOW - DAY, NOW + DAY):
        PrivacyRequest.objects.create(
            user=user, subject="x", kind="object", about=str(due), asked_at=NOW - 5 * DAY, due_at=due
        )
    StudentFactory(skills=["python"])
    Evidence.objects.update(is_contested=True, contested_at=NOW)
    skill = SkillFactory()
    AliasProposal.objects.create(skill=skill, language="es", text="x", folded="x", proposed_at=NOW)
    CVFactory(status="failed", failure="infected", is_current=False)
    CVFactory(status="failed", failure="damaged", is_current=False)
    CV.objects.filter(failure="damaged").update(needs_reading_since=NOW)
    for attempts in (0, Cohort.MAX_ATTEMPTS):
        Cohort.objects.create(created_at=NOW, status="storing", needs_work_since=NOW, attempts=attempts)
    MatchRun.objects.create(scope="all", status="failed", created_at=NOW)
    for status in ("waiting", "failed", "sent"):
        OutboxMail.objects.create(user=user, key=status, status=status, created_at=NOW, next_attempt_at=NOW)


def test_each_count_is_that_of_its_list_and_one_query_finds_them_all(client, waiting):
    staff = StaffFactory()
    client.force_login(staff)
    client.get(reverse("admin:index"))
    with CaptureQueriesContext(connection) as queries:
        page = client.get(reverse("admin:index")).content.decode()
    assert len(queries) <= 15
    shown = counters.shown_to(staff, now=NOW)
    assert len(shown) == len(counters._counters) > 12
    for counter in shown:
        result = client.get(counter.url).context["cl"]
        assert (counter.count, str(counter.label)) == (result.result_count, str(counter.label))
        assert counter.url.replace("&", "&amp;") in page
    assert [str(counter.label) for counter in shown if counter.count != 1 and counter.count != 2] == [
        "Careers pages that could not be read",
        "Webhook deliveries given up",
    ]


def test_nobody_reads_counts_of_lists_that_they_may_not_open(client, waiting):
    staff = StaffFactory(is_superuser=False)
    staff.user_permissions.set(Permission.objects.filter(codename__in=["view_company", "view_job"]))
    client.force_login(staff)
    page = client.get(reverse("admin:index")).content.decode()
    assert re.findall(r"<b>(\d+)</b> ([^<]+)</a>", page) == [
        ("1", "Companies to verify"),
        ("1", "Postings to review"),
        ("1", "Postings whose skills are still looked for"),
    ]
    staff.user_permissions.clear()
    assert 'class="waits"' not in client.get(reverse("admin:index")).content.decode()

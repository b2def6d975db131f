"""Every action of the admin: it asks before it does harm, says what it did, and leaves a line in the history."""

import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.urls import reverse
from django.utils import translation

from conftest import DAY, NOW
from jobs.tests.factories import JobFactory
from matching.models import MatchRun
from moirai.accounts.tests.factories import StaffFactory, UserFactory
from notifications.bounces import bury
from notifications.models import DeadAddress, OutboxMail
from students.tests.factories import StudentFactory

pytestmark = pytest.mark.django_db
#: What each action is tested by; one that is not here has no test.
TESTED = {
    "students.Student": {
        "tests/test_student_actions.py": "verify invite read_again graduate merge",
        "here": "rescore_students",
    },
    "students.CV": {"students/tests/test_admin.py": "read_again"},
    "jobs.Company": {"jobs/tests/test_admin.py": "verified asked declined suspended trusted untrusted merge"},
    "jobs.Job": {"jobs/tests/test_admin.py": "published returned closed", "here": "refused extended rescore_jobs"},
    "jobs.CareersPage": {"jobs/tests/test_careers.py": "fetch_now"},
    "skills.AliasProposal": {"moirai/skills/tests/test_alias_proposals.py": "approve decline take_back"},
    "privacy.PrivacyRequest": {"tests/trust/test_requests.py": "answer_as_done decline"},
    "matching.MatchRun": {"here": "run_everything"},
    "notifications.OutboxMail": {"here": "send_again"},
    "notifications.DeadAddress": {"here": "write_again"},
}
#: Those that nobody need be asked about: they repeat what the house does by itself, or ask in a field of their own.
HARMLESS = {"rescore_students", "rescore_jobs", "send_again", "write_again"}


@pytest.fixture(autouse=True)
def staff(client, time_machine):
    time_machine.move_to(NOW, tick=False)
    staff = StaffFactory()
    client.force_login(staff)
    with translation.override("en"):
        yield staff


def send(client, row, action, **data):
    address = reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_changelist")
    answer = client.post(address, {"action": action, "_selected_action": [row.pk], **data}, follow=True)
    return answer, [str(message) for message in answer.context["messages"]]


def test_every_action_has_a_test(rf, staff):
    request = rf.get("/")
    request.user = staff
    there = {
        model._meta.label: set(site.get_actions(request)) - {"delete_selected"}
        for model, site in admin.site._registry.items()
    }
    tested = {label: {name for names in by.values() for name in names.split()} for label, by in TESTED.items()}
    assert {label: names for label, names in there.items() if names} == tested


def rows_of(action):
    """A row that the action is for, what it says, and what it changed, for the actions tested here."""
    if action == "rescore_students":
        return StudentFactory(), "1 student was queued.", lambda row: None
    if action == "rescore_jobs":
        return JobFactory(), "1 posting was queued.", lambda row: None
    if action == "refused":
        return (
            JobFactory(status="in_review", review_since=NOW),
            "Decline for good: 1 row.",
            lambda row: row.status == "declined",
        )
    if action == "extended":
        job = JobFactory(closes_at=NOW + DAY)
        return job, "Extend by 30 days: 1 row.", lambda row: row.closes_at > NOW + 2 * DAY
    if action == "run_everything":
        run = MatchRun.objects.create(scope="all", status="done", created_at=NOW)
        return run, "A full run was queued.", lambda row: MatchRun.objects.count() == 2
    user = UserFactory()
    if action == "send_again":
        mail = OutboxMail.objects.create(user=user, key="x", status="failed", created_at=NOW, next_attempt_at=NOW)
        return mail, "1 mail waits to be sent.", lambda row: row.status == "waiting"
    bury(user=user, reason="550", now=NOW)
    return DeadAddress.objects.get(), "1 address is written to again.", lambda row: not DeadAddress.objects.exists()


@pytest.mark.parametrize("action", [name for by in TESTED.values() for name in by.get("here", "").split()])
def test_actions_ask_say_what_they_did_and_are_recorded(client, staff, action):
    row, words, is_done = rows_of(action)
    assert action in TESTED[row._meta.label]["here"]
    if action not in HARMLESS:
        answer, _said = send(client, row, action)
        assert b'name="confirmed"' in answer.content
        assert not LogEntry.objects.exists()
    _answer, said = send(client, row, action, confirmed="yes", comment="Porque sí")
    assert said == [words]
    assert LogEntry.objects.get().user_id == staff.pk
    if type(row).objects.filter(pk=row.pk).exists():
        row.refresh_from_db()
    assert is_done(row) in (True, None)

"""Every look at a person is one line that the person can read, and nobody can change a line unnoticed."""

import pytest
import time_machine
from django.contrib import admin
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.db.models import CASCADE
from django.urls import reverse

from conftest import NOW
from jobs.models import Application, ApplicationEvent
from jobs.tests.factories import ApplicationFactory, JobFactory, RecruiterFactory
from moirai.accounts.audit import broken_link, record
from moirai.accounts.models import AuditEvent, LedgerHead, User
from moirai.accounts.opening import OpensWithReason
from moirai.accounts.tests.factories import StaffFactory
from students.models import Evidence, Student
from students.tests.factories import CVFactory, StudentFactory

pytestmark = pytest.mark.django_db
LOOK = AuditEvent.Action.CV_OPENED


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False):
        yield


def written(count=3):
    return [record(action=LOOK, actor=None, subject="abcdefghjk", at=NOW, thing=str(n)) for n in range(count)]


def raw(sql, *values):
    """Behind the back of models and triggers, as somebody with the database in hand."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("ALTER TABLE accounts_auditevent DISABLE TRIGGER ledger_is_append_only")
        else:
            cursor.execute("DROP TRIGGER IF EXISTS ledger_is_append_only")
        cursor.execute(sql, values)


def test_the_chain_holds_and_the_command_says_so(capsys):
    written()
    call_command("verify_audit")
    assert "3 events, every link holds." in capsys.readouterr().out


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE accounts_auditevent SET reason = 'nada' WHERE id = %s",
        "UPDATE accounts_auditevent SET actor_id = 77 WHERE id = %s",
        "DELETE FROM accounts_auditevent WHERE id = %s",
    ],
)
@pytest.mark.parametrize("which", [0, 1, 2])
def test_a_broken_link_is_found_wherever_it_is(sql, which, figure):
    events = written()
    raw(sql, events[which].pk)
    figure(21, "changed, removed and cut links: all found")
    assert broken_link()
    with pytest.raises(CommandError):
        call_command("verify_audit")


def test_the_database_refuses_to_change_a_line():
    (event,) = written(1)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE accounts_auditevent SET reason = 'nada' WHERE id = %s", [event.pk])


def test_models_refuse_to_change_or_delete_a_line():
    (event,) = written(1)
    event.reason = "nada"
    for change in (event.save, event.delete, AuditEvent.objects.all().delete):
        with pytest.raises(TypeError):
            change()
    with pytest.raises(TypeError):
        AuditEvent.objects.update(reason="nada")
    assert LedgerHead.objects.get().events == 1


def test_a_download_by_a_recruiter_is_one_line_each_time(client):
    application = ApplicationFactory(cv=CVFactory())
    recruiter = RecruiterFactory(company=application.job.company)
    client.force_login(recruiter.user)
    for _ in range(2):
        client.get(reverse("jobs:application_cv", args=[application.public_id]))
    first, second = AuditEvent.objects.about(application.student.public_id).order_by("pk")
    assert (first.action, first.actor, first.on_behalf_of) == (LOOK, recruiter.user, recruiter.company.name)
    assert first.hash == second.previous_hash


def test_looks_at_applicants_and_at_suggested_profiles_are_lines_and_refused_ones_are_not(client):
    company = RecruiterFactory().company
    application = ApplicationFactory(job=JobFactory(company=company))
    shown, hidden = StudentFactory(visibility="companies"), StudentFactory()
    client.force_login(company.recruiters.get().user)
    client.get(reverse("matching:candidate", args=[application.public_id]))
    for student in (shown, hidden):
        client.get(reverse("matching:suggested", args=[application.job.public_id, student.public_id]))
    Application.objects.update(status="withdrawn")
    client.get(reverse("matching:candidate", args=[application.public_id]))
    rows = set(AuditEvent.objects.values_list("action", "subject"))
    assert rows == {("applicant_opened", application.student.public_id), ("profile_opened", shown.public_id)}
    assert AuditEvent.objects.count() == 2


@pytest.mark.parametrize("kind", ["cv", "student"])
def test_staff_open_a_person_only_with_a_reason_and_the_person_reads_it(client, kind):
    cv = CVFactory(text="zz-secret text")
    staff = StaffFactory()
    client.force_login(staff)
    row = cv if kind == "cv" else cv.student
    url = reverse(f"admin:students_{kind}_change", args=[row.pk])
    asked = client.get(url)
    assert "zz-secret" not in asked.content.decode()
    assert client.post(url, {"reason": "  "}).status_code == 422
    assert not AuditEvent.objects.exists()
    client.post(url, {"reason": "The student asked for help"})
    assert "readonly" in (page := client.get(url).content.decode())
    assert ("zz-secret" in page) == (kind == "cv")
    event = AuditEvent.objects.get()
    assert (event.actor, event.subject, event.reason) == (staff, cv.student.public_id, "The student asked for help")
    with time_machine.travel(NOW.replace(hour=13), tick=False):
        assert "zz-secret" not in client.get(url).content.decode()
    client.force_login(cv.student.user)
    assert "The student asked for help" in client.get(reverse("privacy:privacy")).content.decode()


#: Pages of the admin that name a person and show nothing of what they wrote or did.
SHOWS_NOTHING = {
    "accounts.User", "privacy.Consent", "privacy.PrivacyRequest", "jobs.CompanyGrant", "jobs.Recruiter",
    "matching.Match", "matching.MatchRun", "notifications.Notification", "notifications.Preference",
    "notifications.DeadAddress", "account.EmailAddress", "usersessions.UserSession", "mfa.Authenticator",
    "jobs.TeamInvitation", "jobs.Report",  # written to the office itself
    "api.Token", "api.Answer", "jobs.CalendarFeed",  # that there is one, and when it was used
    "socialaccount.SocialAccount", "socialaccount.SocialToken", "jobs.SavedJob", "jobs.SentJob",
    "students.OutcomeAnswer",  # asked and answered when; answers are read by nobody
    "students.CohortRow",  # line and outcome; what the file says stands on the pages of the import
}  # fmt: skip


def leads_to_a_person(model, seen=()):
    """Whether rows of the model belong to a student or a user, by foreign keys that go with them."""
    return model in (Student, User) or any(
        field.many_to_one or field.one_to_one
        for field in model._meta.concrete_fields
        if field.is_relation
        and field.remote_field.on_delete is CASCADE
        and field.related_model not in (*seen, model)
        and leads_to_a_person(field.related_model, (*seen, model))
    )


def test_every_page_of_the_admin_about_a_person_asks_for_a_reason(figure):
    asks, shows = set(), set()
    for model, page in admin.site._registry.items():
        if leads_to_a_person(model):
            (asks if isinstance(page, OpensWithReason) else shows).add(model._meta.label)
    figure(19, f"{len(asks)} pages of people ask for a reason, {len(shows)} show nothing of them")
    assert shows <= SHOWS_NOTHING, shows - SHOWS_NOTHING
    assert asks >= {
        "students.Student", "students.CV", "students.StudentSkill", "students.Evidence", "students.ProfileEntry",
        "jobs.Application", "jobs.ApplicationEvent", "jobs.Message", "notifications.OutboxMail",
    }  # fmt: skip


@pytest.mark.parametrize("page", ["change", "delete", "history"])
@pytest.mark.parametrize("kind", ["evidence", "studentskill", "profileentry", "application", "applicationevent"])
def test_each_look_of_staff_is_one_line_and_nothing_shows_before(client, kind, page, figure):
    student = StudentFactory(skills=["python"])
    skill = student.skills.get()
    Evidence.objects.all().delete()
    rows = {
        "studentskill": skill,
        "evidence": Evidence.objects.create(
            student_skill=skill, statement="zz-secret python", start=0, end=3, sentence_start=0, sentence_end=9
        ),
        "profileentry": student.entries.create(kind="project", title="zz-secret"),
        "application": ApplicationFactory(student=student, message="zz-secret"),
    }
    rows["applicationevent"] = ApplicationEvent.objects.create(
        application=rows["application"], status="sent", note="zz-secret", at=NOW
    )
    app = "jobs" if kind.startswith("application") else "students"
    url = reverse(f"admin:{app}_{kind}_{page}", args=[rows[kind].pk])
    client.force_login(StaffFactory())
    assert "zz-secret" not in client.get(url).content.decode()
    assert client.post(url, {"post": "yes"}).status_code == 200
    assert not AuditEvent.objects.exists()
    client.post(url, {"reason": "Pidió ayuda"})
    client.get(url)
    event = AuditEvent.objects.get()
    assert (event.action, event.subject, event.reason) == ("staff_opened", student.public_id, "Pidió ayuda")
    assert "zz-secret" not in client.get(reverse(f"admin:{app}_{kind}_changelist")).content.decode()
    figure(19, "pages of staff: each look is one line with its reason; lists and log quote nothing")


def test_the_page_shows_ones_own_lines_only_at_a_constant_price(client, django_assert_max_num_queries):
    student = StudentFactory()
    record(action=LOOK, actor=None, subject=student.public_id, on_behalf_of="Empresa Uno", at=NOW)
    record(action=LOOK, actor=None, subject="abcdefghjk", on_behalf_of="Empresa Ajena", at=NOW)
    client.force_login(student.user)
    page = client.get(reverse("privacy:privacy")).content.decode()
    assert "Empresa Uno" in page
    assert "Empresa Ajena" not in page
    for number in range(25):
        record(action=LOOK, actor=None, subject=student.public_id, on_behalf_of=f"Empresa {number}", at=NOW)
    with django_assert_max_num_queries(10):
        client.get(reverse("privacy:privacy"))

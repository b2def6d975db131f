"""People ask, restrict, close themselves to a company; staff answer in time, and each step is a line of the ledger."""

from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from conftest import DAY, NOW
from jobs.apply import apply
from jobs.grants import grant, revoke, visible_to
from jobs.models import Application, CompanyGrant
from jobs.tests.factories import ApplicationFactory, CompanyFactory, JobFactory, RecruiterFactory
from moirai.accounts.models import AuditEvent
from moirai.accounts.tests.factories import StaffFactory
from moirai.privacy import requests
from moirai.privacy.dates import after_working_days, is_working_day
from moirai.privacy.models import PrivacyRequest
from notifications.models import Notification
from students.models import Student
from students.tests.factories import CVFactory, StudentFactory

pytestmark = pytest.mark.django_db
Kind = PrivacyRequest.Kind


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def student(client):
    student = StudentFactory(visibility="companies", skills=["python"])
    client.force_login(student.user)
    return student


def actions():
    return list(AuditEvent.objects.order_by("pk").values_list("action", flat=True))


def chosen(rows, action, **more):
    return {"action": action, "_selected_action": [row.pk for row in rows], **more}


# --- Due dates --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "day",
    [
        "2026-01-01", "2026-02-02", "2026-03-16", "2026-05-01", "2026-09-16", "2026-11-16", "2026-12-25",
        "2030-10-01", "2026-11-21", "2026-11-22",
    ],
)  # fmt: skip
def test_days_of_rest_are_no_working_days(day):
    assert not is_working_day(date.fromisoformat(day))


@pytest.mark.parametrize("day", ["2026-02-09", "2026-03-02", "2026-10-01", "2026-11-23", "2026-12-24"])
def test_days_that_only_look_like_days_of_rest_count(day):
    assert is_working_day(date.fromisoformat(day))


def test_twenty_working_days_pass_over_weekends_and_christmas():
    friday = datetime(2026, 12, 4, 10, tzinfo=timezone.get_default_timezone())
    assert after_working_days(friday, 20).date() == date(2027, 1, 5)
    assert after_working_days(friday, 0) == friday


# --- Asking -----------------------------------------------------------------------------------------------------------


def test_a_request_has_a_due_date_and_is_answered_and_both_are_lines_of_the_ledger(client, student, figure):
    url = reverse("privacy:ask", args=["corregir"])
    assert client.get(url).status_code == 200
    assert client.post(url, {"text": "Mi carrera es otra"}).status_code == 302
    row = PrivacyRequest.objects.get()
    assert (row.kind, row.text, row.user) == (Kind.CORRECT, "Mi carrera es otra", student.user)
    assert row.due_at == after_working_days(NOW, 20)
    page = client.get(reverse("privacy:privacy")).content.decode()
    assert "Mi carrera es otra" in page

    staff = StaffFactory()
    client.force_login(staff)
    listed = reverse("admin:privacy_privacyrequest_changelist")
    client.post(listed, chosen([row], "answer_as_done"))
    row.refresh_from_db()
    assert row.is_open  # an answer needs words
    client.post(listed, chosen([row], "answer_as_done", answer="Corregida."))
    client.post(listed, chosen([row], "decline", answer="Otra vez"))
    row.refresh_from_db()
    assert (row.outcome, row.answer, row.closed_at, row.closed_by) == ("done", "Corregida.", NOW, staff)
    assert actions() == ["asked", "answered"]
    assert Notification.objects.get(user=student.user).kind == "privacy_request"
    client.force_login(student.user)
    assert "Corregida." in client.get(reverse("privacy:privacy")).content.decode()
    figure(18, "requests to correct and to object: due dates, answers and ledger")


def test_what_is_due_is_found_by_its_date(client, student):
    for days, about in ((0, "posting:bbbbbbbbbb"), (40, "")):
        with time_machine.travel(NOW - timedelta(days=days), tick=False):
            now = timezone.now()
            requests.ask(user=student.user, kind=Kind.OBJECT, text="x", about=about, now=now)
    client.force_login(StaffFactory())
    listed = reverse("admin:privacy_privacyrequest_changelist")
    for due, count in (("late", 1), ("soon", 0), ("open", 2), ("closed", 0)):
        assert client.get(listed, {"due": due}).context["cl"].result_count == count, due


def test_a_person_is_reached_from_a_match_and_from_an_application(client, student, figure):
    application = ApplicationFactory(student=student)
    page = client.get(reverse("jobs:application", args=[application.public_id])).content.decode()
    about = f"application:{application.public_id}"
    url = reverse("privacy:ask", args=["oposicion"])
    assert f"{url}?about={about}" in page
    assert about in client.get(url, {"about": about}).content.decode()
    for _ in range(2):
        client.post(url, {"text": "No estoy de acuerdo", "about": about})
    row = PrivacyRequest.objects.get()
    assert (row.kind, row.about) == (Kind.OBJECT, about)
    figure(22, "a person of the office is asked to look at a match or a decision: due date, answer, ledger")


@pytest.mark.parametrize("about", ["<script>", "application:nada", "x" * 500, "posting:bbbbbbbbbb\n"])
def test_what_no_link_of_ours_says_is_left_out(client, student, about):
    client.post(reverse("privacy:ask", args=["oposicion"]), {"text": "x", "about": about})
    assert PrivacyRequest.objects.get().about in ("", "posting:bbbbbbbbbb")


@pytest.mark.parametrize("text", ["", "   ", "x" * 2001])
def test_a_request_without_words_or_with_too_many_is_refused(client, student, text):
    assert client.post(reverse("privacy:ask", args=["corregir"]), {"text": text}).status_code == 422
    assert not PrivacyRequest.objects.exists()


def test_a_right_that_does_not_exist_is_not_found(client, student):
    assert client.get(reverse("privacy:ask", args=["nada"])).status_code == 404


def test_the_page_costs_the_same_with_many_requests(client, student, django_assert_max_num_queries):
    for number in range(30):
        requests.ask(user=student.user, kind=Kind.OBJECT, text="x", about=f"posting:{number}", now=NOW)
    client.get(reverse("privacy:privacy"))
    with django_assert_max_num_queries(10):
        client.get(reverse("privacy:privacy"))


# --- Restricting ------------------------------------------------------------------------------------------------------


def test_restricted_data_is_kept_and_nothing_is_done_with_it_until_lifted(client, student, figure):
    cv = CVFactory(student=student)
    application = ApplicationFactory(student=student, cv=cv)
    recruiter = RecruiterFactory(company=application.job.company)
    other = JobFactory(company=recruiter.company)
    pages = [
        reverse("matching:candidate", args=[application.public_id]),
        reverse("jobs:application_cv", args=[application.public_id]),
        reverse("jobs:move_application", args=[application.public_id]),
        reverse("matching:suggested", args=[other.public_id, student.public_id]),
    ]

    def closed_to_the_company():
        client.force_login(recruiter.user)
        answers = [client.get(url).status_code for url in pages]
        client.force_login(student.user)
        return [status == 404 for status in answers]

    assert not any(closed_to_the_company())
    assert client.get(reverse("privacy:restrict")).status_code == 200
    client.post(reverse("privacy:restrict"))
    client.post(reverse("privacy:restrict"))
    student.refresh_from_db()
    assert student.restricted_since == NOW
    assert all(closed_to_the_company())
    assert not Student.objects.matchable().exists()
    assert not Application.objects.active().exists()
    assert client.get(reverse("matching:for_you"))["Location"] == reverse("privacy:restrict")
    assert client.post(reverse("jobs:apply", args=[other.public_id]))["Location"] == reverse("privacy:restrict")
    assert Application.objects.get().status == "seen"  # as it was
    client.post(reverse("privacy:lift"))
    assert not any(closed_to_the_company())
    assert [action for action in actions() if action in ("restricted", "lifted")] == ["restricted", "lifted"]
    assert PrivacyRequest.objects.get().kind == Kind.RESTRICT
    figure(8, f"restricted: {len(pages)} pages of the company closed on the next request, 0 read")


def test_only_students_restrict(client):
    client.force_login(RecruiterFactory().user)
    assert client.get(reverse("privacy:restrict")).status_code == 403
    assert client.post(reverse("privacy:lift")).status_code == 403


# --- One company ------------------------------------------------------------------------------------------------------


def test_consent_is_taken_back_from_one_company_and_holds_on_its_next_request(client, student, figure):
    student_cv = CVFactory(student=student)
    mine, others = JobFactory(), JobFactory()
    for job in (mine, others):
        apply(student=student, job=job, cv=student_cv, message="", now=NOW)
    assert CompanyGrant.objects.in_force().count() == 2
    page = client.get(reverse("jobs:companies_that_see")).content.decode()
    assert mine.company.name in page
    url = reverse("jobs:close_to_company", args=[mine.company.slug])
    assert client.get(url).status_code == 200
    for _ in range(2):
        assert client.post(url).status_code == 302
    assert actions().count("company_closed") == 1
    reads = 0
    for job, is_open in ((mine, False), (others, True)):
        client.force_login(RecruiterFactory(company=job.company).user)
        application = Application.objects.get(job=job)
        for name, ids in (
            ("matching:candidate", [application.public_id]),
            ("jobs:application_cv", [application.public_id]),
            ("jobs:move_application", [application.public_id]),
            ("matching:suggested", [job.public_id, student.public_id]),
        ):
            served = client.get(reverse(name, args=ids)).status_code != 404
            assert served == is_open, name
            reads += served and not is_open
        listed = client.get(reverse("matching:candidates", args=[job.public_id])).content.decode()
        assert (student.user.full_name in listed) == is_open
    figure(8, f"one company closed: {reads} of its pages read, the other company's stay open")


def test_the_student_keeps_the_application_and_the_counts_of_the_company_leave_it_out(client, student):
    application = ApplicationFactory(student=student)
    company = application.job.company
    grant(student=student, company=company, now=NOW, source="application")
    job = type(application.job).objects.with_counts().get()
    assert (job.applicants, job.unanswered) == (1, 1)
    revoke(student=student, company=company, actor=student.user, now=NOW)
    job = type(application.job).objects.with_counts().get()
    assert (job.applicants, job.unanswered) == (0, 0)
    assert client.get(reverse("jobs:application", args=[application.public_id])).status_code == 200
    assert student not in visible_to(company)
    assert student in visible_to(CompanyFactory())


def test_applying_again_lets_the_company_look_again(student):
    company = CompanyFactory()
    first = grant(student=student, company=company, now=NOW, source="invitation")
    assert revoke(student=student, company=company, actor=student.user, now=NOW)
    assert not revoke(student=student, company=company, actor=student.user, now=NOW)
    again = grant(student=student, company=company, now=NOW + DAY, source="application")
    assert (again.pk, again.source, again.given_at, again.revoked_at) == (first.pk, "application", NOW + DAY, None)


def test_companies_of_others_do_not_exist(client, student):
    company = grant(student=StudentFactory(), company=CompanyFactory(), now=NOW, source="application").company
    assert client.post(reverse("jobs:close_to_company", args=[company.slug])).status_code == 404
    assert CompanyGrant.objects.in_force().exists()


def test_the_list_of_companies_costs_the_same_at_any_length(client, student, django_assert_max_num_queries):
    url = reverse("jobs:companies_that_see")
    grant(student=student, company=CompanyFactory(), now=NOW, source="application")
    client.get(url)
    with django_assert_max_num_queries(6) as few:
        client.get(url)
    for _ in range(20):
        grant(student=student, company=CompanyFactory(), now=NOW, source="application")
    with django_assert_max_num_queries(len(few.captured_queries)):
        client.get(url)

"""What staff do to students from the admin: each action asks first, says what it did, and leaves a line."""

import pytest
from allauth.account.models import EmailAddress
from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.core import mail
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import translation

from conftest import DAY, NOW
from jobs.models import Application, CompanyGrant
from jobs.tests.factories import ApplicationFactory, CompanyFactory, JobFactory, MessageFactory
from matching.models import Match
from moirai.accounts.models import AuditEvent
from moirai.accounts.tests.factories import StaffFactory, UserFactory
from moirai.crypto.models import PersonKey
from students import tasks
from students.models import CV, Evidence, ProfileEntry, Student
from students.tests.factories import CVFactory, StudentFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def staff(client, time_machine):
    time_machine.move_to(NOW, tick=False)
    staff = StaffFactory()
    client.force_login(staff)
    with translation.override("en"):
        yield staff


def ask(client, action, *students, **data):
    address = reverse("admin:students_student_changelist")
    chosen = [student.pk for student in students]
    return client.post(address, {"action": action, "_selected_action": chosen, **data}, follow=True)


def act(client, action, *students, **data):
    """First the question, which changes nothing; then the answer. Returns what the person is told."""
    before = list(Student.objects.order_by("pk").values())
    assert b'name="confirmed"' in ask(client, action, *students).content
    assert list(Student.objects.order_by("pk").values()) == before
    answer = ask(client, action, *students, confirmed="yes", **data)
    return [str(message) for message in answer.context["messages"]]


def history():
    return [(row.object_id, row.get_change_message()) for row in LogEntry.objects.order_by("pk")]


def listed(number, **fields):
    return StudentFactory(user=None, enrolled_name="Ana", enrolled_email=f"ana{number}@uni.example", **fields)


def test_addresses_of_accounts_are_taken_as_verified(client):
    open_one, without_row = (StudentFactory(user=UserFactory(verified=False)) for _ in range(2))
    EmailAddress.objects.create(user=open_one.user, email=open_one.user.email, verified=False, primary=True)
    said = act(client, "verify", open_one, without_row, StudentFactory(), listed(1))
    assert said == ["2 addresses are verified."]
    assert EmailAddress.objects.filter(user__in=[open_one.user, without_row.user], verified=True).count() == 2
    assert [pk for pk, _ in history()] == [str(open_one.pk), str(without_row.pk)]


def test_people_of_the_list_are_invited_once_in_a_while_and_a_dead_mail_server_loses_nobody(
    client, monkeypatch, django_capture_on_commit_callbacks
):
    ana, lately = listed(1), listed(2, invited_at=NOW - DAY)
    queued = []
    monkeypatch.setattr("students.tasks.invite_student.delay", lambda student_id: queued.append(student_id))
    with django_capture_on_commit_callbacks(execute=True):
        said = act(client, "invite", ana, lately, StudentFactory())
    assert (said, queued) == (["1 person is invited."], [ana.pk])

    def down(*_args, **_kwargs):
        raise OSError

    with monkeypatch.context() as broken:
        broken.setattr("django.core.mail.EmailMultiAlternatives.send", down)
        with pytest.raises(OSError):
            tasks.invite_student(student_id=ana.pk)
    assert list(Student.objects.waiting_to_be_invited()) == [ana]
    assert [tasks.invite_student(student_id=ana.pk) for _ in range(2)] == [True, False]
    (sent,) = mail.outbox
    assert (sent.to, "/cuenta/registro/" in sent.body) == (["ana1@uni.example"], True)
    ana.refresh_from_db()
    assert (ana.invited_at, ana.needs_inviting_since) == (NOW, None)
    assert act(client, "invite", ana) == ["0 people are invited."]


def test_graduates_keep_the_year_that_is_written_down(client):
    fresh, early, done = (
        StudentFactory(),
        StudentFactory(graduation_year=2024),
        StudentFactory(semester=None, graduation_year=2020),
    )
    assert act(client, "graduate", fresh, early, done) == ["2 people have graduated."]
    rows = Student.objects.order_by("pk").values_list("graduation_year", "semester", "needs_matching_since")
    assert list(rows) == [(2026, None, NOW), (2024, None, NOW), (2020, None, None)]


def test_current_cvs_of_students_are_read_again(client):
    cv = CVFactory()
    old = CVFactory(student=cv.student, is_current=False)
    assert act(client, "read_again", cv.student, StudentFactory()) == ["1 CV will be read again."]
    assert list(CV.objects.order_by("pk").values_list("needs_reading_since", flat=True)) == [NOW, None]
    assert old.student_id == cv.student_id


def test_two_profiles_of_one_person_become_one_and_nothing_is_lost(client, staff, django_capture_on_commit_callbacks):
    source = listed(1, skills=["python", "docker"], student_number="M7", phone="222")
    target = StudentFactory(skills=["python"], visibility="companies", phone="", user=UserFactory(full_name="Ana"))
    key = source.key_id
    job = JobFactory()
    application = ApplicationFactory(student=source, job=job, message="Me interesa")
    MessageFactory(application=application, body="Hola, Ana")
    ApplicationFactory(student=source)
    twice = ApplicationFactory(student=target, job=Application.objects.last().job)
    Match.objects.create(
        student=source, job=job, score=70, occupation_points=40, requirement_points=20, word_points=10,
        model_version="1", first_seen_at=NOW, computed_at=NOW,
    )  # fmt: skip
    CompanyGrant.objects.create(student=source, company=CompanyFactory(), source="application", given_at=NOW)
    ProfileEntry.objects.create(student=source, kind="project", title="Huerto")
    cv = CVFactory(student=source, text="Programé en Python.", uploaded_at=NOW - DAY)
    cv.file.save("cv", ContentFile(b"bytes"))
    name = cv.file.name
    CVFactory(student=target)

    with django_capture_on_commit_callbacks(execute=True):
        assert act(client, "merge", source, target, target=target.pk) == ["The profiles are one now."]

    student = Student.objects.get()
    assert (student.pk, student.user.full_name, student.student_number) == (target.pk, "Ana", "M7")
    assert (student.phone, student.visibility, student.enrolled_email) == ("222", "companies", None)
    assert {row.pk for row in student.applications.all()} == {application.pk, twice.pk}
    assert [student.applications.get(job=job).message, student.applications.get(job=job).messages.get().body] == [
        "Me interesa",
        "Hola, Ana",
    ]
    assert student.grants.count() == Match.objects.filter(student=student).count() == 1
    assert student.entries.get().title == "Huerto"
    assert {row.skill.code for row in student.skills.select_related("skill")} == {"python", "docker"}
    assert Evidence.objects.filter(student_skill__student=student).count() == 3
    assert [row.is_current for row in student.cvs.order_by("pk")] == [False, True]
    moved = student.cvs.get(is_current=False)
    assert (moved.text, moved.file.open().read()) == ("Programé en Python.", b"bytes")
    assert not moved.file.storage.exists(name)
    assert PersonKey.objects.get(pk=key).destroyed_at == NOW
    assert not [model for model in apps.get_models() if holds(model, key)]
    event = AuditEvent.objects.get()
    assert (event.action, event.subject, event.thing, event.actor) == (
        "merged",
        student.public_id,
        source.public_id,
        staff,
    )
    assert history()[-1] == (str(student.pk), f"{source.public_id} → {student.public_id}")


def holds(model, key):
    """Whether any row of the table still names the key."""
    from django.db import connection

    if model is PersonKey or not model._meta.managed:
        return False
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {model._meta.db_table}")
        return any(key in str(value) for row in cursor.fetchall() for value in row)


@pytest.mark.parametrize("ticked", [False, True])
def test_two_accounts_are_joined_only_when_staff_close_one(client, ticked):
    first, second = StudentFactory(restricted_since=NOW), StudentFactory(visibility="companies")
    said = act(client, "merge", first, second, target=second.pk, **({"option": "yes"} if ticked else {}))
    assert said == [
        "The profiles are one now."
        if ticked
        else "Both have accounts. Tick the box to close the one of the profile that goes."
    ]
    first.user.refresh_from_db()
    assert (Student.objects.count(), first.user.is_active) == ((1, False) if ticked else (2, True))
    second.refresh_from_db()
    assert (second.visibility, second.restricted_since) == (("private", NOW) if ticked else ("companies", None))


def test_people_with_different_numbers_are_two_people(client):
    first, second = StudentFactory(student_number="1"), StudentFactory(student_number="2", user=None)
    assert act(client, "merge", first, second, target=first.pk)[0].startswith("They have different student numbers")
    said = ask(client, "merge", first, confirmed="yes", target=first.pk)
    assert [str(message) for message in said.context["messages"]] == ["Choose two profiles."]
    assert Student.objects.count() == 2

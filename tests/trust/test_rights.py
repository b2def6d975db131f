"""Consents are written down; a person takes everything along, is closed at once and erased when it is due."""

import io
import json
import zipfile
from datetime import timedelta

import pytest
import time_machine
from django.apps import apps
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.core.serializers import serialize
from django.urls import reverse

from conftest import NOW
from jobs.models import Application
from jobs.tests.factories import ApplicationFactory, RecruiterFactory
from moirai.accounts.models import AuditEvent, User
from moirai.accounts.tests.factories import StaffFactory
from moirai.privacy.models import Consent, PrivacyRequest
from notifications.models import Kind
from notifications.tell import tell
from students.models import Student
from students.tests.factories import CVFactory

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False):
        yield


def confirm(client):
    """Say again that it is you, as these pages ask."""
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})


@pytest.fixture
def person(client):
    """A canary in every field that can hold one."""
    cv = CVFactory(
        student__user__full_name="Canario Nombre", student__user__email="canario@x.example",
        student__phone="canario-tel",
        student__headline="canario-frase", student__skills=["canario-python"], text="canario-texto de python",
        original_name="canario.pdf",
    )  # fmt: skip
    cv.file.save("cv", ContentFile(b"canario-bytes"))
    application = ApplicationFactory(student=cv.student, cv=cv, message="canario-mensaje")
    RecruiterFactory(company=application.job.company)
    cv.student.entries.create(kind="project", title="canario-proyecto")
    data = {"new": 1, "x": "canario-dato"}
    tell(user=cv.student.user, kind=Kind.NEW_MATCHES, data=data, url="/", key="k", now=NOW, mail=True)
    client.post(reverse("account_login"), {"login": cv.student.user.email, "password": PASSWORD})
    return cv.student


def database():
    """Everything in every table, as text."""
    rows = [serialize("json", model._base_manager.all()) for model in apps.get_models() if model._meta.managed]
    return "".join(rows)


def test_the_download_holds_every_canary_and_is_a_line_of_the_ledger(client, person, figure):
    confirm(client)
    response = client.post(reverse("privacy:download"))
    archive = zipfile.ZipFile(io.BytesIO(response.content))
    text = json.dumps(json.loads(archive.read("data.json")), ensure_ascii=False)
    canaries = [
        "Canario Nombre", "canario@x.example", "canario-tel", "canario-frase", "canario-python", "canario-texto",
        "canario.pdf", "canario-mensaje", "canario-proyecto", "canario-dato",
    ]  # fmt: skip
    missing = [canary for canary in canaries if canary not in text]
    figure(18, f"exported {len(canaries) - len(missing)} of {len(canaries)} canaries")
    assert not missing
    assert any(b"canario-bytes" in archive.read(name) for name in archive.namelist())
    assert AuditEvent.objects.get().action == AuditEvent.Action.EXPORTED


def test_the_download_asks_for_the_password_again(client, person):
    assert client.post(reverse("privacy:download"))["Location"].startswith(reverse("account_reauthenticate"))
    confirm(client)
    assert client.post(reverse("privacy:download"))["Content-Type"] == "application/zip"
    with time_machine.travel(NOW + timedelta(minutes=30), tick=False):
        assert client.post(reverse("privacy:download"))["Location"].startswith(reverse("account_reauthenticate"))


def test_closing_is_at_once_and_erasing_when_it_is_due_leaves_nothing(
    client, person, settings, figure, django_capture_on_commit_callbacks
):
    StaffFactory()
    other = CVFactory(text="another person stays")
    name = person.cvs.get().file.name
    assert client.get(reverse("privacy:erase")).status_code == 200
    confirm(client)
    client.post(reverse("privacy:erase"))
    assert "_auth_user_id" not in client.session
    assert client.post(reverse("account_login"), {"login": person.user.email, "password": PASSWORD}).status_code == 302
    assert "_auth_user_id" not in client.session
    person.refresh_from_db()
    assert (person.visibility, person.wants_matching) == (Student.Visibility.PRIVATE, False)
    assert Application.objects.get().status == Application.Status.WITHDRAWN

    with time_machine.travel(NOW + timedelta(days=settings.ERASE_AFTER_DAYS - 1), tick=False):
        call_command("erase")
    assert User.objects.filter(pk=person.user_id).exists()
    due = NOW + timedelta(days=settings.ERASE_AFTER_DAYS)
    with time_machine.travel(due, tick=False), django_capture_on_commit_callbacks(execute=True):
        call_command("erase")
        call_command("erase")

    # The skill of the fixture's name is the taxonomy's, not the person's.
    left = database().lower().replace("canario-python", "").replace("canario python", "")
    figure(18, f"{left.count('canario')} canaries left in the database after erasing")
    assert "canario" not in left
    assert not default_storage.exists(name)
    assert other.student.cvs.exists()
    request = PrivacyRequest.objects.erasures().get()
    assert (request.user, request.subject, request.closed_at is None) == (None, person.public_id, False)
    assert list(AuditEvent.objects.order_by("pk").values_list("action", flat=True)) == ["erasure_asked", "erased"]
    call_command("verify_audit")


def test_asking_twice_is_one_request(client, person):
    from moirai.privacy.erasure import ask

    assert ask(user=person.user, now=NOW) == ask(user=person.user, now=NOW + timedelta(days=5))


def test_staff_cannot_close_themselves_by_this_page(client):
    staff = StaffFactory()
    client.post(reverse("account_login"), {"login": staff.email, "password": PASSWORD})
    confirm(client)
    client.post(reverse("privacy:erase"))
    staff.refresh_from_db()
    assert staff.is_active


def test_sign_up_and_every_change_of_mind_are_rows(client):
    form = {
        "role": "student", "full_name": "X", "email": "x@universidad.example", "password1": "telar-de-añil-7",
        "accepts_notice": "on",
    }  # fmt: skip
    client.post(reverse("account_signup"), form)
    user = User.objects.get()
    client.force_login(user)
    for visibility in ("companies", "companies", "private"):
        client.post(reverse("students:save_settings"), {"visibility": visibility, "wants_matching": "on"})
    rows = list(Consent.objects.order_by("pk").values_list("purpose", "is_given"))
    assert rows == [
        ("notice", True), ("companies", False), ("matching", True), ("companies", True), ("companies", False),
    ]  # fmt: skip
    with pytest.raises(TypeError):
        Consent.objects.update(is_given=True)
    assert "2026-11" in client.get(reverse("privacy:privacy")).content.decode()

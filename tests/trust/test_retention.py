"""Every table says how long its rows stay and every column what it holds; what is past its time goes, and only that."""

from datetime import timedelta

import pytest
import time_machine
from django.apps import apps
from django.core.management import call_command
from django.utils import timezone

from conftest import DAY, NOW
from jobs.models import Application, CompanyGrant, OutcomeStatistic
from jobs.tests.factories import ApplicationFactory
from matching.models import FittedModel
from moirai.privacy.registry import holdings, retention
from notifications.models import Kind, Notification
from students.models import Student
from students.tests.factories import CVFactory, StudentFactory
from tests.trust import held


def test_every_model_says_how_long_its_rows_stay():
    labels = {model._meta.label for model in apps.get_models()}
    assert labels - retention().keys() == set(), "say it in the app's personal.py"
    rules_of_gone_models = retention().keys() - labels
    assert rules_of_gone_models == set()
    assert all(retention().values())


def test_every_column_is_read_as_personal_or_plain(figure):
    assert held.unread() == {}, "write it into tests/trust/held.toml, then python -m tests.trust.held"
    known, columns = held.read(), held.columns()
    assert known.keys() == columns.keys()
    for label, table in known.items():
        assert not table.personal & table.plain, label
        assert table.personal | table.plain == columns[label], f"{label}: columns that are gone"
        assert not table.personal or (table.why and table.who), f"{label}: say why and for whom"
    personal = sum(len(table.personal) for table in known.values())
    count = sum(map(len, columns.values()))
    figure(20, f"{count} columns of {len(columns)} tables classified, {personal} personal, 0 without a rule")


def test_a_column_nobody_has_read_is_noticed(monkeypatch):
    known = held.read()
    without = {
        **known,
        "students.Student": held.Table(known["students.Student"].personal - {"phone"}, frozenset(), "", ""),
    }
    monkeypatch.setattr(held, "read", lambda: without)
    assert "phone" in held.unread()["students.Student"]


def test_encrypted_columns_are_personal_ones():
    known = held.read()
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if getattr(field, "person", "house") != "house":
                assert field.name in known[model._meta.label].personal, f"{model._meta.label}.{field.name}"


def test_the_document_says_what_the_registry_says():
    text = held.DOCUMENT.read_text(encoding="utf-8")
    assert held.put_into(text) == text, "run python -m tests.trust.held"


def test_every_app_with_people_in_it_says_what_it_holds():
    assert {holding.name for holding in holdings()} == {
        "account", "api", "students", "jobs", "matching", "notifications",
    }  # fmt: skip


# --- What is past its time --------------------------------------------------------------------------------------------


@pytest.fixture
def clock():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.mark.django_db
def test_old_applications_become_counts_and_then_go(clock, settings, figure):
    old = NOW - timedelta(days=settings.APPLICATION_KEEP_DAYS)
    common = [StudentFactory(degree_program="Derecho") for _ in range(settings.SMALLEST_GROUP)]
    rare = StudentFactory(degree_program="Zz-nadie-más")
    gone = [
        ApplicationFactory(student=student, status=status, created_at=old - DAY, updated_at=at)
        for student, status, at in (
            (common[0], "accepted", old),
            (common[1], "accepted", old - DAY),
            (common[2], "rejected", old),
            (rare, "sent", old),
        )
    ]
    stays = [
        ApplicationFactory(student=common[3], status="rejected", created_at=old - DAY, updated_at=old + DAY),
        ApplicationFactory(student=common[4]),
    ]
    for application in gone:
        CompanyGrant.objects.create(
            student=application.student, company=application.job.company, source="application", given_at=old - DAY
        )
    for _ in range(2):
        call_command("anonymise")
    assert set(Application.objects.all()) == set(stays)
    assert not CompanyGrant.objects.exists()
    rows = set(OutcomeStatistic.objects.values_list("programme", "outcome", "applications"))
    assert rows == {("Derecho", "accepted", 2), ("Derecho", "rejected", 1), ("", "sent", 1)}
    assert Student.objects.count() == len(common) + 1
    figure(20, f"applications: {len(gone)} of {len(gone) + len(stays)} counted and erased: the exact set")


@pytest.mark.django_db
def test_imported_profiles_without_an_account_and_old_notices_go(clock, settings):
    old, now = NOW - timedelta(days=settings.IMPORTED_KEEP_DAYS), timezone.now()
    with time_machine.travel(old, tick=False):
        CVFactory(student__user=None)
        kept = StudentFactory()
    with time_machine.travel(old + DAY, tick=False):
        fresh = StudentFactory(user=None)
    for age in (settings.NOTICE_KEEP_DAYS, settings.NOTICE_KEEP_DAYS - 1):
        at = now - timedelta(days=age)
        Notification.objects.create(user=kept.user, kind=Kind.NEW_MATCHES, url="/", key=str(age), created_at=at)
    call_command("anonymise")
    assert set(Student.objects.all()) == {kept, fresh}
    assert Notification.objects.get().key == str(settings.NOTICE_KEEP_DAYS - 1)


@pytest.mark.django_db
def test_models_that_serve_no_more_go_after_a_day(clock):
    for version, age, serving in (("old", 2, False), ("new", 2, True), ("yesterday", 0, False)):
        FittedModel.objects.create(version=version, status="ready", is_serving=serving, created_at=NOW - age * DAY)
    call_command("anonymise")
    assert set(FittedModel.objects.values_list("version", flat=True)) == {"new", "yesterday"}

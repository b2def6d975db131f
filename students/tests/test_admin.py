"""Staff's pages of students."""

import pytest
from django.urls import reverse

from conftest import NOW
from moirai.accounts.tests.factories import StaffFactory
from students.models import CV, Evidence, ProfileEntry
from students.tests.factories import CVFactory, StudentFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def staff(client):
    staff = StaffFactory()
    client.force_login(staff)
    return staff


def people(count):
    for _ in range(count):
        student = StudentFactory(skills=["python"])
        CVFactory(student=student)
        ProfileEntry.objects.create(student=student, kind="project", title="Huerto")


@pytest.mark.parametrize("model", ["student", "cv", "studentskill", "evidence", "profileentry"])
def test_lists_search_and_cost_the_same_whatever_their_length(client, model, django_assert_max_num_queries):
    url = reverse(f"admin:students_{model}_changelist")
    client.get(url)  # the first request of a session writes it
    for count in (2, 10):
        people(count)
        for query in ({}, {"q": "person"}):
            with django_assert_max_num_queries(14):
                assert client.get(url, query).status_code == 200


@pytest.mark.parametrize("model", ["student", "cv", "studentskill", "evidence", "profileentry"])
def test_every_row_opens(client, model):
    people(1)
    pks = {
        "student": ProfileEntry.objects.get().student_id,
        "cv": CV.objects.get().pk,
        "studentskill": Evidence.objects.get().student_skill_id,
        "evidence": Evidence.objects.get().pk,
        "profileentry": ProfileEntry.objects.get().pk,
    }
    assert client.get(reverse(f"admin:students_{model}_change", args=[pks[model]])).status_code == 200


def test_cvs_are_read_again(client, time_machine, monkeypatch, django_capture_on_commit_callbacks):
    time_machine.move_to(NOW, tick=False)
    current = CVFactory()
    failed = CVFactory(status="failed", failure="damaged", is_current=False, attempts=3)
    queued = []
    monkeypatch.setattr("students.tasks.read_cv.delay", lambda cv_id: queued.append(cv_id))
    data = {"action": "read_again", "_selected_action": [current.pk, failed.pk]}
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(reverse("admin:students_cv_changelist"), data).status_code == 302
    assert sorted(queued) == sorted([current.pk, failed.pk])
    assert list(CV.objects.order_by("pk").values_list("status", "failure", "attempts", "needs_reading_since")) == [
        ("read", "", 0, NOW),
        ("waiting", "", 0, NOW),
    ]

"""What fits best, on pages that have nothing else to show."""

import pytest
import time_machine
from django.urls import reverse

from conftest import NOW
from jobs.tests.factories import ApplicationFactory, JobFactory
from matching import ranking
from students.tests.factories import CVFactory

pytestmark = pytest.mark.django_db


def test_a_student_without_applications_sees_the_three_best_matches(client, model):
    student = CVFactory(student__skills=["python"]).student
    jobs = [JobFactory(skills=["python"]) for _ in range(5)]
    client.force_login(student.user)
    with time_machine.travel(NOW, tick=False):
        assert 'id="mejores"' not in client.get(reverse("jobs:applications")).content.decode()
        ranking.refresh_student(student=student, now=NOW)
        text = client.get(reverse("jobs:applications")).content.decode()
        assert text.count('<p class="score">') == 3
        ApplicationFactory(student=student, job=jobs[0])
        assert 'id="mejores"' not in client.get(reverse("jobs:applications")).content.decode()

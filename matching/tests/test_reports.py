"""Who gets seen, and the gap between programme and postings, against numbers counted by hand."""

import pytest
from django.utils import translation

from conftest import NOW
from jobs.models import JobSkill
from jobs.tests.factories import JobFactory
from matching.models import Match
from matching.reports import FITTING, curriculum, fairness
from moirai.office.reports import Asked
from moirai.skills.models import Skill
from students.models import Student, StudentSkill

pytestmark = pytest.mark.django_db
QUERIES = 6


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


def asked(**choices):
    return Asked(NOW.date(), NOW.date(), choices)


def students(programme, size, language="es"):
    return Student.objects.bulk_create([Student(degree_program=programme, language=language) for _ in range(size)])


def match(job, people, *, score=9000, occupation=FITTING):
    rows = [
        Match(
            student=student, job=job, score=score - at, occupation_points=occupation, requirement_points=0,
            word_points=score - at - occupation, model_version="1", first_seen_at=NOW, computed_at=NOW,
        )
        for at, student in enumerate(people)
    ]  # fmt: skip
    Match.objects.bulk_create(rows)


def test_exposure_by_language_and_programme(django_assert_max_num_queries):
    spanish, english = students("Derecho", 30), students("Física", 20, "en")
    first, second, closed = JobFactory(), JobFactory(), JobFactory(closes_at=NOW)
    match(first, [*spanish[:8], *english[:12]])  # eight and two among the first ten
    match(second, [*spanish[:6], *english])  # six and four
    match(closed, english)
    with django_assert_max_num_queries(QUERIES):
        by_language = fairness(asked(by="language"), NOW)
    # Six places of English speakers are few, so those of the other group are not shown either: the total would tell.
    assert by_language.rows == [("Spanish", 30, 60, None, None, None), ("English", 20, 40, None, None, None)]
    match(JobFactory(), english[:10])
    assert fairness(asked(by="programme"), NOW).rows == [
        ("Derecho", 30, 60, 14, 47, 0.78),
        ("Física", 20, 40, 16, 53, 1.33),
    ]


def test_the_gap_of_a_programme(django_assert_max_num_queries):
    people, others = students("Derecho", 40), students("Física", 15)
    near, also, far, elsewhere = (JobFactory(skills=["python"], preferred=["docker"]) for _ in range(4))
    JobSkill.objects.filter(job=also, skill__code="docker").update(level="ignored")
    match(near, people[:12])
    match(also, people[:30])
    match(far, people[:9])  # too few of them
    match(elsewhere, people, occupation=FITTING - 1)
    match(elsewhere, others)
    python, docker = Skill.objects.get(code="python"), Skill.objects.get(code="docker")
    for skill, holders, status in ((python, people[:14], "confirmed"), (docker, people[:20], "learning")):
        StudentSkill.objects.bulk_create([StudentSkill(student=one, skill=skill, status=status) for one in holders])
    with django_assert_max_num_queries(QUERIES):
        table = curriculum(asked(programme="Derecho"), NOW)
    assert table.rows == [("Python", 2, 100, 14, 35, 65), ("Docker", 1, 50, None, None, None)]
    assert table.hides


def test_a_small_programme_has_no_report():
    students("Teatro", 9)
    assert curriculum(asked(programme="Teatro"), NOW).rows == []

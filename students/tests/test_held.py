"""What counts as held."""

import pytest

from conftest import NOW
from students.change import contest
from students.held import held_skills
from students.models import Evidence, StudentSkill
from students.tests.factories import StudentFactory

pytestmark = pytest.mark.django_db


def held(student):
    names = dict(student.skills.values_list("skill_id", "skill__code"))
    return {names[skill]: weight for skill, weight in held_skills([student.pk])[student.pk].items()}


def test_weights_follow_what_the_student_said():
    student = StudentFactory(skills=["found", "confirmed", "learning", "removed"])
    for status in StudentSkill.Status.values:
        student.skills.filter(skill__code=status).update(status=status)
    assert held(student) == {"found": 1.0, "confirmed": 1.0, "learning": 0.5}


def test_without_evidence_nothing_counts():
    student = StudentFactory(skills=["python"])
    Evidence.objects.all().delete()
    assert held(student) == {}


def test_a_skill_counts_until_all_its_evidence_is_contested():
    student = StudentFactory(skills=["python"])
    first = Evidence.objects.get()
    second = Evidence.objects.create(
        student_skill=first.student_skill, statement="Otra vez.", start=0, end=4, sentence_start=0, sentence_end=9
    )
    contest(evidence=first, is_wrong=True, now=NOW)
    assert held(student) == {"python": 1.0}
    contest(evidence=second, is_wrong=True, now=NOW)
    assert held(student) == {}
    contest(evidence=first, is_wrong=False, now=NOW)
    assert held(student) == {"python": 1.0}


def test_it_takes_one_query_for_many_students(django_assert_num_queries):
    students = [StudentFactory(skills=["python", "excel"]) for _ in range(6)]
    with django_assert_num_queries(1):
        found = held_skills(iter([student.pk for student in students]))
    assert all(len(skills) == 2 for skills in found.values())
    with django_assert_num_queries(0):
        assert held_skills([]) == {}

"""Students for tests."""

import factory

from conftest import NOW
from moirai.accounts.tests.factories import UserFactory
from moirai.skills.tests.factories import SkillFactory
from students.models import CV, Evidence, Student, StudentSkill


class StudentFactory(factory.django.DjangoModelFactory):
    """``StudentFactory(skills=["python"])`` has each skill with a statement as evidence."""

    class Meta:
        model = Student
        skip_postgeneration_save = True

    user = factory.SubFactory(UserFactory)
    degree_program = "Ingeniería en Sistemas"
    semester = 8

    @factory.post_generation
    def skills(self, create, extracted, **kwargs):
        for code in extracted or []:
            row = StudentSkill.objects.create(student=self, skill=SkillFactory(code=code), status="confirmed")
            statement = f"Usé {row.skill.name_es} en un proyecto."
            end = 4 + len(row.skill.name_es)
            Evidence.objects.create(
                student_skill=row, statement=statement, start=4, end=end, sentence_start=0, sentence_end=len(statement)
            )


class CVFactory(factory.django.DjangoModelFactory):
    """A CV that has been read."""

    class Meta:
        model = CV

    student = factory.SubFactory(StudentFactory)
    original_name = "cv.pdf"
    status = CV.Status.READ
    text = "Experiencia\nProgramé servicios web en Python para una biblioteca.\n"
    pages = 1
    language = "es"
    is_current = True
    uploaded_at = NOW
    read_at = NOW

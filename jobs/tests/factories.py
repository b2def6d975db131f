"""Companies, recruiters, postings and applications for tests."""

import factory

from conftest import DAY, NOW
from jobs.models import Application, Company, Job, JobSkill, Recruiter
from moirai.accounts.models import User
from moirai.accounts.tests.factories import UserFactory
from moirai.skills.tests.factories import SkillFactory
from students.tests.factories import StudentFactory


class CompanyFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Company

    name = factory.Sequence(lambda n: f"Empresa {n}")
    slug = factory.Sequence(lambda n: f"empresa-{n}")
    status = Company.Status.VERIFIED
    verified_at = NOW - 30 * DAY


class RecruiterFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Recruiter

    user = factory.SubFactory(UserFactory, role=User.Role.RECRUITER)
    company = factory.SubFactory(CompanyFactory)
    is_owner = True


class JobFactory(factory.django.DjangoModelFactory):
    """An open posting; ``JobFactory(skills=["python"], preferred=["docker"])`` asks for skills."""

    class Meta:
        model = Job
        skip_postgeneration_save = True

    company = factory.SubFactory(CompanyFactory)
    title = factory.Sequence(lambda n: f"Desarrollador backend {n}")
    slug = "desarrollador-backend"
    description = "Programarás servicios web y bases de datos para clientes del sector público."
    status = Job.Status.PUBLISHED
    published_at = NOW - DAY
    closes_at = NOW + 30 * DAY

    @factory.post_generation
    def skills(self, create, extracted, **kwargs):
        for code in extracted or []:
            JobSkill.objects.create(job=self, skill=SkillFactory(code=code), level=JobSkill.Level.REQUIRED)

    @factory.post_generation
    def preferred(self, create, extracted, **kwargs):
        for code in extracted or []:
            JobSkill.objects.create(job=self, skill=SkillFactory(code=code), level=JobSkill.Level.PREFERRED)


class ApplicationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Application

    student = factory.SubFactory(StudentFactory)
    job = factory.SubFactory(JobFactory)
    created_at = NOW
    updated_at = NOW

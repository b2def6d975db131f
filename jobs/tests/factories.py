"""Companies, recruiters, postings and applications for tests."""

import factory

from conftest import DAY, NOW
from jobs.models import Application, Company, Interview, Invitation, Job, JobSkill, Message, Recruiter, Side
from jobs.searchable import describe
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


class MessageFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Message

    application = factory.SubFactory(ApplicationFactory)
    side = Side.COMPANY
    body = "Gracias por postularte."
    at = NOW


class InvitationFactory(factory.django.DjangoModelFactory):
    """A waiting invitation to an open posting of somebody whom companies may see."""

    class Meta:
        model = Invitation

    job = factory.SubFactory(JobFactory)
    company = factory.SelfAttribute("job.company")
    student = factory.SubFactory(StudentFactory, visibility="companies")
    note = "Tu proyecto se parece a lo que hacemos."
    sent_at = NOW
    expires_at = NOW + 14 * DAY


class InterviewFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Interview

    application = factory.SubFactory(ApplicationFactory, status="interview")
    slots = factory.LazyFunction(lambda: [(NOW + days * DAY).isoformat() for days in (2, 3)])
    place = "Av. Juárez 100, Puebla"
    proposed_at = NOW
    updated_at = NOW


def refresh_search_text(job):
    """What the search reads of a posting, as storing it would have left it."""
    describe(job)
    Job.objects.filter(pk=job.pk).update(search_text=job.search_text, lexemes=job.lexemes)

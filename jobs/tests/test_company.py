import pytest
import time_machine
from django.urls import reverse

from conftest import DAY, NOW
from jobs.models import Company, Job, Recruiter
from jobs.register import register_company
from jobs.tests.addresses import english
from jobs.tests.factories import ApplicationFactory, CompanyFactory, JobFactory, RecruiterFactory
from moirai.accounts.models import User
from moirai.accounts.tests.factories import UserFactory
from students.tests.factories import StudentFactory

pytestmark = pytest.mark.django_db
FIELDS = {"name": "Ixtli Energía", "tax_id": "iex-010203-ab1", "website": "ixtli.example", "city": "Puebla"}


@pytest.fixture
def newcomer(client):
    user = UserFactory(role=User.Role.RECRUITER)
    client.force_login(user)
    return user


def test_a_recruiter_without_a_company_is_led_to_register_it(client, newcomer):
    for name in ("start", "company_home", "new_job"):
        assert client.get(reverse(f"jobs:{name}"))["Location"] == reverse("jobs:register_company")
    assert client.get(reverse("jobs:register_company")).status_code == 200


def test_registering_makes_a_pending_company_and_its_owner_once(client, newcomer):
    for _ in range(2):
        answer = client.post(reverse("jobs:register_company"), FIELDS)
        assert answer["Location"] == reverse("jobs:company_home")
    company, recruiter = Company.objects.get(), Recruiter.objects.get()
    assert (company.status, company.slug, company.tax_id) == ("pending", "ixtli-energia", "IEX010203AB1")
    assert company.website == "https://ixtli.example"
    assert (recruiter.user, recruiter.company, recruiter.is_owner) == (newcomer, company, True)


def test_companies_of_one_name_have_different_addresses():
    slugs = {
        register_company(user=UserFactory(role="recruiter"), fields={"name": name}).slug
        for name in ("Telar", "Telar", "TELAR!", "¿?", "¿?")
    }
    assert slugs == {"telar", "telar-2", "telar-3", "empresa", "empresa-2"}


@pytest.mark.parametrize(
    ("field", "value"),
    [("name", ""), ("name", "x" * 151), ("name", "a\x00b"), ("tax_id", "123"), ("website", "javascript:alert(1)"),
     ("website", "ftp://x.example"), ("description", "x" * 3001)],
)  # fmt: skip
def test_what_cannot_be_stored_is_said_at_its_field_and_nothing_is_kept(client, newcomer, field, value):
    answer = client.post(reverse("jobs:register_company"), {**FIELDS, field: value})
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert 'role="alert"' in answer.content.decode()
    assert not Company.objects.exists()


def test_other_roles_may_not_register(client):
    client.force_login(StudentFactory().user)
    for name in ("register_company", "company_home", "new_job"):
        assert client.get(reverse(f"jobs:{name}")).status_code == 403


def test_home_begins_with_what_is_to_do(client, time_machine):
    time_machine.move_to(NOW, tick=False)
    recruiter = RecruiterFactory()
    company = recruiter.company
    busy = JobFactory(company=company, title="Con postulaciones")
    for status in ("sent", "seen", "rejected", "withdrawn"):
        ApplicationFactory(job=busy, status=status)
    JobFactory(company=company, title="Devuelta", status="returned", status_reason="Falta el sueldo.")
    JobFactory(company=company, title="Por cerrar", closes_at=NOW + 2 * DAY)
    JobFactory(company=company, title="En manos de la oficina", status="in_review")
    ApplicationFactory(job__title="De otra empresa")
    client.force_login(recruiter.user)

    answer = client.get(reverse("jobs:company_home"))

    text = answer.content.decode()
    assert [(job.title, job.applicants, job.unanswered) for job in answer.context["waiting"]] == [(busy.title, 3, 2)]
    assert all(words in text for words in ("Falta el sueldo.", "Por cerrar", "En manos de la oficina"))
    assert "De otra empresa" not in text


@pytest.mark.parametrize("number", [1, 20])
def test_home_asks_the_same_number_of_questions_at_any_size(client, number, django_assert_max_num_queries):
    recruiter = RecruiterFactory()
    for _ in range(number):
        ApplicationFactory(job=JobFactory(company=recruiter.company))
    client.force_login(recruiter.user)
    client.get(reverse("jobs:company_home"))  # the first request of a session stores it
    with django_assert_max_num_queries(15):
        client.get(reverse("jobs:company_home"))


@pytest.mark.parametrize("status", ["pending", "declined", "suspended"])
def test_an_unverified_company_drafts_but_publishes_nothing(client, status):
    company = CompanyFactory(status=status, verified_at=None)
    job = JobFactory(company=company, status="draft", published_at=None, closes_at=None)
    client.force_login(RecruiterFactory(company=company).user)
    assert client.get(reverse("jobs:company_home")).status_code == 200
    assert client.get(reverse("jobs:new_job")).status_code == 200
    client.post(reverse("jobs:review_job", args=[job.public_id]))
    assert Job.objects.get().status == "draft"
    assert "Send for review" not in client.get(english("jobs:review_job", job.public_id)).content.decode()


def test_the_usual_response_is_said_from_ten_answers_on():
    from jobs.models import ApplicationEvent
    from jobs.response import usual_days

    company = CompanyFactory()
    job = JobFactory(company=company)
    for n in range(10):
        assert usual_days(company) is None
        application = ApplicationFactory(job=job, status="in_review", created_at=NOW)
        ApplicationEvent.objects.create(application=application, status="seen", at=NOW + DAY / 2)
        ApplicationEvent.objects.create(application=application, status="in_review", at=NOW + (n % 3 + 3) * DAY)
        ApplicationEvent.objects.create(application=application, status="rejected", at=NOW + 30 * DAY)
    with time_machine.travel(NOW):
        assert usual_days(company) == 4

"""The desk of the careers office."""

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from conftest import DAY, HOUR, NOW
from jobs import moderation, posting
from jobs.models import CompanyDocument, Job, Ruling
from jobs.moderation import Step
from jobs.report import report_job
from jobs.tests.addresses import english
from jobs.tests.factories import CompanyFactory, JobFactory, RecruiterFactory
from moirai.accounts.tests.factories import StaffFactory, UserFactory
from students.tests.factories import StudentFactory

pytestmark = pytest.mark.django_db
WAITING = {"status": "in_review", "published_at": None, "closes_at": None, "review_since": NOW - DAY}


@pytest.fixture
def staff(client, time_machine):
    time_machine.move_to(NOW, tick=False)
    staff = StaffFactory()
    client.force_login(staff)
    return staff


def decide(client, address, step, comment=""):
    """Open the page and send its form with a decision."""
    form = client.get(address).context["form"]
    return client.post(address, {"step": step, "comment": comment, "seen": form["seen"].value()})


def test_with_nothing_to_do_the_desk_says_so(client, staff):
    assert "All up to date" in client.get(english("jobs:desk")).content.decode()


def test_what_waits_longest_comes_first(client, staff):
    young = JobFactory(title="Joven", **WAITING | {"review_since": NOW - HOUR})
    old = JobFactory(title="Vieja", **WAITING)
    JobFactory(title="Publicada")
    pending = CompanyFactory(status="pending", verified_at=None, has_generic_mail=True)
    CompanyFactory(name="Verificada SA")
    answer = client.get(english("jobs:desk"))
    text = answer.content.decode()
    assert list(answer.context["postings"]) == [old, young]
    assert list(answer.context["companies"]) == [pending]
    assert "Generic mail domain" in text
    assert "No tax id" in text
    assert "Publicada" not in text
    assert "Verificada SA" not in text


@pytest.mark.parametrize("number", [1, 30])
def test_the_desk_asks_few_questions_at_any_size(client, staff, number, django_assert_max_num_queries):
    for _ in range(number):
        JobFactory(**WAITING)
        CompanyFactory(status="pending", verified_at=None)
        report_job(job=JobFactory(), reporter=UserFactory(), reason="fake", note="", now=NOW)
    client.get(reverse("jobs:desk"))
    with django_assert_max_num_queries(15):
        assert client.get(reverse("jobs:desk")).status_code == 200


def test_a_posting_shows_what_the_linter_blames_and_what_changed(client, staff, time_machine):
    job = JobFactory(title="Auxiliar", description="Harás reportes de ventas.", **WAITING)
    posting.publish(job=job, now=NOW)
    moderation.rule(company=job.company, job=job, step=Step.PUBLISHED, actor=staff, now=NOW)
    time_machine.move_to(NOW + HOUR, tick=False)
    fields = {"title": "Auxiliar", "description": "Harás reportes. Solo mujeres <script>alert(1)</script>"}
    posting.edit_job(job=job, fields=fields, now=NOW + HOUR)
    text = client.get(english("jobs:desk_job", job.public_id)).content.decode()
    assert ">Solo mujeres</a></mark>" in text
    assert "Against the law" in text
    assert "<del>" in text
    assert "ventas" in text
    assert "<ins>" in text
    assert "<script>alert" not in text
    assert "&lt;script&gt;" in text


def test_a_posting_is_published_from_its_page(client, staff):
    job = JobFactory(**WAITING)
    answer = decide(client, reverse("jobs:desk_job", args=[job.public_id]), "published")
    job.refresh_from_db()
    assert answer["Location"] == reverse("jobs:desk")
    assert (job.status, Ruling.objects.get().actor) == ("published", staff)
    assert job.title in client.get(reverse("jobs:desk")).content.decode()  # what was done is said


def test_nobody_approves_what_was_changed_since_the_page_was_opened(client, staff):
    job = JobFactory(**WAITING)
    address = english("jobs:desk_job", job.public_id)
    seen = client.get(address).context["form"]["seen"].value()
    posting.edit_job(job=job, fields={"title": job.title, "description": "Otra cosa"}, now=NOW)
    answer = client.post(address, {"step": "published", "seen": seen})
    assert answer.status_code == 422
    assert "changed since you opened" in answer.content.decode()
    job.refresh_from_db()
    assert job.status == "in_review"
    seen = answer.context["form"]["seen"].value()
    assert client.post(address, {"step": "published", "seen": seen}).status_code == 302


@pytest.mark.parametrize("data", [{}, {"step": "evil"}, {"step": "returned"}, {"step": "returned", "comment": "a\x00"}])
def test_a_wrong_decision_is_said_at_its_field(client, staff, data):
    job = JobFactory(**WAITING)
    address = reverse("jobs:desk_job", args=[job.public_id])
    seen = client.get(address).context["form"]["seen"].value()
    answer = client.post(address, {"seen": seen, **data})
    assert answer.status_code in (400, 422)
    job.refresh_from_db()
    assert job.status == "in_review"


def test_a_posting_of_an_unverified_company_says_that_it_cannot_be_published(client, staff):
    job = JobFactory(company__status="pending", company__verified_at=None, **WAITING)
    address = english("jobs:desk_job", job.public_id)
    answer = decide(client, address, "published")
    assert "Not possible now" in client.get(answer["Location"]).content.decode()
    job.refresh_from_db()
    assert job.status == "in_review"


def test_a_company_is_asked_and_then_verified(client, staff):
    company = CompanyFactory(status="pending", verified_at=None, tax_id="SAT970701NN2")
    address = english("jobs:desk_company", company.slug)
    assert "does not follow" in client.get(address).content.decode()
    decide(client, address, "asked", "Falta la constancia.")
    company.refresh_from_db()
    assert (company.status, company.status_reason) == ("needs_info", "Falta la constancia.")
    decide(client, address, "verified")
    company.refresh_from_db()
    assert (company.status, company.verified_at) == ("verified", NOW)


def test_a_case_is_closed_with_words_for_who_reported(client, staff):
    reporter = StudentFactory().user
    job = JobFactory()
    report_job(job=job, reporter=reporter, reason="money", note="Me pidieron $500 por WhatsApp", now=NOW)
    address = english("jobs:desk_reports", job.public_id)
    text = client.get(address).content.decode()
    assert "Me pidieron $500" in text
    decide(client, address, "dismissed", "El pago era de otra empresa.")
    assert not Job.objects.reported(several=3).exists()
    client.force_login(reporter)
    assert "El pago era de otra empresa." in client.get(reverse("notifications:list")).content.decode()


def test_case_pages_ask_few_questions(client, staff, django_assert_max_num_queries):
    job = JobFactory(**WAITING)
    for _ in range(12):
        report_job(job=job, reporter=UserFactory(), reason="fake", note="x", now=NOW)
        RecruiterFactory(company=job.company)
        moderation.rule(company=job.company, job=job, step=Step.RETURNED, actor=staff, comment="x", now=NOW)
    for name, key in (("desk_job", job.public_id), ("desk_reports", job.public_id), ("desk_company", job.company.slug)):
        address = reverse(f"jobs:{name}", args=[key])
        client.get(address)
        with django_assert_max_num_queries(16):
            assert client.get(address).status_code == 200


def test_the_desk_is_closed_to_everybody_else(client):
    job = JobFactory(**WAITING)
    pages = [
        ("desk",),
        ("desk_job", job.public_id),
        ("desk_reports", job.public_id),
        ("desk_company", job.company.slug),
    ]
    for user in (StudentFactory().user, RecruiterFactory(company=job.company).user, StaffFactory(is_superuser=False)):
        client.force_login(user)
        for name, *args in pages:
            assert client.get(reverse(f"jobs:{name}", args=args)).status_code == 403


def test_the_desk_asks_staff_for_a_second_factor(client, settings):
    settings.REQUIRE_STAFF_SECOND_FACTOR = True
    client.force_login(StaffFactory())
    assert client.get(reverse("jobs:desk"))["Location"] == reverse("mfa_index")


def test_each_permission_opens_its_own_pages(client):
    job = JobFactory(**WAITING)
    staff = StaffFactory(is_superuser=False)
    staff.user_permissions.add(Permission.objects.get(codename="change_company"))
    client.force_login(staff)
    assert client.get(reverse("jobs:desk")).status_code == 200
    assert client.get(reverse("jobs:desk_company", args=[job.company.slug])).status_code == 200
    assert client.get(reverse("jobs:desk_job", args=[job.public_id])).status_code == 403


def test_a_document_is_handed_out_and_never_shown(client, staff):
    from django.core.files.base import ContentFile

    from jobs.documents import add_document

    file = ContentFile(b"%PDF-1.4 <script>alert(1)</script>", name="../acta \u202egpj.pdf")
    row = add_document(company=CompanyFactory(), kind="deed", file=file, uploaded_by=staff, now=NOW)
    answer = client.get(reverse("jobs:company_document", args=[row.pk]))
    assert b"".join(answer.streaming_content) == b"%PDF-1.4 <script>alert(1)</script>"
    assert answer["Content-Disposition"].startswith("attachment;")
    assert answer["Content-Type"] == "application/octet-stream"
    assert row.original_name == "acta gpj.pdf"
    row.file.storage.delete(row.file.name)
    assert client.get(reverse("jobs:company_document", args=[row.pk])).status_code == 404
    assert CompanyDocument.objects.count() == 1

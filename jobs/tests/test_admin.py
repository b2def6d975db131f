import pytest
from django.urls import reverse

from conftest import DAY, NOW
from jobs.models import Company, Job, JobSkill
from jobs.signals import job_changed
from jobs.tests.factories import ApplicationFactory, CompanyFactory, JobFactory, RecruiterFactory
from moirai.accounts.tests.factories import StaffFactory
from moirai.skills.tests.factories import SkillFactory

pytestmark = pytest.mark.django_db
MODELS = ["company", "recruiter", "job", "jobskill", "application", "applicationevent"]


@pytest.fixture(autouse=True)
def heard(client, time_machine):
    time_machine.move_to(NOW, tick=False)
    client.force_login(StaffFactory())
    heard = []

    def hear(**data):
        heard.append(data["job_id"])

    job_changed.connect(hear)
    yield heard
    job_changed.disconnect(hear)


def ask(client, model, action, rows, **data):
    address = reverse(f"admin:jobs_{model}_changelist")
    return client.post(address, {"action": action, "_selected_action": [row.pk for row in rows], **data})


def act(client, model, action, rows, **data):
    return ask(client, model, action, rows, confirmed="yes", **data)


def test_companies_are_verified_and_their_postings_become_public(client, heard):
    company = CompanyFactory(status="pending", verified_at=None)
    job = JobFactory(company=company)
    assert company.name in ask(client, "company", "verified", [company]).content.decode()
    assert Company.objects.get().status == "pending"
    act(client, "company", "verified", [company])
    company.refresh_from_db()
    assert (company.status, company.verified_at, heard) == ("verified", NOW, [job.pk])


@pytest.mark.parametrize(
    ("action", "before", "after"),
    [("declined", "pending", "declined"), ("suspended", "verified", "suspended"), ("asked", "pending", "needs_info")],
)
def test_a_company_is_refused_only_with_a_reason(client, action, before, after):
    company = CompanyFactory(status=before)
    assert 'role="alert"' in act(client, "company", action, [company], comment=" ").content.decode()
    assert Company.objects.get().status == before
    act(client, "company", action, [company], comment="RFC que no existe")
    company.refresh_from_db()
    assert (company.status, company.status_reason) == (after, "RFC que no existe")


def test_postings_are_published_returned_and_closed(client, heard, settings):
    # Staff act on a page of postings at most, and each is locked and judged by itself.
    settings.ZEAL_ALLOWLIST = [{"model": "jobs.Job", "field": "get()"}]
    fields = {"status": "in_review", "published_at": None, "closes_at": None}
    job, unverified = JobFactory(**fields), JobFactory(**fields, company__status="pending")
    act(client, "job", "published", [job, unverified])
    job.refresh_from_db()
    unverified.refresh_from_db()
    assert (job.status, job.published_at, job.closes_at) == ("published", NOW, NOW + 30 * DAY)
    assert (unverified.status, heard) == ("in_review", [job.pk])
    act(client, "job", "returned", [job], comment="")
    assert Job.objects.get(pk=job.pk).status == "published"
    act(client, "job", "returned", [job], comment="Falta el sueldo")
    job.refresh_from_db()
    assert (job.status, job.status_reason) == ("returned", "Falta el sueldo")
    act(client, "job", "closed", [job])
    job.refresh_from_db()
    assert (job.status, job.closed_reason) == ("closed", "office")


def test_what_staff_change_is_announced_and_detection_leaves_it_alone(client, heard):
    job = JobFactory(skills=["python"])
    row = job.skills.get()
    form = client.get(reverse("admin:jobs_job_change", args=[job.pk])).context["adminform"].form
    data = {name: value for name, value in form.initial.items() if value is not None}
    data |= {f"{name}_{part}": "" for name in ("closes_at",) for part in (0, 1)}
    data |= {"closes_at_0": "2026-12-01", "closes_at_1": "12:00:00", "title": "Otro título"}
    data |= {"skills-TOTAL_FORMS": 1, "skills-INITIAL_FORMS": 1, "skills-0-id": row.pk, "skills-0-job": job.pk}
    data |= {"rulings-TOTAL_FORMS": 0, "rulings-INITIAL_FORMS": 0}
    data |= {"skills-0-skill": row.skill_id, "skills-0-level": "preferred"}
    answer = client.post(reverse("admin:jobs_job_change", args=[job.pk]), data)
    assert answer.status_code == 302, answer.context["adminform"].form.errors
    job.refresh_from_db()
    row.refresh_from_db()
    assert (job.slug, job.needs_detection_since, job.needs_matching_since) == ("otro-titulo", NOW, NOW)
    assert (row.level, row.is_edited) == ("preferred", True)
    assert heard == [job.pk]
    assert "otro titulo" in job.search_text


def test_renaming_a_company_is_found_by_the_search(client):
    company = CompanyFactory(name="Vieja")
    job = JobFactory(company=company)
    data = {"name": "Nueva Ópalo", "slug": company.slug}
    for inline in ("recruiters", "documents", "rulings"):
        data |= {f"{inline}-TOTAL_FORMS": 0, f"{inline}-INITIAL_FORMS": 0}
    assert client.post(reverse("admin:jobs_company_change", args=[company.pk]), data).status_code == 302
    job.refresh_from_db()
    assert "nueva opalo" in job.search_text


@pytest.mark.parametrize("model", MODELS)
def test_every_list_is_searched_at_a_constant_number_of_questions(client, model, django_assert_max_num_queries):
    def more(number):
        for _ in range(number):
            application = ApplicationFactory(job=JobFactory(skills=["python"]))
            application.events.create(status="sent", at=NOW)
            RecruiterFactory()

    address = reverse(f"admin:jobs_{model}_changelist")
    more(1)
    assert client.get(address, {"q": "x"}).status_code == 200
    more(15)
    with django_assert_max_num_queries(14):
        assert client.get(address).status_code == 200


@pytest.mark.parametrize("model", MODELS)
def test_every_form_opens(client, model):
    application = ApplicationFactory(job=JobFactory(skills=["python"]))
    rows = {
        "company": application.job.company,
        "recruiter": RecruiterFactory(),
        "job": application.job,
        "jobskill": JobSkill.objects.get(),
        "application": application,
        "applicationevent": application.events.create(status="sent", at=NOW),
    }
    assert client.get(reverse(f"admin:jobs_{model}_change", args=[rows[model].pk])).status_code == 200


def test_a_skill_added_in_the_admin_is_announced(client, heard):
    job, skill = JobFactory(), SkillFactory()
    client.post(reverse("admin:jobs_jobskill_add"), {"job": job.pk, "skill": skill.pk, "level": "required"})
    assert JobSkill.objects.get().is_edited
    assert heard == [job.pk]


def test_companies_are_merged_after_choosing_which_one_stays(client):
    first, second = CompanyFactory(name="Telar SA"), CompanyFactory(name="Telar")
    job = JobFactory(company=first)
    assert client.get(reverse("admin:jobs_company_changelist"), {"rfc": "no", "reported": "yes"}).status_code == 200
    act(client, "company", "merge", [first])
    assert "Telar SA" in ask(client, "company", "merge", [first, second]).content.decode()
    act(client, "company", "merge", [first, second], target="999")
    assert Company.objects.count() == 2
    act(client, "company", "merge", [first, second], target=second.pk)
    job.refresh_from_db()
    assert (Company.objects.get(), job.company) == (second, second)


def test_trust_is_given_and_taken(client, settings):
    settings.ZEAL_ALLOWLIST = [{"model": "jobs.Company", "field": "get()"}]  # each is locked and judged by itself
    company, pending = CompanyFactory(), CompanyFactory(status="pending", verified_at=None)
    act(client, "company", "trusted", [company, pending])
    assert list(Company.objects.filter(is_trusted=True)) == [company]
    act(client, "company", "untrusted", [company])
    assert not Company.objects.filter(is_trusted=True).exists()

import pytest
from django.urls import reverse

from conftest import DAY, HOUR, NOW
from jobs import posting
from jobs.models import Job, JobSkill
from jobs.posting import NotPossibleError
from jobs.signals import job_changed
from jobs.tests.addresses import english
from jobs.tests.factories import JobFactory, RecruiterFactory
from moirai.skills.tests.factories import SkillFactory

pytestmark = pytest.mark.django_db
TEXT = {
    "title": "Analista de datos jr.", "description": "Harás tableros con SQL.\r\nDeseable: Docker.",
    "requirements": "Python",
    "preferences": "", "language": "es", "kind": "internship", "modality": "hybrid", "city": "Puebla",
    "seniority": "student",
    "pay_period": "month",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _skills(time_machine):
    time_machine.move_to(NOW, tick=False)
    for code, name in {"python": "Python", "sql": "SQL", "docker": "Docker"}.items():
        SkillFactory(code=code, name_es=name)


@pytest.fixture
def recruiter(client):
    recruiter = RecruiterFactory()
    client.force_login(recruiter.user)
    return recruiter


def test_from_the_text_to_the_review(client, recruiter):
    answer = client.post(reverse("jobs:new_job"), TEXT)
    job = Job.objects.get()
    assert answer["Location"] == reverse("jobs:job_skills", args=[job.public_id])
    assert (job.status, job.company, job.needs_detection_since) == ("draft", recruiter.company, None)
    rows = {row.skill.code: row for row in job.skills.all()}
    assert {code: row.level for code, row in rows.items()} == {
        "sql": "required", "docker": "preferred", "python": "required",
    }  # fmt: skip
    assert all(job.text[row.start : row.end].lower() == code for code, row in rows.items())

    page = client.get(answer["Location"]).content.decode()
    assert "Harás tableros con <mark>SQL</mark>." in page
    levels = {f"level_{rows['sql'].skill_id}": "preferred", f"level_{rows['docker'].skill_id}": "ignored"}
    answer = client.post(answer["Location"], levels)
    assert answer["Location"] == reverse("jobs:review_job", args=[job.public_id])
    assert {row.skill.code: (row.level, row.is_edited) for row in job.skills.all()} == {
        "sql": ("preferred", True), "docker": ("ignored", True), "python": ("required", False),
    }  # fmt: skip

    for _ in range(2):
        assert client.post(answer["Location"])["Location"] == reverse("jobs:company_home")
    assert Job.objects.get().status == "in_review"


def test_submitting_twice_makes_one_posting(client, recruiter):
    first, second = (client.post(reverse("jobs:new_job"), TEXT)["Location"] for _ in range(2))
    assert first == second
    assert Job.objects.count() == 1
    assert JobSkill.objects.count() == 3


def test_the_preview_finds_skills_and_misses_the_pay_without_storing_anything(client, recruiter):
    answer = client.post(english("jobs:new_job"), TEXT, headers={"HX-Request": "true"})
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "3 skills found" in text
    assert "No pay stated" in text
    assert "<html" not in text
    paid = client.post(english("jobs:new_job"), {**TEXT, "pay_from": "9000"}, headers={"HX-Request": "true"})
    assert "No pay stated" not in paid.content.decode()
    assert not Job.objects.exists()


def test_detect_works_without_javascript_and_keeps_what_was_typed(client, recruiter):
    answer = client.post(english("jobs:new_job"), {**TEXT, "title": "", "detect": "1"})
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "3 skills found" in text
    assert "Harás tableros con SQL." in text
    assert 'role="alert"' not in text
    assert not Job.objects.exists()


@pytest.mark.parametrize(
    "data", [{"description": "x" * 50_000}, {"description": "a\x00b"}, {"title": ""}, {"description": ""}, {}]
)
def test_the_preview_bears_any_text(client, recruiter, data):
    answer = client.post(reverse("jobs:new_job"), data, headers={"HX-Request": "true"})
    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("field", "value"),
    [("title", ""), ("title", "x" * 201), ("description", "x" * 20_001), ("description", "a\x00b"), ("kind", "slavery"),
     ("hours_per_week", "99999999999999999999"), ("hours_per_week", "-1"), ("hours_per_week", "abc"),
     ("pay_from", "-5"),
     ("closes_on", "2020-01-01"), ("closes_on", "2099-01-01"), ("closes_on", "mañana"), ("minimum_semester", "40")],
)  # fmt: skip
def test_a_wrong_value_is_said_at_its_field_and_the_rest_is_kept(client, recruiter, field, value):
    answer = client.post(reverse("jobs:new_job"), {**TEXT, field: value})
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert "Puebla" in answer.content.decode()
    assert not Job.objects.exists()


def test_pay_to_is_not_less_than_pay_from(client, recruiter):
    answer = client.post(reverse("jobs:new_job"), {**TEXT, "pay_from": "9000", "pay_to": "8000"})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["pay_to"])


def test_a_closing_date_is_the_end_of_its_day(client, recruiter):
    client.post(reverse("jobs:new_job"), {**TEXT, "closes_on": "2026-11-20"})
    assert Job.objects.get().closes_at.isoformat() == "2026-11-21T05:59:59+00:00"


def test_a_skill_is_added_by_any_of_its_names_and_unknown_ones_are_not(client, recruiter):
    job = JobFactory(company=recruiter.company, status="draft")
    address = reverse("jobs:job_skills", args=[job.public_id])
    client.post(address, {"add": "1", "name": "PYTHON", "level": "preferred"})
    assert [(row.skill.code, row.level, row.is_edited) for row in job.skills.all()] == [("python", "preferred", True)]
    answer = client.post("/en" + address, {"add": "1", "name": "Pyth", "level": "required"})
    assert answer.status_code == 422
    assert "Did you mean: Python" in answer.content.decode()
    assert client.post(address, {"add": "1", "name": "a\x00", "level": "required"}).status_code == 422
    assert client.post(address, {"level_999999": "required"}).status_code == 302
    assert job.skills.count() == 1


def test_a_skill_that_was_typed_and_not_added_is_kept_by_save_and_review(client, recruiter):
    job = JobFactory(company=recruiter.company, status="draft", skills=["sql"])
    address = reverse("jobs:job_skills", args=[job.public_id])
    answer = client.post(address, {"name": "Pythonn", "level": "required"})
    assert answer.status_code == 422
    assert 'value="Pythonn"' in answer.content.decode()
    levels = {f"level_{job.skills.get().skill_id}": "preferred"}
    for _ in range(2):
        answer = client.post(address, {**levels, "name": " Python ", "level": "required"})
        assert answer["Location"] == reverse("jobs:review_job", args=[job.public_id])
    assert {row.skill.code: row.level for row in job.skills.all()} == {"sql": "preferred", "python": "required"}
    assert client.post(address, {"name": "  "})["Location"] == reverse("jobs:review_job", args=[job.public_id])


def test_a_level_that_does_not_exist_changes_nothing(client, recruiter):
    job = JobFactory(company=recruiter.company, status="draft", skills=["python"])
    row = job.skills.get()
    answer = client.post(reverse("jobs:job_skills", args=[job.public_id]), {f"level_{row.skill_id}": "evil"})
    assert answer.status_code == 422
    row.refresh_from_db()
    assert (row.level, row.is_edited) == ("required", False)


def test_a_published_posting_whose_text_changes_goes_back_to_review(client, recruiter):
    client.post(reverse("jobs:new_job"), TEXT)
    job = Job.objects.get()
    client.post(reverse("jobs:review_job", args=[job.public_id]))
    posting.publish(job=job, now=NOW)
    address = reverse("jobs:edit_job", args=[job.public_id])
    assert "goes back to review" in client.get("/en" + address).content.decode()

    client.post(address, {**TEXT, "city": "Mérida"})
    assert (Job.objects.get().status, Job.objects.get().city) == ("published", "Mérida")
    client.post(address, {**TEXT, "description": "Ahora con Docker."})
    assert Job.objects.get().status == "in_review"
    assert not Job.objects.open(at=NOW).exists()


@pytest.mark.parametrize("name", ["edit_job", "job_skills", "review_job", "close_job"])
def test_postings_of_other_companies_are_not_found(client, recruiter, name):
    other = JobFactory(status="draft")
    for send in (client.get, client.post):
        assert send(reverse(f"jobs:{name}", args=[other.public_id]), TEXT).status_code == 404
    assert client.get(reverse(f"jobs:{name}", args=["2222222222"])).status_code == 404
    other.refresh_from_db()
    assert (other.status, other.skills.count()) == ("draft", 0)


def test_closing_asks_for_the_reason_and_keeps_the_first(client, recruiter):
    job = JobFactory(company=recruiter.company)
    address = reverse("jobs:close_job", args=[job.public_id])
    assert client.post(address).status_code == 422
    assert client.post(address, {"reason": "office"}).status_code == 422
    client.post(address, {"reason": "filled"})
    client.post(address, {"reason": "cancelled"})
    job.refresh_from_db()
    assert (job.status, job.closed_reason, job.closes_at) == ("closed", "filled", NOW)
    assert client.post(reverse("jobs:edit_job", args=[job.public_id]), TEXT).status_code == 302
    job.refresh_from_db()
    assert job.status == "closed"


@pytest.mark.parametrize("status", Job.Status.values)
def test_only_what_waits_is_published_and_only_for_a_verified_company(status):
    fields = {"status": status, "closes_at": None} if status != "published" else {}
    job = JobFactory(**{**fields, "published_at": NOW - DAY})
    if status in ("published", "closed"):
        with pytest.raises(NotPossibleError):
            posting.publish(job=job, now=NOW)
        return
    heard = []

    def hear(**data):
        heard.append(data["job_id"])

    job_changed.connect(hear)
    try:
        posting.publish(job=job, now=NOW)
    finally:
        job_changed.disconnect(hear)
    job.refresh_from_db()
    assert (job.status, job.closes_at, heard) == ("published", NOW + 30 * DAY, [job.pk])
    unverified = JobFactory(status="in_review", company__status="pending")
    with pytest.raises(NotPossibleError):
        posting.publish(job=unverified, now=NOW)


def test_a_posting_returned_says_why_and_is_sent_again(client, recruiter):
    job = JobFactory(company=recruiter.company, status="in_review", published_at=None, closes_at=None)
    posting.return_job(job=job, comment=" Falta el sueldo. ", now=NOW + HOUR)
    assert "Falta el sueldo." in client.get(reverse("jobs:edit_job", args=[job.public_id])).content.decode()
    client.post(reverse("jobs:review_job", args=[job.public_id]))
    job.refresh_from_db()
    assert (job.status, job.status_reason) == ("in_review", "")


def test_what_the_law_forbids_stops_the_posting_and_is_quoted(client, recruiter):
    job = JobFactory(company=recruiter.company, status="draft", published_at=None, closes_at=None)
    Job.objects.update(requirements="Solo mujeres de 20 a 30 años")
    address = english("jobs:review_job", job.public_id)
    assert "Some words are against the law" in client.get(address).content.decode()
    answer = client.post(address)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert 'role="alert"' in text
    assert "<mark>Solo mujeres</mark>" in text
    for remark in answer.context["blocking"]:
        assert f'href="#{remark.key}"' in text
        assert f'id="{remark.key}"' in text
    assert Job.objects.get().status == "draft"


def test_the_wizard_says_what_the_linter_says_while_writing(client, recruiter):
    data = TEXT | {"description": "Buena presentación.", "hours_per_week": "50"}
    for headers in ({"HX-Request": "true"}, {}):
        answer = client.post(english("jobs:new_job"), data | {"detect": "1"}, headers=headers)
        text = answer.content.decode()
        assert "<mark>Buena presentación</mark>" in text
        assert "More than 48 hours" in text
        assert "Ley Federal" not in text  # English page, English law
        assert "Federal Labour Law" in text
    assert not Job.objects.exists()


def test_a_trusted_company_reads_that_its_posting_is_published(client, recruiter):
    from jobs.tests.test_lint import FAIR, GOOD

    recruiter.company.is_trusted = True
    recruiter.company.save()
    job = JobFactory(company=recruiter.company, **GOOD | FAIR, status="draft", published_at=None, closes_at=None)
    answer = client.post(english("jobs:review_job", job.public_id), follow=True)
    assert "Published. Nothing was found" in answer.content.decode()
    job.refresh_from_db()
    assert (job.status, job.published_at) == ("published", NOW)
    form = {**TEXT, **GOOD, **{name: str(value) for name, value in FAIR.items()}}
    client.post(english("jobs:edit_job", job.public_id), form | {"preferences": "Docker"})
    job.refresh_from_db()
    assert (job.status, job.preferences) == ("published", "Docker")
    client.post(english("jobs:edit_job", job.public_id), form | {"preferences": "Gente joven y trabajo urgente!!"})
    job.refresh_from_db()
    assert job.status == "in_review"

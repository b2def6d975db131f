"""A request writes only what its form offers; verifying and publishing are the office's alone; files are shut."""

import pytest
from django.apps import apps
from django.conf import settings as configured
from django.urls import reverse

from jobs.models import Application, Company, Job
from matching.tests.conftest import model, taxonomy  # noqa: F401 - fixtures
from moirai.accounts.models import User
from students.models import CV, Student
from tests.trust import rules
from tests.trust.requesting import Browser, address, payload, undone
from tests.trust.routes import REFUSED, called
from tests.trust.test_matrix import TABLE, many_requests, world  # noqa: F401 - fixtures
from tests.trust.world import OFFICE, ROLES

pytestmark = pytest.mark.django_db
OUTSIDE = [role for role in ROLES if role not in OFFICE]


def hostile(world):  # noqa: F811
    """Every column of every model of ours, with the value an attacker would like."""
    fields = {
        field.name: "1"
        for model_class in apps.get_models()
        if model_class._meta.app_label in ("accounts", "students", "jobs", "matching", "notifications", "privacy")
        for field in model_class._meta.concrete_fields
    }
    other = world.things["other"]
    wishes = {
        "is_staff": "on", "is_superuser": "on", "is_active": "on", "role": "staff", "status": "published",
        "user": other.user_id, "student": other.pk, "student_id": other.pk, "company": world.things["company B"].pk,
        "published_at": "2026-11-01", "verified_at": "2026-11-01", "public_id": "abcdefghjk", "external_id": "x",
        "score": "10000", "content_hash": "0" * 64, "is_owner": "on", "is_current": "on", "email": "x@x.example",
    }  # fmt: skip
    return {name: str(value) for name, value in {**fields, **wishes}.items()}


def guarded():
    """What no form of the site offers to anybody outside the office."""
    return [
        list(User.objects.order_by("pk").values_list("pk", "is_staff", "is_superuser", "is_active", "role", "email")),
        list(Student.objects.order_by("pk").values_list("pk", "user", "public_id", "external_id", "student_number")),
        list(
            CV.objects.order_by("pk").values_list("pk", "student", "public_id", "content_hash", "status", "is_current")
        ),
        list(Application.objects.order_by("pk").values_list("pk", "student", "job", "cv", "public_id")),
        list(Company.objects.order_by("pk").values_list("pk", "status", "verified_at", "slug")),
        list(Job.objects.filter(status="published").order_by("pk").values_list("pk", "company", "public_id")),
    ]


@pytest.mark.parametrize("role", OUTSIDE)
def test_columns_that_no_form_offers_cannot_be_written(world, role, figure):  # noqa: F811
    browser, wishes, changed, sent = Browser(world, role), hostile(world), [], 0
    before = guarded()
    for line in TABLE.values():
        if line.method != "POST" or line.route in ("jobs:register_company", "account_signup", "account_email"):
            continue  # these make new rows, judged below
        if line.route == "jobs:edit_company":
            continue  # a new name takes the verification away, never gives it: jobs/tests/test_verification.py
        with undone():
            data = {**wishes, **payload(world, rules.PAYLOADS.get(line.route, {}))}
            browser.send("POST", address(world, line.route, line.target), data)
            sent += len(data)
            now = guarded()
            now[5] = [
                row for row in now[5] if row in before[5]
            ]  # closing a posting or changing its text is the company's
            expected = [*before[:5], [row for row in before[5] if row in now[5]]]
            changed += [] if now == expected else [line.route]
    figure(5, f"{role}: {sent} fields sent, {len(changed)} changed")
    assert not changed


def test_new_rows_take_no_more_than_their_form_offers(world, client):  # noqa: F811
    from moirai.accounts.tests.factories import UserFactory

    recruiter = UserFactory(role="recruiter")
    client.force_login(recruiter)
    wishes = hostile(world)
    client.post(reverse("jobs:register_company"), {**wishes, "name": "Nueva", "tax_id": "", "website": ""})
    company = Company.objects.get(name="Nueva")
    assert (company.status, company.verified_at, company.slug) == ("pending", None, "nueva")
    recruiter.refresh_from_db()
    assert (recruiter.role, recruiter.is_staff) == ("recruiter", False)
    client.logout()
    form = {"full_name": "A", "email": "a@universidad.example", "password1": "telar-de-añil-7", "accepts_notice": "on"}
    client.post(reverse("account_signup"), {**wishes, **form, "role": "student"})
    user = User.objects.get(email="a@universidad.example")
    assert (user.role, user.is_staff, user.is_superuser) == ("student", False, False)


ACTIONS = [
    ("jobs_company", "verified", "company C"), ("jobs_company", "declined", "company C"),
    ("jobs_company", "asked", "company C"), ("jobs_company", "suspended", "company A"),
    ("jobs_job", "published", "draft of A"), ("jobs_job", "returned", "draft of A"),
    ("jobs_job", "refused", "draft of A"), ("jobs_job", "closed", "posting of A"),
]  # fmt: skip


def test_only_the_office_verifies_and_publishes(world, figure):  # noqa: F811
    Job.objects.filter(pk=world.things["draft of A"].pk).update(status="in_review")
    wrong, cells = [], 0
    for role in ROLES:
        browser = Browser(world, role)
        for name, action, thing in ACTIONS:
            cells += 1
            row = world.things[thing]
            with undone():
                before = type(row).objects.get(pk=row.pk).status
                data = {"action": action, "_selected_action": str(row.pk)}
                data |= {"comment": "porque sí", "confirmed": "yes"}
                answer = called(browser.send("POST", reverse(f"admin:{name}_changelist"), data))
                is_changed = type(row).objects.get(pk=row.pk).status != before
            if is_changed != (role in OFFICE) or (answer == REFUSED) != (role not in OFFICE):
                wrong.append(f"{action} as {role}: {answer}, changed: {is_changed}")
    figure(7, f"{cells} transitions × roles, {len(wrong)} wrong")
    assert not wrong


def test_no_address_leads_to_a_stored_file(world, figure):  # noqa: F811
    cv = world.things["cv of owner"]
    name = cv.file.name
    paths = [
        f"/media/{name}", f"/{name}", f"/static/{name}", f"/static/../var/media/{name}", f"/var/media/{name}",
        f"/static/%2e%2e/var/media/{name}", f"/media//{name}", f"/cv/{cv.public_id}", "/static/../.env", "/.env",
    ]  # fmt: skip
    forged = [
        {}, {"Referer": "http://testserver/empresa/"}, {"X-Original-URL": "/admin/"}, {"X-Forwarded-User": "admin"},
        {"X-Accel-Redirect": f"/media/{name}"}, {"Authorization": "Basic YWRtaW46YWRtaW4="},
    ]  # fmt: skip
    files, asked = 0, 0
    for role in ("anonymous", "other_student", "other_recruiter", "recruiter"):
        browser = Browser(world, role)
        for headers in forged:
            own = reverse("students:cv_file", args=[cv.public_id])
            for path in [*paths, own]:
                response = browser.client.get(path, headers=headers)
                body = b"".join(response.streaming_content) if response.streaming else response.content
                asked += 1
                files += b"zz-bytes" in body or b"SECRET_KEY" in body
    figure(3, f"{asked} forged requests, {files} files")
    assert files == 0
    assert configured.STORAGES["default"]["OPTIONS"]["base_url"] is None


def test_a_cv_leaves_as_an_attachment_that_no_browser_opens(world):  # noqa: F811
    cv, application = world.things["cv of owner"], world.things["application of owner"]
    for role, url in (
        ("owner", reverse("students:cv_file", args=[cv.public_id])),
        ("recruiter", reverse("jobs:application_cv", args=[application.public_id])),
    ):
        response = Browser(world, role).send("GET", url)
        assert response["Content-Disposition"].startswith("attachment")
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["Content-Type"] == "application/octet-stream"

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse

from conftest import DAY, HOUR, NOW
from jobs import apply as applying
from jobs.models import Application, ApplicationEvent, Company, Job
from jobs.signals import application_moved
from jobs.tests.factories import ApplicationFactory, CompanyFactory, JobFactory, RecruiterFactory
from moirai.accounts.tests.factories import UserFactory
from students.models import CV
from students.tests.factories import CVFactory, StudentFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _at_noon(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def student(client):
    student = CVFactory(student=StudentFactory(skills=["python"])).student
    client.force_login(student.user)
    return student


@pytest.fixture
def recruiter():
    return RecruiterFactory()


def apply_address(job):
    return reverse("jobs:apply", args=[job.public_id])


def cv_field(student):
    return {"cv": student.cvs.get(is_current=True).public_id}


def test_the_form_says_exactly_what_is_shared(client, student):
    text = client.get(apply_address(JobFactory())).content.decode()
    assert all(words in text for words in (student.user.full_name, student.user.email, "cv.pdf"))


def test_applying_twice_makes_one_application_and_says_so(client, student):
    job, heard = JobFactory(), []

    def hear(**data):
        heard.append(data["event_id"])

    application_moved.connect(hear)
    try:
        answers = [client.post(apply_address(job), {"message": " Hola ", **cv_field(student)}) for _ in range(2)]
    finally:
        application_moved.disconnect(hear)
    application = Application.objects.get()
    assert {answer["Location"] for answer in answers} == {application.get_absolute_url()}
    assert (application.message, application.cv, application.created_at) == ("Hola", student.cvs.get(), NOW)
    assert heard == [ApplicationEvent.objects.get().pk]
    assert client.get(apply_address(job))["Location"] == application.get_absolute_url()


def test_a_posting_that_closed_meanwhile_takes_no_application(client, student):
    job = JobFactory()
    assert client.get(apply_address(job)).status_code == 200
    Job.objects.update(closes_at=NOW)
    answer = client.post(apply_address(job), cv_field(student))
    assert answer["Location"] == job.get_absolute_url()
    assert not Application.objects.exists()
    with pytest.raises(applying.JobClosedError):
        applying.apply(student=student, job=job, cv=None, message="", now=NOW)


@pytest.mark.parametrize("fields", [{"status": "draft"}, {"status": "in_review"}, {"company__status": "suspended"}])
def test_nobody_applies_to_what_is_not_public(client, student, fields):
    answer = client.post(apply_address(JobFactory(**fields)), cv_field(student))
    assert answer.status_code == 404
    assert not Application.objects.exists()


def test_a_cv_that_changed_since_the_page_opened_is_shown_again(client, student):
    shown = cv_field(student)
    student.cvs.update(is_current=False)
    CVFactory(student=student, original_name="nuevo.pdf")
    answer = client.post(apply_address(JobFactory()), shown)
    assert answer.status_code == 422
    assert "nuevo.pdf" in answer.content.decode()
    assert not Application.objects.exists()


def test_an_empty_profile_cannot_apply(client):
    client.force_login(StudentFactory().user)
    job = JobFactory()
    assert '<form class="stack narrow"' not in client.get(apply_address(job)).content.decode()
    client.post(apply_address(job), {"cv": ""})
    assert not Application.objects.exists()


def test_a_profile_without_a_cv_but_with_skills_can(client):
    client.force_login(StudentFactory(skills=["python"]).user)
    client.post(apply_address(JobFactory()), {"cv": ""})
    assert Application.objects.get().cv is None


@pytest.mark.parametrize("message", ["x" * 2001, "a\x00b"])
def test_a_message_that_cannot_be_stored_is_said(client, student, message):
    answer = client.post(apply_address(JobFactory()), {"message": message, **cv_field(student)})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["message"])
    assert not Application.objects.exists()


def test_recruiters_do_not_apply_and_students_do_not_recruit(client, student, recruiter):
    application = ApplicationFactory()
    for name in ("move_application", "application_cv"):
        assert client.get(reverse(f"jobs:{name}", args=[application.public_id])).status_code == 403
    client.force_login(recruiter.user)
    assert client.get(apply_address(application.job)).status_code == 403
    assert client.get(reverse("jobs:applications")).status_code == 403


def test_visitors_sign_in_first(client):
    application = ApplicationFactory()
    for name, argument in (("apply", application.job), ("application", application), ("application_cv", application)):
        answer = client.get(reverse(f"jobs:{name}", args=[argument.public_id]))
        assert answer["Location"].startswith(reverse("account_login"))


def test_a_student_sees_and_withdraws_only_own_applications(client, student):
    other = ApplicationFactory()
    for name in ("application", "withdraw"):
        for send in (client.get, client.post):
            assert send(reverse(f"jobs:{name}", args=[other.public_id])).status_code in (404, 405)
    other.refresh_from_db()
    assert other.status == "sent"


def test_withdrawing_asks_first_and_happens_once(client, student):
    application = ApplicationFactory(student=student)
    address = reverse("jobs:withdraw", args=[application.public_id])
    assert client.get(address).status_code == 200
    application.refresh_from_db()
    assert application.status == "sent"
    for _ in range(2):
        assert client.post(address)["Location"] == application.get_absolute_url()
    application.refresh_from_db()
    assert (application.status, application.events.count()) == ("withdrawn", 1)


def test_the_timeline_shows_what_was_and_what_may_come_and_the_reason_of_a_refusal(client, student):
    application, *_ = applying.apply(student=student, job=JobFactory(), cv=None, message="", now=NOW)
    answer = client.get(application.get_absolute_url())
    assert [(step.label, step.state) for step in answer.context["steps"]] == [
        ("Enviada", "now"), ("Vista", "next"), ("En revisión", "next"), ("Entrevista", "next"),
    ]  # fmt: skip
    move = reverse("jobs:move_application", args=[application.public_id])
    client.force_login(RecruiterFactory(company=application.job.company).user)
    client.post(move, {"to": "rejected", "note": "Buscamos más horas por semana."})
    client.force_login(student.user)
    answer = client.get(application.get_absolute_url())
    assert [step.state for step in answer.context["steps"]] == ["", "now"]
    assert "Buscamos más horas por semana." in answer.content.decode()


def test_a_recruiter_moves_an_application_and_a_refusal_needs_a_reason(client, recruiter):
    application = ApplicationFactory(job=JobFactory(company=recruiter.company))
    client.force_login(recruiter.user)
    address = reverse("jobs:move_application", args=[application.public_id])
    assert client.get(address).status_code == 200

    assert client.post(address, {"to": "rejected", "note": " "}).status_code == 422
    assert client.post(address, {"to": "withdrawn"}).status_code == 422
    assert client.post(address, {"to": "nonsense"}).status_code == 422
    application.refresh_from_db()
    assert application.status == "sent"

    for _ in range(2):
        assert client.post(address, {"to": "interview"}).status_code == 302
    application.refresh_from_db()
    assert (application.status, application.events.get().actor) == ("interview", recruiter.user)


def test_after_a_move_one_returns_to_a_page_of_this_site_only(client, recruiter):
    application = ApplicationFactory(job=JobFactory(company=recruiter.company))
    client.force_login(recruiter.user)
    address = reverse("jobs:move_application", args=[application.public_id])
    assert client.post(address, {"to": "seen"}).status_code == 422  # seen by looking, not by a form
    assert client.post(address, {"to": "in_review", "next": "https://evil.example/"})["Location"].startswith(
        "/empresa/"
    )
    assert client.post(address, {"to": "interview", "next": "/empresa/?x=1"})["Location"] == "/empresa/?x=1"


def test_applications_to_other_companies_are_not_found(client, recruiter):
    application = ApplicationFactory(cv=CVFactory())
    client.force_login(recruiter.user)
    for name in ("move_application", "application_cv"):
        address = reverse(f"jobs:{name}", args=[application.public_id])
        assert client.get(address).status_code == 404
        assert client.post(address, {"to": "accepted"}).status_code in (404, 405)
    application.refresh_from_db()
    assert (application.status, application.events.count()) == ("sent", 0)


@pytest.mark.parametrize("status", ["pending", "declined", "suspended"])
def test_a_company_that_is_not_verified_reads_no_applications(client, status):
    company = CompanyFactory()
    application = ApplicationFactory(job=JobFactory(company=company), cv=CVFactory())
    Company.objects.update(status=status)
    client.force_login(RecruiterFactory(company=company).user)
    for name in ("move_application", "application_cv"):
        assert client.get(reverse(f"jobs:{name}", args=[application.public_id])).status_code == 404


def test_the_cv_is_a_download_that_counts_as_seen_and_ends_with_withdrawal(client, recruiter):
    cv = CVFactory(original_name="mi cv.PDF")
    cv.file.save("x", ContentFile(b"%PDF-1.7 test"))
    application = ApplicationFactory(job=JobFactory(company=recruiter.company), cv=cv, student=cv.student)
    client.force_login(recruiter.user)
    address = reverse("jobs:application_cv", args=[application.public_id])

    answer = client.get(address)

    assert b"".join(answer.streaming_content) == b"%PDF-1.7 test"
    assert answer["Content-Disposition"] == f'attachment; filename="cv-{application.public_id}.pdf"'
    assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == ("application/octet-stream", "nosniff")
    application.refresh_from_db()
    assert application.status == "seen"
    Application.objects.update(status="withdrawn")
    assert client.get(address).status_code == 404


def test_a_cv_without_a_file_is_its_text_and_one_that_is_gone_is_not_found(client, recruiter):
    application = ApplicationFactory(job=JobFactory(company=recruiter.company), cv=CVFactory())
    client.force_login(recruiter.user)
    address = reverse("jobs:application_cv", args=[application.public_id])
    answer = client.get(address)
    assert (answer.content.decode(), answer["Content-Type"]) == (application.cv.text, "text/plain; charset=utf-8")
    CV.objects.update(file="cv/no/such")
    assert client.get(address).status_code == 404
    CV.objects.all().delete()
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("number", [1, 20])
def test_the_list_asks_the_same_number_of_questions_at_any_size(client, student, number, django_assert_num_queries):
    for n in range(number):
        ApplicationFactory(student=student, created_at=NOW - n * HOUR)
    client.get(reverse("jobs:applications"))
    with django_assert_num_queries(QUERIES):
        client.get(reverse("jobs:applications"))


QUERIES = 4  # session, person, count, rows


def test_applications_are_grouped_by_the_phrases_of_the_query_set():
    job = JobFactory()
    rows = {status: ApplicationFactory(job=job, status=status) for status in Application.Status.values}
    ApplicationFactory()
    own = Application.objects.of_job(job)
    assert own.count() == len(rows)
    assert rows["withdrawn"] not in own.active()
    assert set(own.unanswered()) == {rows["sent"], rows["seen"]}
    late = ApplicationFactory(job=job, created_at=NOW + DAY)
    assert own.newest_first().for_list()[0] == late


def test_a_student_without_a_profile_is_led_to_start_it(client):
    client.force_login(UserFactory())
    assert client.get(reverse("jobs:applications"))["Location"] == reverse("students:start")


# --- What the company received ----------------------------------------------------------------------------------------


def test_the_receipt_keeps_what_was_shared_not_what_is_shared_now(client, student):
    student.phone = "222 123 4567"
    student.save()
    job, cv = JobFactory(), student.cvs.get()
    client.post(apply_address(job), {"message": "Hola", "shares_phone": "on", **cv_field(student)})
    application = Application.objects.get()
    assert application.receipt == {
        "name": True, "email": True, "phone": True, "explanation": True, "message": True, "at": NOW.isoformat(),
        "cv": {"id": cv.public_id, "uploaded_at": NOW.isoformat()},
    }  # fmt: skip
    address = reverse("jobs:receipt", args=[application.public_id])
    text = client.get(address).content.decode()
    assert all(words in text for words in ("cv.pdf", "Teléfono", "Hola", application.public_id))
    cv.delete()
    assert "Un CV que se borró después" in client.get(address).content.decode()


def test_the_phone_is_shared_only_by_who_ticks_it(client, student):
    student.phone = "222 123 4567"
    student.save()
    job, recruiter = JobFactory(), RecruiterFactory()
    Job.objects.update(company=recruiter.company)
    client.post(apply_address(job), {"message": "", **cv_field(student)})
    assert not Application.objects.get().shares_phone
    assert Application.objects.get().receipt["phone"] is False


def test_who_erased_the_account_is_a_number_on_the_board(student):
    from jobs import personal

    application = ApplicationFactory(student=student)
    personal.erase(student.user, NOW)
    student.delete()
    assert Job.objects.get(pk=application.job_id).erased_applicants == 1
    assert not Application.objects.exists()


def test_nobody_reads_the_receipt_of_another(client, student):
    address = reverse("jobs:receipt", args=[ApplicationFactory().public_id])
    assert client.get(address).status_code == 404


def test_the_page_of_an_application_promises_a_date(client, student):
    client.post(apply_address(JobFactory()), {"message": "", **cv_field(student)})
    application = Application.objects.get()
    assert "te avisamos el 12 nov" in client.get(application.get_absolute_url()).content.decode()


def test_ended_applications_stay_in_a_list_of_their_own(client, student):
    for status in ("rejected", "sent", "no_answer", "interview"):
        ApplicationFactory(student=student, status=status)
    text = client.get(reverse("jobs:applications")).content.decode()
    assert (
        text.index("En curso")
        < text.index("Entrevista")
        < text.index("Terminadas")
        < text.index("Cerrada sin respuesta")
    )


def test_applications_from_before_receipts_get_the_one_their_form_described(student):
    from importlib import import_module

    from django.apps import apps

    cv = student.cvs.get()
    application = ApplicationFactory(student=student, cv=cv, message="Hola", status="interview", updated_at=NOW - DAY)
    import_module("jobs.migrations.0010_writes_receipts_of_earlier_applications").write(apps, None)
    application.refresh_from_db()
    assert application.receipt == applying.receipt_of(cv=cv, message="Hola", shares_phone=False, now=NOW)
    assert application.revealed_at == NOW - DAY

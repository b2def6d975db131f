import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from conftest import DAY, NOW
from jobs import closing, invitations
from jobs.models import Application, CompanyGrant, Invitation, Job
from jobs.signals import invitation_sent
from jobs.tests.factories import ApplicationFactory, InvitationFactory, JobFactory, RecruiterFactory
from matching.tests.conftest import model, taxonomy  # noqa: F401 - fixtures
from students.models import Student
from students.tests.factories import CVFactory, StudentFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _at_noon(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def student():
    return CVFactory(student=StudentFactory(visibility="companies", phone="222 123 4567")).student


@pytest.fixture
def job():
    return JobFactory()


@pytest.fixture
def recruiter(job):
    return RecruiterFactory(company=job.company)


def invite_address(job, student):
    return reverse("jobs:invite", args=[job.public_id, student.public_id])


def own_address(invitation):
    return reverse("jobs:invitation", args=[invitation.public_id])


def cv_field(student):
    return {"cv": student.cvs.get(is_current=True).public_id}


def test_an_invitation_clicked_twice_is_sent_once(client, job, recruiter, student):
    heard = []

    def hear(invitation_id, **_):
        heard.append(invitation_id)

    invitation_sent.connect(hear)
    try:
        client.force_login(recruiter.user)
        assert client.get(invite_address(job, student)).status_code == 200
        for _click in range(2):
            client.post(invite_address(job, student), {"note": "Nos gusta tu proyecto."})
    finally:
        invitation_sent.disconnect(hear)
    invitation = Invitation.objects.get()
    assert heard == [invitation.pk]
    assert (invitation.student, invitation.sender, invitation.note) == (
        student,
        recruiter.user,
        "Nos gusta tu proyecto.",
    )


def test_the_page_of_an_invitation_names_nobody_to_the_company(client, job, recruiter, student):
    client.force_login(recruiter.user)
    text = client.get(invite_address(job, student)).content.decode()
    assert student.alias in text
    assert student.user.full_name not in text
    assert student.user.email not in text


@pytest.mark.parametrize("fields", [{"visibility": "private"}, {"wants_matching": False}, {"restricted_since": NOW}])
def test_who_hid_is_gone_at_once(client, job, recruiter, student, fields):
    Student.objects.update(**fields)
    client.force_login(recruiter.user)
    for answer in (client.get(invite_address(job, student)), client.post(invite_address(job, student), {})):
        assert answer.status_code == 404
        assert "Ya no está disponible" in answer.content.decode()
    assert not Invitation.objects.exists()


def test_a_person_is_invited_by_one_company_to_one_posting_at_a_time(job, recruiter, student):
    other = JobFactory(company=job.company)
    invitations.invite(student=student, job=job, sender=recruiter.user, note="", now=NOW)
    with pytest.raises(invitations.NotInvitableError):
        invitations.invite(student=student, job=other, sender=recruiter.user, note="", now=NOW)
    later = NOW + invitations.OPEN_FOR
    assert invitations.invite(student=student, job=other, sender=recruiter.user, note="", now=later)


def test_who_has_applied_is_not_invited(job, recruiter, student):
    ApplicationFactory(student=student, job=job)
    with pytest.raises(invitations.NotInvitableError):
        invitations.invite(student=student, job=job, sender=recruiter.user, note="", now=NOW)


@pytest.mark.parametrize("fields", [{"status": "closed"}, {"closes_at": NOW}, {"status": "draft"}])
def test_a_posting_that_takes_nobody_invites_nobody(job, recruiter, student, fields):
    Job.objects.update(**fields)
    with pytest.raises(invitations.NotInvitableError):
        invitations.invite(student=student, job=job, sender=recruiter.user, note="", now=NOW)


def test_the_caps_hold_for_a_posting_and_for_a_week(client, job, recruiter, student, monkeypatch):
    InvitationFactory.create_batch(3, job=job)
    monkeypatch.setattr(invitations, "PER_JOB", 3)
    client.force_login(recruiter.user)
    answer = client.post(invite_address(job, student), {"note": "Hola"})
    assert answer.status_code == 422
    assert "Hola" in answer.content.decode()
    monkeypatch.setattr(invitations, "PER_WEEK", 3)
    elsewhere = JobFactory(company=job.company)
    with pytest.raises(invitations.CapReachedError):
        invitations.invite(student=student, job=elsewhere, sender=recruiter.user, note="", now=NOW)
    a_week_later = NOW + timedelta(days=7, seconds=1)
    assert invitations.invite(student=student, job=elsewhere, sender=recruiter.user, note="", now=a_week_later)


def test_accepting_shares_the_profile_and_applies_once(client, job, student):
    invitation = InvitationFactory(job=job, student=student)
    client.force_login(student.user)
    page = client.get(own_address(invitation)).content.decode()
    assert all(words in page for words in (invitation.note, student.user.email, "cv.pdf", "Compartir mi perfil"))
    for _click in range(2):
        answer = client.post(own_address(invitation), {"shares_phone": "on", **cv_field(student)})
        assert answer["Location"] == Application.objects.get().get_absolute_url()
    application = Application.objects.get()
    assert (application.status, application.shares_phone, application.cv) == ("sent", True, student.cvs.get())
    grant = CompanyGrant.objects.get()
    assert (grant.company, grant.source, grant.revoked_at) == (job.company, "invitation", None)
    invitation.refresh_from_db()
    assert (invitation.status, invitation.answered_at) == ("accepted", NOW)


def test_declining_tells_the_company_nothing(client, job, recruiter, student, model):  # noqa: F811
    invitation = InvitationFactory(job=job, student=student)
    suggested = reverse("matching:suggested", args=[job.public_id, student.public_id])
    client.force_login(recruiter.user)
    before = client.get(suggested).content
    browser = Client()
    browser.force_login(student.user)
    browser.post(own_address(invitation), {"decline": "1"})
    assert Invitation.objects.get().status == "declined"
    assert not Application.objects.exists()
    assert "Esperando su respuesta" in before.decode()
    assert without_tokens(client.get(suggested).content) == without_tokens(before)
    # Nor does a second invitation tell it: it is refused as it would be if the first one still waited.
    with pytest.raises(invitations.NotInvitableError):
        invitations.invite(
            student=student, job=JobFactory(company=job.company), sender=recruiter.user, note="", now=NOW
        )


def without_tokens(page):
    return re.sub(rb'name="csrfmiddlewaretoken" value="\w+"', b"", page)


def test_after_fourteen_days_a_refusal_reads_as_no_answer(student):
    InvitationFactory(student=student, status="declined")
    closing.keep_moving(now=NOW + invitations.OPEN_FOR)
    assert Invitation.objects.get().status == "expired"


@pytest.mark.parametrize("fields", [{"status": "declined"}, {"status": "expired"}, {"expires_at": NOW}])
def test_an_invitation_that_is_over_cannot_be_accepted(client, student, fields):
    invitation = InvitationFactory(student=student, **fields)
    client.force_login(student.user)
    assert client.get(own_address(invitation)).status_code == 200
    client.post(own_address(invitation), cv_field(student))
    assert not Application.objects.exists()
    assert not CompanyGrant.objects.exists()


def test_a_posting_that_closed_meanwhile_leaves_the_invitation_unanswered(client, job, student):
    invitation = InvitationFactory(job=job, student=student)
    Job.objects.update(closes_at=NOW)
    client.force_login(student.user)
    answer = client.post(own_address(invitation), cv_field(student), follow=True)
    assert "ya no recibe postulaciones" in answer.content.decode()
    assert Invitation.objects.get().status == "waiting"
    assert not CompanyGrant.objects.exists()


def test_a_cv_that_changed_since_the_page_opened_is_shown_again(client, student):
    invitation = InvitationFactory(student=student)
    client.force_login(student.user)
    assert client.post(own_address(invitation), {"cv": "abcdefghjk"}).status_code == 422
    assert not Application.objects.exists()


def test_nobody_answers_for_somebody_else(client, student):
    invitation = InvitationFactory(student=student)
    client.force_login(StudentFactory().user)
    assert client.get(own_address(invitation)).status_code == 404
    assert client.post(own_address(invitation), {"decline": "1"}).status_code == 404
    assert Invitation.objects.get().status == "waiting"


def test_nobody_invites_for_another_company(client, job, student):
    client.force_login(RecruiterFactory().user)
    assert client.post(invite_address(job, student), {}).status_code == 404
    assert not Invitation.objects.exists()


@pytest.mark.parametrize("count", [1, 20])
def test_the_list_of_invitations_costs_the_same_for_any_number(client, student, count, django_assert_max_num_queries):
    InvitationFactory.create_batch(count, student=student)
    client.force_login(student.user)
    client.get(reverse("jobs:invitations"))  # the first request of a session writes it down
    with django_assert_max_num_queries(8):
        text = client.get(reverse("jobs:invitations")).content.decode()
    assert text.count("quiere contactarte") == count


def test_an_invitation_to_a_company_closed_by_the_student_is_not_possible(job, recruiter, student):
    CompanyGrant.objects.create(
        student=student, company=job.company, source="application", given_at=NOW - DAY, revoked_at=NOW
    )
    with pytest.raises(invitations.NotInvitableError):
        invitations.invite(student=student, job=job, sender=recruiter.user, note="", now=NOW)

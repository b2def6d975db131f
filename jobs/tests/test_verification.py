"""How a company comes to be verified: papers, answers, facts."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from conftest import NOW
from jobs.documents import MOST
from jobs.models import Company, CompanyDocument, Job
from jobs.register import is_generic
from jobs.tax_id import has_form, has_right_digit
from jobs.tests.addresses import english
from jobs.tests.factories import CompanyFactory, JobFactory, RecruiterFactory

pytestmark = pytest.mark.django_db
PDF, PNG, JPEG = b"%PDF-1.7\n%x", b"\x89PNG\r\n\x1a\nrest", b"\xff\xd8\xff\xe0rest"


@pytest.fixture
def recruiter(client, time_machine):
    time_machine.move_to(NOW, tick=False)
    recruiter = RecruiterFactory(company__status="pending", company__verified_at=None)
    client.force_login(recruiter.user)
    return recruiter


def send(client, content, name="papel.pdf", kind="tax"):
    file = SimpleUploadedFile(name, content, content_type="application/pdf")
    return client.post(english("jobs:verification"), {"kind": kind, "file": file})


@pytest.mark.parametrize(("content", "kind"), [(PDF, "application/pdf"), (PNG, "image/png"), (JPEG, "image/jpeg")])
def test_a_document_is_stored_by_what_it_is(client, recruiter, content, kind):
    assert send(client, content).status_code == 302
    document = recruiter.company.documents.get()
    assert (document.content_type, document.uploaded_by, document.file.open().read()) == (kind, recruiter.user, content)
    with document.file.storage.open(document.file.name) as stored:
        assert content[:8] not in stored.read()
    assert "papel" not in document.file.name
    assert "papel.pdf" in client.get(english("jobs:verification")).content.decode()


@pytest.mark.parametrize(
    "content", [b"<svg onload=alert(1)>", b"PK\x03\x04", b"GIF89a", b"<html>", b" ", b"\x00" * 100, b"MZ"]
)
def test_anything_else_is_refused_whatever_its_name(client, recruiter, content):
    answer = send(client, content)
    assert answer.status_code == 422
    assert "no PDF, PNG or JPEG" in answer.content.decode()
    assert not CompanyDocument.objects.exists()


def test_a_file_that_is_too_large_or_missing_is_said(client, recruiter, settings):
    settings.CV_MAX_BYTES = 1000
    assert send(client, PDF + b"x" * 2000).status_code == 422
    assert client.post(english("jobs:verification"), {"kind": "tax"}).status_code == 422
    assert send(client, PDF, kind="evil").status_code == 422
    assert not CompanyDocument.objects.exists()


def test_the_same_document_twice_is_one_and_there_is_a_cap(client, recruiter):
    for _ in range(2):
        send(client, PDF)
    assert CompanyDocument.objects.count() == 1
    for number in range(MOST + 2):
        send(client, PDF + b"x" * (number + 1))
    assert CompanyDocument.objects.count() == MOST


def test_a_document_is_taken_back_until_the_company_is_verified(client, recruiter, django_capture_on_commit_callbacks):
    send(client, PDF)
    document = CompanyDocument.objects.get()
    address = reverse("jobs:remove_document", args=[document.pk])
    Company.objects.update(status="verified", verified_at=NOW)
    assert client.post(address).status_code == 404
    Company.objects.update(status="pending")
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(address).status_code == 302
    assert not document.file.storage.exists(document.file.name)
    assert client.post(address).status_code == 404


def test_documents_of_others_are_out_of_reach(client, recruiter):
    send(client, PDF)
    document = CompanyDocument.objects.get()
    client.force_login(RecruiterFactory(company__status="pending", company__verified_at=None).user)
    assert client.post(reverse("jobs:remove_document", args=[document.pk])).status_code == 404
    assert client.get(reverse("jobs:company_document", args=[document.pk])).status_code == 403
    assert CompanyDocument.objects.exists()


def test_a_question_is_read_and_answered(client, recruiter):
    company = recruiter.company
    assert "Your answer" not in client.get(english("jobs:verification")).content.decode()
    Company.objects.update(status="needs_info", status_reason="Falta el comprobante.")
    assert "Falta el comprobante." in client.get(reverse("jobs:company_home")).content.decode()
    assert client.post(english("jobs:verification"), {"comment": " "}).status_code == 422
    assert client.post(english("jobs:verification"), {"comment": "Ya va."}).status_code == 302
    company.refresh_from_db()
    assert (company.status, company.rulings.get().comment) == ("pending", "Ya va.")


def test_facts_that_were_verified_are_verified_again(client, recruiter):
    Company.objects.update(status="verified", verified_at=NOW, is_trusted=True)
    job = JobFactory(company=recruiter.company)
    address, facts = english("jobs:edit_company"), {"name": recruiter.company.name, "city": "Puebla"}
    client.post(address, {**facts, "position": "Talento"})
    company = Company.objects.get()
    recruiter.refresh_from_db()
    assert (company.city, recruiter.position) == ("Puebla", "Talento")
    assert (company.status, company.is_trusted) == ("verified", True)
    client.post(address, {**facts, "name": "Nombre Nuevo"})
    company.refresh_from_db()
    job.refresh_from_db()
    assert (company.name, company.status, company.is_trusted) == ("Nombre Nuevo", "pending", False)
    assert "nombre nuevo" in job.search_text
    assert not Job.objects.open(at=NOW).exists()


@pytest.mark.parametrize(
    "data", [{"name": ""}, {"name": "x" * 151}, {"tax_id": "XAXX010101000"}, {"website": "ftp://x"}]
)
def test_wrong_facts_change_nothing(client, recruiter, data):
    facts = {"name": recruiter.company.name} | data
    assert client.post(english("jobs:edit_company"), facts).status_code == 422
    assert Company.objects.get().name == recruiter.company.name


@pytest.mark.parametrize(
    ("tax_id", "form", "digit"),
    [("SAT970701NN3", True, True), ("GODE561231GR8", True, True), ("CFE370814QI0", True, True),
     ("PME380607P35", True, True), ("SAT970701NN4", True, False), ("GODE561231GR9", True, False),
     ("XAXX010101000", False, False), ("SAT971301NN3", False, False), ("SAT970732NN3", False, False),
     ("sat970701nn3", False, False), ("SAT970701NN", False, False), ("", False, False), ("SAT000229AB1", True, None)],
)  # fmt: skip
def test_the_form_and_the_check_digit_of_a_tax_id(tax_id, form, digit):
    assert has_form(tax_id) == form
    if digit is not None:
        assert has_right_digit(tax_id) == digit


def test_a_mailbox_that_anybody_can_open_is_noticed():
    generic = ["a@gmail.com", "B@Hotmail.COM", "c@yahoo.com.mx", "d@prodigy.net.mx", "e@outlook.es"]
    own = ["a@bancasierra.mx", "a@gmail.com.evil.mx", "a@mygmail.com", "live@uni.mx"]
    assert all(map(is_generic, generic))
    assert not any(map(is_generic, own))


def test_registering_notes_the_generic_mailbox(client):
    from moirai.accounts.tests.factories import UserFactory

    client.force_login(UserFactory(role="recruiter", email="pepe@gmail.com"))
    client.post(reverse("jobs:register_company"), {"name": "Puesto de Pepe"})
    assert Company.objects.get().has_generic_mail


def test_pages_of_a_company_bear_any_status(client, recruiter):
    for status in Company.Status.values:
        Company.objects.update(status=status, verified_at=NOW, status_reason="Por esto.")
        for name in ("company_home", "verification", "edit_company", "team"):
            assert client.get(reverse(f"jobs:{name}")).status_code == 200
    assert CompanyFactory().pk

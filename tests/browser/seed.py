"""Rows of the running site: a company with postings, and students whose CVs its worker reads."""

from __future__ import annotations

from datetime import timedelta

from allauth.account.models import EmailAddress
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from jobs.models import Company, Job, Recruiter
from moirai.accounts.models import User
from students.models import Student
from students.tests.files import pdf
from students.upload import upload_cv
from tests.embedded import PASSWORD

RECRUITER = "rosa@datos-del-sur.example"
STAFF = "bolsa@universidad.example"
STUDENTS = 7  # whose CVs the worker reads before the first test
SUGGESTED = 6  # the one who lets companies see the anonymous profile
REQUIREMENTS = {
    "Desarrollo web con Python": "Python\nSQL",
    "Analista de datos": "SQL\nExcel",
    "Auxiliar contable": "Contabilidad\nExcel",
}


def student_email(number: int) -> str:
    return f"estudiante{number}@universidad.example"


def account(email: str, name: str, role: str, **fields: bool) -> User:
    user = User.objects.create_user(email, PASSWORD, full_name=name, role=role, **fields)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user


def make() -> None:
    now = timezone.now()
    company = Company.objects.create(name="Datos del Sur", slug="datos-del-sur", status="verified", verified_at=now)
    Recruiter.objects.create(user=account(RECRUITER, "Rosa Gil", "recruiter"), company=company, is_owner=True)
    account(STAFF, "Bolsa de trabajo", "staff", is_staff=True, is_superuser=True)
    for number, (title, requirements) in enumerate(REQUIREMENTS.items()):
        Job.objects.create(
            company=company, title=title, slug=f"vacante-{number}", status="published", kind="internship",
            description="Programarás servicios web y bases de datos con un equipo de cinco personas en Oaxaca.",
            requirements=requirements, preferences="Docker", published_at=now, city="Oaxaca",
            closes_at=now + timedelta(days=30), needs_detection_since=now, needs_matching_since=now,
        )  # fmt: skip
    for number in range(STUDENTS):
        user = account(student_email(number), f"Estudiante {number}", "student")
        seen_by = Student.Visibility.COMPANIES if number == SUGGESTED else Student.Visibility.PRIVATE
        student, _ = Student.objects.update_or_create(user=user, defaults={"visibility": seen_by})
        upload_cv(student=student, file=SimpleUploadedFile("cv.pdf", pdf()), now=now)

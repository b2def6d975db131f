"""What no browser sends: NUL bytes, lone surrogates, nonsense, everywhere. The answer is never a 500."""

from __future__ import annotations

import json
import re
from urllib.parse import urlencode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from conftest import DAY, NOW
from jobs.models import Application, Job
from jobs.tests.factories import ApplicationFactory, JobFactory, RecruiterFactory
from moirai.accounts.models import User
from notifications.models import Notification
from students.models import CV, Student
from students.tests.factories import CVFactory, StudentFactory
from students.tests.files import pdf

pytestmark = pytest.mark.django_db

NONSENSE = {
    "NUL": "a\x00b",
    "lone surrogate": "a\udcffb",
    "very long number": "9" * 10_000,
}
FIELDS = """
    role full_name email login password password1 title description requirements name message note status level
    degree_program semester statement closes_at pay_from theme next city kind skill tax_id website language visibility
    started_on q page
""".split()
QUERY = ["q", "page", "next", "city", "order", "kind"]


def _addresses(resolver=None, prefix=""):
    """Every address of our own pages, with something in the place of each argument."""
    for pattern in (resolver or get_resolver("moirai.urls")).url_patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            if pattern.app_name != "admin":
                yield from _addresses(pattern, route)
        elif isinstance(pattern, URLPattern):
            yield route


@pytest.fixture
def filled() -> dict[str, Client]:
    """A student with CV and application, a recruiter with the posting, and a visitor, each at a client."""
    student = StudentFactory(skills=["python"])
    CVFactory(student=student)
    recruiter = RecruiterFactory()
    ApplicationFactory(student=student, job=JobFactory(company=recruiter.company, skills=["python"]))
    people = {"visitor": None, "student": student.user, "recruiter": recruiter.user}
    clients = {}
    for role, user in people.items():
        clients[role] = Client(raise_request_exception=False)
        if user:
            clients[role].force_login(user)
    return clients


@pytest.fixture
def places(filled) -> list[str]:
    """Real addresses for every pattern."""
    values = {
        "job": Job.objects.get().public_id,
        "application": Application.objects.get().public_id,
        "cv": CV.objects.get().public_id,
        "student": Student.objects.get().public_id,
        "company": Job.objects.get().company.slug,
        "kind": "education",
        "slug": "x",
    }

    def fill(found: re.Match[str]) -> str:
        return values.get(found[2], "1")

    found = {"/" + re.sub(r"<(?:(\w+):)?(\w+)>", fill, route.replace("^", "")) for route in _addresses()}
    return sorted(address for address in found if "(" not in address)


@pytest.mark.parametrize("role", ["student", "recruiter"])
@pytest.mark.parametrize("what", NONSENSE)
def test_nonsense_in_a_query_is_never_an_error_of_ours(filled, places, role, what):
    """Text that no database can store is refused by 400; anything else is ignored or said at its field."""
    client, value = filled[role], NONSENSE[what][:2000]
    assert len(places) > 30
    for place in places:
        response = client.get(place, dict.fromkeys(QUERY, value.encode("utf-8", "surrogatepass")))
        assert response.status_code != 500, place


@pytest.mark.parametrize("role", ["student", "recruiter"])
@pytest.mark.parametrize("what", NONSENSE)
def test_nonsense_in_a_form_is_never_an_error_of_ours(filled, places, role, what):
    client, value = filled[role], NONSENSE[what]
    body = urlencode(dict.fromkeys(FIELDS, value.encode("utf-8", "surrogatepass")))
    for place in places:
        response = client.post(place, body, content_type="application/x-www-form-urlencoded")
        assert response.status_code != 500, place
    for model in (User, Student, Job, Application, Notification):
        for row in model.objects.values():
            assert not any("\x00" in str(value) or "\udcff" in str(value) for value in row.values())


@pytest.mark.parametrize("body", [b'{"a": "\\u0000\\ud800"}', b"[" * 5000, b"\xff\xfe"])
def test_json_where_a_form_is_expected_is_never_an_error_of_ours(filled, places, body):
    for place in places:
        response = filled["student"].post(place, body, content_type="application/json")
        assert response.status_code != 500, place


@pytest.mark.parametrize("path", ["%00", "%ED%A0%80", "%FF", "..%2f..%2fetc", "a" * 3000, "%0d%0aSet-Cookie:x"])
@pytest.mark.parametrize("before", ["/", "/en/", "/vacantes/", "/empresas/", "/perfil/cv/", "/cuenta/verificar/"])
def test_paths_that_cannot_be_are_not_found(filled, before, path):
    for client in filled.values():
        response = client.get(f"{before}{path}/")
        assert response.status_code in (200, 302, 400, 404), (before, path)  # 200: the link of a mail has expired
        assert "Set-Cookie:x" not in str(response.headers)


def test_malformed_multipart_is_refused(filled, places):
    body = b'--x\r\nContent-Disposition: form-data; name="cv"; filename="a\x00.pdf"\r\n\r\n%PDF'
    for place in places:
        response = filled["student"].post(place, body, content_type="multipart/form-data; boundary=x")
        assert response.status_code != 500, place


def test_an_oversized_cv_gets_413_and_nothing_is_stored(filled, settings):
    settings.CV_MAX_BYTES = 50_000
    response = filled["student"].post("/alta/cv/", {"cv": SimpleUploadedFile("cv.pdf", b"%PDF" + b"a" * 200_000)})
    assert response.status_code == 413
    assert CV.objects.count() == 1


def test_an_upload_sent_twice_is_one_cv(filled):
    for _ in range(3):
        response = filled["student"].post("/alta/cv/", {"cv": SimpleUploadedFile("nuevo.pdf", pdf())})
        assert response.status_code == 302
    assert CV.objects.count() == 2  # the one that was there and the new one


def test_an_application_sent_twice_is_one_application(filled):
    job = JobFactory(published_at=NOW - 400 * DAY, closes_at=NOW + 40_000 * DAY)
    for _ in range(3):
        filled["student"].post(
            f"/vacantes/{job.public_id}/postular/", {"message": "Me interesa.", "cv": CV.objects.get().public_id}
        )
    assert Application.objects.filter(job=job).count() == 1


def test_a_deeply_nested_or_huge_form_is_refused(filled):
    many = "&".join(f"f{n}=1" for n in range(3000))
    response = filled["student"].post("/perfil/datos/", many, content_type="application/x-www-form-urlencoded")
    assert response.status_code in (400, 413)
    large = json.dumps({"a": "b" * 2_000_000})
    assert filled["student"].post("/perfil/datos/", large, content_type="application/json").status_code < 500

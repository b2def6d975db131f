"""Pages of matches, for students and recruiters."""

from __future__ import annotations

import re

import pytest
import time_machine
from django.urls import reverse

from conftest import DAY, NOW
from jobs.tests.factories import ApplicationFactory, CompanyFactory, JobFactory, RecruiterFactory
from matching import ranking
from matching.models import Match
from students.tests.factories import CVFactory, StudentFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def student(model):
    return CVFactory(student__skills=["python"]).student


def refreshed(student):
    ranking.refresh_student(student=student, now=NOW)
    return student


def shown_scores(html: str) -> list[int]:
    return [int(points) for points in re.findall(r'<p class="score"><b>(\d+)%', html)]


@pytest.mark.parametrize(("prefix", "words"), [("", "Tus vacantes"), ("/en", "Your postings")])
def test_the_list_shows_the_best_first_with_the_stored_scores(client, student, prefix, words):
    JobFactory(skills=["python"])
    JobFactory(title="Contador", description="Conciliar cuentas bancarias.", skills=["excel"])
    refreshed(student)
    client.force_login(student.user)

    html = client.get(f"{prefix}/para-ti/").content.decode()

    assert words in html
    stored = [match.points for match in student.matches.best_first()]
    assert shown_scores(html) == stored == sorted(stored, reverse=True)


def test_the_list_takes_as_many_queries_for_one_match_as_for_ten(client, student, django_assert_max_num_queries):
    client.force_login(student.user)
    JobFactory(skills=["python"])
    refreshed(student)
    client.get("/para-ti/")  # the model is in memory, the session is warm
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as few:
        client.get("/para-ti/", headers={"HX-Request": "true"})
    for number in range(9):
        JobFactory(skills=["python", f"skill-{number}"])
    refreshed(student)
    with CaptureQueriesContext(connection) as many:
        client.get("/para-ti/", headers={"HX-Request": "true"})
    assert len(many) <= len(few)


def test_the_smallest_match_asked_for_filters_and_counts(client, student):
    JobFactory(skills=["python"])
    JobFactory(title="Enfermera", description="Curar heridas de pacientes y programar en Python.")
    refreshed(student)
    Match.objects.filter(job__title="Enfermera").update(
        score=4949, occupation_points=4949, requirement_points=0, word_points=0
    )
    Match.objects.exclude(job__title="Enfermera").update(
        score=4950, occupation_points=4950, requirement_points=0, word_points=0
    )
    client.force_login(student.user)
    response = client.get("/para-ti/?min=50")
    assert shown_scores(response.content.decode()) == [50]
    assert [choice.count for choice in response.context["bands"]] == [2, 1, 0, 0]


def test_the_list_offers_to_tell_of_new_ones_with_the_filters(client, student):
    client.force_login(student.user)
    html = client.get("/para-ti/?kind=internship&city=Puebla&min=50&page=2").content.decode()
    assert f'href="{reverse("jobs:new_alert")}?kind=internship&amp;city=Puebla"' in html


def test_what_was_saved_is_in_the_navigation_of_students_alone(client, student):
    client.force_login(student.user)
    html = client.get(reverse("jobs:saved")).content.decode()
    assert html.count(f'<a href="{reverse("jobs:saved")}" aria-current="page">Guardadas</a>') == 2
    client.force_login(RecruiterFactory().user)
    assert "Guardadas" not in client.get(reverse("jobs:job_list")).content.decode()


@pytest.mark.parametrize("query", ["min=abc", "min=-1", "page=99999999999999999999", "order=';drop", "kind=nothing"])
def test_nonsense_in_the_address_is_ignored(client, student, query):
    JobFactory(skills=["python"])
    refreshed(student)
    client.force_login(student.user)
    assert client.get(f"/para-ti/?{query}").status_code == 200


def test_the_explanation_adds_up_on_the_page(client, student):
    job = JobFactory(skills=["python"], preferred=["docker"])
    refreshed(student)
    client.force_login(student.user)
    html = client.get(reverse("matching:why", args=[job.public_id])).content.decode()

    parts = re.search(r"Requisitos (\d+) \+ ocupación (\d+) \+ palabras en común (\d+) = (\d+) puntos", html)
    assert parts, "the sum is on the page"
    requirements, occupation, words, total = map(int, parts.groups())
    assert requirements + occupation + words == total == student.matches.get().points
    assert "<mark>" in html
    assert "Docker" in html


def test_the_explanation_quotes_what_the_student_wrote(client, student):
    job = JobFactory(skills=["python"])
    refreshed(student)
    client.force_login(student.user)
    html = client.get(reverse("matching:why", args=[job.public_id])).content.decode()
    assert "Usé <mark>Python</mark> en un proyecto." in html


def test_before_the_first_fit_the_page_says_so(client, taxonomy):
    from matching import encoded

    encoded.forget()
    student, job = CVFactory().student, JobFactory()
    client.force_login(student.user)
    response = client.get(reverse("matching:why", args=[job.public_id]))
    assert response.status_code == 503
    assert client.get("/para-ti/").status_code == 200


def test_a_closed_posting_or_another_role_has_no_explanation(client, student):
    closed = JobFactory(closes_at=NOW - DAY, published_at=NOW - 2 * DAY)
    client.force_login(student.user)
    assert client.get(reverse("matching:why", args=[closed.public_id])).status_code == 404
    client.force_login(RecruiterFactory().user)
    assert client.get(reverse("matching:why", args=[JobFactory().public_id])).status_code == 403


@pytest.fixture
def recruiter(model):
    return RecruiterFactory()


def test_recruiters_see_applicants_by_name_and_consenting_students_by_alias(client, recruiter):
    job = JobFactory(company=recruiter.company, skills=["python"])
    applicant = CVFactory(student__skills=["python"]).student
    willing = CVFactory(student__visibility="companies").student
    private = CVFactory(student__skills=["python"]).student
    ApplicationFactory(student=applicant, job=job)
    ranking.refresh_job(job=job, now=NOW)
    assert Match.objects.filter(job=job, student=private).exists()
    client.force_login(recruiter.user)

    html = client.get(reverse("matching:candidates", args=[job.public_id])).content.decode()

    assert applicant.name in html
    assert willing.alias in html
    assert willing.name not in html
    assert private.name not in html
    assert private.alias not in html


def test_of_many_suggested_the_best_are_listed_and_every_applicant(client, recruiter, monkeypatch):
    monkeypatch.setattr("matching.candidates.SUGGESTED", 2)
    job = JobFactory(company=recruiter.company, skills=["python"])
    willing = [CVFactory(student__visibility="companies", student__skills=["python"]).student for _ in range(3)]
    applicant = CVFactory(student__skills=["python"]).student
    ApplicationFactory(student=applicant, job=job)
    ranking.refresh_job(job=job, now=NOW)
    for student, points in zip([*willing, applicant], (5000, 7000, 6000, 4000), strict=True):
        parts = {"occupation_points": 0, "requirement_points": points, "word_points": 0}
        Match.objects.filter(job=job, student=student).update(score=points, **parts)
    client.force_login(recruiter.user)

    html = client.get(reverse("matching:candidates", args=[job.public_id])).content.decode()

    places = [html.index(text) for text in (willing[1].alias, willing[2].alias, applicant.name)]
    assert places == sorted(places)
    assert willing[0].alias not in html
    assert "los 2 mejores perfiles" in html


def test_consent_withdrawn_ends_with_the_next_request(client, recruiter):
    job = JobFactory(company=recruiter.company)
    willing = CVFactory(student__visibility="companies").student
    ranking.refresh_job(job=job, now=NOW)
    client.force_login(recruiter.user)
    address = reverse("matching:suggested", args=[job.public_id, willing.public_id])
    assert client.get(address).status_code == 200

    willing.visibility = "private"
    willing.save()

    assert client.get(address).status_code == 404
    assert willing.alias not in client.get(reverse("matching:candidates", args=[job.public_id])).content.decode()


def test_a_suggested_profile_hides_name_and_contact_in_quotes(client, recruiter):
    job = JobFactory(company=recruiter.company, skills=["python"])
    student = StudentFactory(visibility="companies", user__full_name="Zoraida Quintanilla")
    text = "Experiencia\nSoy Zoraida Quintanilla, zoraida@correo.example, y programé en Python.\n"
    cv = CVFactory(student=student, text=text)
    from moirai.skills.tests.factories import SkillFactory
    from students.models import Evidence, StudentSkill

    row = StudentSkill.objects.create(student=student, skill=SkillFactory(code="python"))
    start = text.index("Python")
    Evidence.objects.create(
        student_skill=row, cv=cv, start=start, end=start + 6, sentence_start=12, sentence_end=len(text) - 1
    )
    client.force_login(recruiter.user)

    html = client.get(reverse("matching:suggested", args=[job.public_id, student.public_id])).content.decode()

    assert "programé en <mark>Python</mark>" in html
    for secret in ("Zoraida", "Quintanilla", "correo.example", student.user.email, "cv_file"):
        assert secret not in html


def test_an_applicant_shows_the_same_evidence_to_both_sides(client, recruiter):
    job = JobFactory(company=recruiter.company, skills=["python"])
    student = CVFactory(student__skills=["python"]).student
    application = ApplicationFactory(student=student, job=job)
    refreshed(student)
    client.force_login(student.user)
    theirs = client.get(reverse("matching:why", args=[job.public_id])).context["explanation"]
    client.force_login(recruiter.user)
    response = client.get(reverse("matching:candidate", args=[application.public_id]))
    assert response.context["explanation"].summary == theirs.summary
    application.refresh_from_db()
    assert application.status == "seen"


@pytest.mark.parametrize("page", ["candidates", "candidate", "suggested"])
def test_other_companies_get_404(client, recruiter, page):
    job = JobFactory()
    student = CVFactory(student__visibility="companies").student
    application = ApplicationFactory(student=student, job=job)
    arguments = {
        "candidates": [job.public_id],
        "candidate": [application.public_id],
        "suggested": [job.public_id, student.public_id],
    }[page]
    client.force_login(recruiter.user)
    assert client.get(reverse(f"matching:{page}", args=arguments)).status_code == 404


def test_unverified_companies_are_suggested_nobody(client, model):
    recruiter = RecruiterFactory(company=CompanyFactory(status="pending", verified_at=None))
    job = JobFactory(company=recruiter.company)
    willing = CVFactory(student__visibility="companies").student
    Match.objects.create(
        student=willing, job=job, score=5000, occupation_points=5000, requirement_points=0, word_points=0,
        model_version="x", first_seen_at=NOW, computed_at=NOW,
    )  # fmt: skip
    client.force_login(recruiter.user)
    assert willing.alias not in client.get(reverse("matching:candidates", args=[job.public_id])).content.decode()
    assert client.get(reverse("matching:suggested", args=[job.public_id, willing.public_id])).status_code == 404

"""The demo office, and the synthetic rows for benchmarks."""

import io
import stat
from datetime import date, datetime

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from conftest import NOW
from jobs.models import Application, Company, Job, JobSkill
from jobs.response import usual_days
from matching.demo import content, cvs, postings
from matching.models import FittedModel, Match, MatchRun
from moirai.accounts.models import User
from moirai.accounts.tests.factories import UserFactory
from moirai.skills import seed
from moirai.skills.extract import sentence
from students.models import CV, Evidence, Student, StudentSkill
from students.reading import read_file

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 2)


@pytest.fixture
def taxonomy(db):
    seed.load(seed.Seed.read())


@pytest.fixture
def office(taxonomy, time_machine):
    time_machine.move_to(NOW, tick=False)
    call_command("seed_demo", "--no-matching", verbosity=0, stdout=io.StringIO())


def words(text: str) -> int:
    return len(text.split())


def test_same_seed_gives_the_same_texts_and_another_seed_others():
    material = content.read()

    first = cvs.people(material, seed=7, today=TODAY)
    offers = postings.postings(material, seed=7, now=NOW)

    assert first == cvs.people(content.read(), seed=7, today=TODAY)
    assert offers == postings.postings(content.read(), seed=7, now=NOW)
    assert first != cvs.people(material, seed=8, today=TODAY)
    assert offers != postings.postings(material, seed=8, now=NOW)


@pytest.mark.parametrize("number", [1, 7, 23])
def test_texts_are_long_enough_and_no_two_alike(number):
    material = content.read()
    people = cvs.people(material, seed=number, today=TODAY)
    offers = postings.postings(material, seed=number, now=NOW)
    texts = [person.cv for person in people] + [Job(**offer.values).text for offer in offers]

    assert min(map(words, texts)) >= 60
    assert all(150 <= words(person.cv) <= 400 for person in people)
    assert len(set(texts)) == len(texts)
    assert len({person.email for person in people}) == len({person.name for person in people}) == len(people)
    assert not [text for text in texts if "{" in text or "}" in text]


def test_languages_are_mixed():
    material = content.read()
    people = cvs.people(material, seed=7, today=TODAY)
    offers = postings.postings(material, seed=7, now=NOW)
    in_both = [person for person in people if "\nSummary\n" in person.cv]

    assert 0.10 <= sum(person.language == "en" for person in people) / len(people) <= 0.20
    assert 0.15 <= sum(offer.values["language"] == "en" for offer in offers) / len(offers) <= 0.25
    assert len(in_both) >= 3


def test_every_employer_and_field_of_the_files_is_known():
    material = content.read()
    named = {field for company in material.companies for field in company["fields"]}

    assert len(material.fields) >= 25
    assert named == set(material.fields)
    assert set(material.english_cvs) | set(material.people["summaries"]) <= set(material.fields)
    assert {job["company"] for job in material.jobs} <= {company["name"] for company in material.companies}


def test_the_office_is_complete_and_true_and_made_once(office, capsys):
    _has_its_counts()
    _has_true_offsets()
    _has_every_stage()
    _has_accounts()
    _does_nothing_when_run_again(capsys)


def _has_its_counts():
    assert Student.objects.count() >= 60
    assert Student.objects.values("degree_program").distinct().count() >= 25
    assert Job.objects.count() >= 150
    assert Job.objects.open(at=NOW).count() >= 140
    assert [Company.objects.filter(status=status).count() for status in ("verified", "pending", "suspended")] == [
        37,
        2,
        1,
    ]
    assert set(Job.objects.values_list("status", flat=True)) == {"published", "closed", "draft", "in_review"}
    assert set(Job.objects.values_list("kind", flat=True)) == set(Job.Kind.values)
    assert Job.objects.filter(pay_from__isnull=False).count() > Job.objects.count() / 2
    assert Student.objects.filter(needs_matching_since=None).count() == 0
    assert set(Student.objects.values_list("visibility", flat=True)) == set(Student.Visibility.values)


def _has_true_offsets():
    for row in Evidence.objects.select_related("cv"):
        assert row.cv.text[row.sentence_start : row.sentence_end].strip()
        assert row.sentence_start <= row.start < row.end <= row.sentence_end <= len(row.cv.text)
        assert sentence(row.cv.text, row.start, row.end) == (row.sentence_start, row.sentence_end)
    for row in JobSkill.objects.select_related("job"):
        assert row.start < row.end <= len(row.job.text)
        assert row.job.text[row.start : row.end].strip() == row.job.text[row.start : row.end]
    for student in Student.objects.all():
        assert student.skills.count() >= 5
    for cv in CV.objects.order_by("pk")[:2]:
        with cv.file.open("rb") as file:
            assert read_file(file.read()).text == cv.text


def _has_every_stage():
    assert set(Application.objects.values_list("status", flat=True)) == set(Application.Status.values) - {
        "no_answer"  # which comes after weeks, by the clock
    }
    for name in ("Banca Sierra", "Nopal Labs"):
        assert usual_days(Company.objects.get(name=name)) is not None
    for application in Application.objects.prefetch_related("events"):
        times = [event.at for event in application.events.order_by("at")]
        assert application.created_at == times[0]
        assert max(times) <= NOW
    assert not Application.objects.filter(
        student__user__email="ximena@universidad.example", job__title__startswith="Analista de datos jr."
    ).exists()


def _has_accounts():
    from django.conf import settings

    path = settings.DATA_DIR / "demo-accounts.txt"
    rows = [line.split() for line in path.read_text().splitlines()]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [role for role, _, _ in rows].count("student") == 6
    assert [role for role, _, _ in rows].count("recruiter") == 3
    assert [role for role, _, _ in rows].count("staff") == 1
    for _, email, password in rows:
        user = User.objects.get(email=email)
        assert user.check_password(password)
        assert user.emailaddress_set.get().verified
    assert rows[0][1] == "ximena@universidad.example"
    assert sum(user.has_usable_password() for user in User.objects.all()) == len(rows)


def _does_nothing_when_run_again(capsys):
    before = (Student.objects.count(), Job.objects.count(), User.objects.count())

    call_command("seed_demo")

    assert "already" in capsys.readouterr().out
    assert (Student.objects.count(), Job.objects.count(), User.objects.count()) == before


def test_it_refuses_where_there_are_users():
    UserFactory()

    with pytest.raises(CommandError, match="--force"):
        call_command("seed_demo")

    assert not Company.objects.exists()


def test_matching_runs_at_the_end(taxonomy, monkeypatch, capsys):
    called: list[datetime] = []
    monkeypatch.setattr("matching.modelstore.fit", lambda *, now: called.append(now))
    monkeypatch.setattr("matching.tasks.ranking.refresh_all", lambda *, run, now, **progress: run)

    call_command("seed_demo")

    assert len(called) == 1
    assert MatchRun.objects.get().scope == MatchRun.Scope.ALL
    assert not FittedModel.objects.exists()
    assert not Match.objects.exists()
    assert "ximena@universidad.example" in capsys.readouterr().out


def test_scale_mode_makes_true_rows_and_goes_on_counting(taxonomy):
    for _ in range(2):
        call_command("seed_demo", "--students", "30", "--jobs", "20", "--seed", "3", verbosity=0)

    assert Student.objects.count() == 60
    assert Job.objects.filter(external_id__startswith="bench-job-").count() == 40
    assert not User.objects.exists()
    assert Student.objects.values("public_id").distinct().count() == 60
    for row in Evidence.objects.select_related("cv", "student_skill__skill"):
        skill = row.student_skill.skill
        assert row.words in (skill.name_es, skill.name_en)
        assert row.words in row.sentence
    for row in JobSkill.objects.select_related("job", "skill"):
        assert row.job.text[row.start : row.end] in (row.skill.name_es, row.skill.name_en)
        assert (row.start >= row.job.preferences_start) == (row.level == "preferred")
    assert StudentSkill.objects.count() >= 60 * 3
    assert all(60 <= words(text) <= 420 for text in CV.objects.values_list("text", flat=True))


def test_scale_mode_is_reproducible(taxonomy):
    texts = []
    for _ in range(2):
        call_command("seed_demo", "--students", "5", "--jobs", "5", verbosity=0)
        texts.append(
            [
                *CV.objects.order_by("pk").values_list("text", flat=True),
                *Job.objects.order_by("pk").values_list("description", flat=True),
            ]
        )
        Student.objects.all().delete()
        Job.objects.all().delete()

    assert texts[0] == texts[1]


def test_negative_numbers_are_refused():
    with pytest.raises(CommandError, match="negative"):
        call_command("seed_demo", "--students", "-1")

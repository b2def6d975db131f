"""What one more skill would change, and who gets seen."""

from __future__ import annotations

from functools import partial

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.urls import reverse

from conftest import NOW
from jobs.asked import asked_skills
from jobs.models import Job
from jobs.tests.factories import JobFactory, RecruiterFactory
from matching import encoded, fairness, market, pair, ranking
from matching.models import Side
from moirai.skills.models import Skill
from students.models import CV
from students.tests.factories import CVFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def low_bar(monkeypatch):
    """With three occupations and short texts no pair reaches 70 points; the rule is the same at another height."""

    def at(score: int) -> None:
        monkeypatch.setattr(market, "HIGH", score)

    return at


def test_the_skill_that_lifts_most_postings_is_named_and_the_lift_is_true(model, low_bar):
    student = CVFactory(student__skills=["python"]).student
    lifted = [JobFactory(skills=["python", "docker"]) for _ in range(2)]
    JobFactory(skills=["python", "excel"])
    before = [pair.explain_pair(student, job, now=NOW).match.score for job in lifted]
    low_bar(max(before) + 1)

    lift = market.best_lift(student, now=NOW)

    assert (lift.skill.code, lift.jobs, set(lift.job_ids)) == ("docker", 2, {job.pk for job in lifted})
    gains = pair.explain_pair(student, lifted[0], now=NOW).gains
    assert [gain.requirement.skill.code for gain in gains] == ["docker"]
    from students.change import state_skill

    state_skill(student=student, skill=lift.skill, statement="Desplegué Docker en clase.", now=NOW)
    ranking.refresh_student(student=student, now=NOW)
    assert all(student.matches.get(job=job).score >= market.HIGH for job in lifted)
    assert student.matches.get(job=lifted[0]).points == gains[0].score


def test_only_postings_of_the_city_count_when_a_city_is_given(model, low_bar):
    student = CVFactory(student__skills=["python"]).student
    JobFactory(skills=["python", "docker"], city="Puebla")
    low_bar(pair.explain_pair(student, Job.objects.get(), now=NOW).match.score + 1)
    assert market.best_lift(student, now=NOW, city="Puebla").jobs == 1
    assert market.best_lift(student, now=NOW, city="Mérida") is None


def test_nothing_lifts_a_student_who_holds_everything(model):
    student = CVFactory(student__skills=["python"]).student
    JobFactory(skills=["python"])
    assert market.best_lift(student, now=NOW) is None


def test_before_publishing_small_numbers_are_hidden_and_private_students_not_counted(model, low_bar):
    low_bar(1)
    job = JobFactory(skills=["python"], status="draft", published_at=None)
    wanted = asked_skills([job.pk])[job.pk]
    for _ in range(9):
        CVFactory(student__visibility="companies")
    for _ in range(5):
        CVFactory()
    assert market.reach(job, wanted, now=NOW).students is None
    CVFactory(student__visibility="companies")
    assert market.reach(job, wanted, now=NOW).students == 10


def test_while_a_posting_is_written_the_panel_counts_who_would_fit(client, model, low_bar):
    recruiter = RecruiterFactory()
    client.force_login(recruiter.user)
    draft = JobFactory(company=recruiter.company, skills=["python"], status="draft", published_at=None)
    text = {"title": draft.title, "description": draft.description, "requirements": "Python", "language": "es"}
    for number in range(14):
        CVFactory(student__visibility="companies" if number < 11 else "private", student__skills=["python"])
    panel = partial(client.post, reverse("jobs:new_job"), text, headers={"HX-Request": "true"})
    low_bar(1)
    assert "Menos de 10 estudiantes con encaje alto" in panel().content.decode(), "nobody is encoded yet"
    encoded.encode_missing(Side.STUDENT, [cv.student_id for cv in CV.objects.all()], model=model, now=NOW)
    assert "<b>11</b> estudiantes con encaje alto" in panel().content.decode()
    assert "estudiantes con encaje alto" not in client.post(reverse("jobs:new_job"), {"title": "a"}).content.decode()
    low_bar(100_001)
    assert "Menos de 10 estudiantes con encaje alto" in panel().content.decode()
    assert Job.objects.get() == draft


def test_the_panel_counts_as_the_review_does(model, low_bar):
    job = JobFactory(skills=["python", "docker"], status="draft", published_at=None)
    wanted = asked_skills([job.pk])[job.pk]
    students = [CVFactory(student__visibility="companies", student__skills=["python"]).student for _ in range(12)]
    read = pair.read(students[0], job, now=NOW)
    score = int(ranking.points(read.model, read.mine, [read.held], read.theirs, [wanted]).total[0, 0])
    for bar, count in ((score, 12), (score + 1, None)):
        low_bar(bar)
        assert market.reach(job, wanted, now=NOW).students == market.high_matches(job, wanted) == count


def test_what_a_requirement_costs_is_what_leaving_it_out_gives(model, low_bar):
    job = JobFactory(skills=["python", "docker"], status="draft", published_at=None)
    wanted = asked_skills([job.pk])[job.pk]
    docker = Skill.objects.get(code="docker")
    for _ in range(12):
        CVFactory(student__visibility="companies", student__skills=["python"])
    student = job.company and CVFactory(student__skills=["python"]).student
    without = {skill: weight for skill, weight in wanted.items() if skill != docker.pk}
    read = pair.read(student, job, now=NOW)
    both = ranking.points(read.model, read.mine, [read.held], read.theirs, [wanted]).total[0, 0]
    fewer = ranking.points(read.model, read.mine, [read.held], read.theirs, [without]).total[0, 0]
    assert both < fewer
    low_bar(int(fewer))

    reach = market.reach(job, wanted, now=NOW)

    assert reach.students is None
    assert {cost.skill.code: cost.more for cost in reach.costs} == {"docker": 12, "python": None}


def test_demand_by_programme_leaves_small_programmes_out(model, low_bar):
    job = JobFactory(skills=["python", "docker"])
    for number in range(11):
        CVFactory(student__skills=["python"], student__degree_program="Actuaría" if number else "Letras")
    student = CVFactory(student__skills=["python"], student__degree_program="Actuaría").student
    low_bar(pair.explain_pair(student, job, now=NOW).match.score + 1)
    (demand,) = market.lifts_by_programme(now=NOW)
    assert (demand.programme, demand.skill.code, demand.students, demand.postings) == ("Actuaría", "docker", 11, 11)


def test_the_command_prints_the_demand_and_says_when_there_is_none(model, low_bar, capsys):
    with time_machine.travel(NOW, tick=False):
        call_command("report_lifts")
        assert "No skill lifts anybody" in capsys.readouterr().out
        job = JobFactory(skills=["python", "docker"], city="Puebla")
        students = [
            CVFactory(student__skills=["python"], student__degree_program="Actuaría").student for _ in range(10)
        ]
        low_bar(pair.explain_pair(students[0], job, now=NOW).match.score + 1)
        call_command("report_lifts", "--city=Puebla")
        assert capsys.readouterr().out.splitlines()[1].split() == ["Actuaría", "Docker", "10", "10"]
        call_command("report_lifts", "--city=Mérida")
        assert "No skill lifts anybody" in capsys.readouterr().out


def test_before_the_first_fit_the_command_says_what_to_do(taxonomy):
    encoded.forget()
    for _ in range(10):
        CVFactory(student__degree_program="Actuaría")
    with pytest.raises(CommandError, match="fit_matching"):
        call_command("report_lifts")


def test_exposure_compares_places_with_students():
    rows = fairness.grouped({"A": 40, "B": 30, "C": 10, "D": 3}, {"A": 50, "B": 40, "C": 10, "D": 0})
    # D alone would be three people, so C goes with it.
    assert [(row.group, row.students, row.places) for row in rows] == [("A", 40, 50), ("B", 30, 40), ("", 13, 10)]
    assert [row.ratio for row in rows] == [1.04, 1.11, 0.64]
    assert [row.percent_of_places for row in rows] == [50, 40, 10]


def test_exposure_counts_ten_places_a_posting(model):
    JobFactory(skills=["python"])
    for number in range(12):
        CVFactory(student__skills=["python"] if number < 11 else [], student__language="es")
    ranking.refresh_job(job=Job.objects.get(), now=NOW)
    (row,) = fairness.exposure("language", now=NOW)
    assert (row.group, row.students, row.places) == ("es", 12, 10)

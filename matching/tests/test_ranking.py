"""Rows to scores to rows."""

from __future__ import annotations

import numpy as np
import pytest

from conftest import DAY, HOUR, NOW
from jobs.models import Job
from jobs.tests.factories import CompanyFactory, JobFactory
from matching import encoded, modelstore, pair, ranking, tasks
from matching.models import Match, MatchRun, Side
from matching.signals import matches_stored
from students.tests.factories import CVFactory, StudentFactory

pytestmark = pytest.mark.django_db

NURSING = "Administrar medicamentos a pacientes, curar heridas y vigilar signos vitales en un hospital."


def stored() -> dict[tuple[int, int], tuple[int, int, int, int]]:
    rows = Match.objects.values_list(
        "student_id", "job_id", "score", "occupation_points", "requirement_points", "word_points"
    )
    return {(student, job): tuple(points) for student, job, *points in rows}


def test_a_programmer_is_nearer_to_programming_than_to_nursing(model):
    student = CVFactory().student
    programming = JobFactory(description="Programar servicios web en Python y diseñar bases de datos.")
    nursing = JobFactory(title="Enfermera", description=NURSING)

    ranking.refresh_student(student=student, now=NOW)

    scores = dict(student.matches.values_list("job_id", "score"))
    assert scores[programming.pk] > scores.get(nursing.pk, 0)


def test_refreshing_twice_leaves_one_match_per_open_posting(model):
    student = CVFactory(student__skills=["python"]).student
    wanted, _closed = JobFactory(skills=["python"]), JobFactory(skills=["python"], closes_at=NOW - HOUR)

    ranking.refresh_student(student=student, now=NOW)
    first = stored()
    ranking.refresh_student(student=student, now=NOW + HOUR)

    match = student.matches.get()
    assert match.job == wanted
    assert match.first_seen_at == NOW
    assert match.computed_at == NOW + HOUR
    assert stored() == first


def test_every_way_to_score_a_pair_gives_the_same_points(model):
    students = [CVFactory(student__skills=skills).student for skills in (["python"], ["python", "sql"], [])]
    students.append(StudentFactory(degree_program="Contaduría Pública", skills=["excel"]))
    jobs = [
        JobFactory(skills=["python"], preferred=["sql"]),
        JobFactory(
            title="Contador", description="Conciliar cuentas bancarias y elaborar declaraciones.", skills=["excel"]
        ),
        JobFactory(
            title="Software developer", language="en", description="Program web services in Python. Debug code."
        ),
    ]
    tasks.refresh_all(run_id=tasks.plan_full_run().pk)
    everything = stored()
    assert everything

    Match.objects.all().delete()
    for student in students:
        ranking.refresh_student(student=student, now=NOW)
    by_student = stored()
    Match.objects.all().delete()
    for job in jobs:
        ranking.refresh_job(job=job, now=NOW)
    by_job = stored()
    explained = {}
    for student in students:
        for job in jobs:
            found = pair.explain_pair(student, job, now=NOW)
            if found.match.score:
                match = found.match
                explained[student.pk, job.pk] = (
                    match.score, match.occupation_points, match.requirement_points, match.word_points,
                )  # fmt: skip
            shown = found.summary
            assert shown.occupation + shown.requirements + shown.words == shown.points
            assert sum(row.points for row in shown.rows) == (shown.requirements if shown.rows else 0)
    assert by_student == everything
    assert by_job == everything
    assert explained == everything


def test_a_held_skill_raises_the_score_and_a_nearby_one_raises_it_less(model):
    from moirai.skills.models import SkillRelation
    from moirai.skills.tests.factories import SkillFactory

    lower, upper = sorted([SkillFactory(code="tableau"), SkillFactory(code="power-bi")], key=lambda skill: skill.pk)
    SkillRelation.objects.create(lower=lower, upper=upper)
    job = JobFactory(skills=["power-bi", "sql"])
    without, near, direct = (CVFactory(student__skills=skills).student for skills in ([], ["tableau"], ["power-bi"]))

    ranking.refresh_job(job=job, now=NOW)

    scores = {student: job.matches.get(student=student) for student in (without, near, direct)}
    assert scores[without].score < scores[near].score < scores[direct].score
    assert scores[without].requirement_points == 0
    row = next(row for row in pair.explain_pair(near, job, now=NOW).summary.rows if row.skill.code == "power-bi")
    assert (row.state, row.via.code) == ("related", "tableau")
    assert 0 < row.points < row.possible


def test_a_closed_posting_loses_its_matches(model):
    student = CVFactory().student
    job = JobFactory()
    ranking.refresh_student(student=student, now=NOW)
    assert Match.objects.filter(job=job).exists()

    Job.objects.filter(pk=job.pk).update(status=Job.Status.CLOSED)
    job.refresh_from_db()
    ranking.refresh_job(job=job, now=NOW)

    assert not Match.objects.filter(job=job).exists()


def test_postings_of_unverified_companies_are_not_matched(model):
    student = CVFactory().student
    JobFactory(company=CompanyFactory(status="pending", verified_at=None))
    ranking.refresh_student(student=student, now=NOW)
    assert not student.matches.exists()


@pytest.mark.parametrize("reason", ["opted out", "nothing to read"])
def test_who_opted_out_or_said_nothing_has_no_matches(model, reason):
    student = CVFactory().student if reason == "opted out" else StudentFactory(degree_program="")
    JobFactory()
    if reason == "opted out":
        ranking.refresh_student(student=student, now=NOW)
        assert student.matches.exists()
        student.wants_matching = False
        student.save()
    ranking.refresh_student(student=student, now=NOW)
    assert not student.matches.exists()


def test_a_stranger_who_uploads_a_cv_moves_nobody_elses_score(model):
    student, job = CVFactory().student, JobFactory(skills=["python"])
    ranking.refresh_student(student=student, now=NOW)
    before = stored()

    other = CVFactory(text="Enfermera. " + NURSING * 20).student
    ranking.refresh_student(student=other, now=NOW)
    ranking.refresh_job(job=job, now=NOW + HOUR)

    assert {key: value for key, value in stored().items() if key[0] == student.pk} == before


def test_new_matches_are_announced_once_with_their_number(model):
    student = CVFactory().student
    JobFactory.create_batch(2)
    heard = []

    def hear(sender, student_id, run_id, new, **kwargs):
        heard.append((student_id, new))

    matches_stored.connect(hear)
    try:
        ranking.refresh_student(student=student, now=NOW)
        ranking.refresh_student(student=student, now=NOW + HOUR)
    finally:
        matches_stored.disconnect(hear)
    assert heard == [(student.pk, 2), (student.pk, 0)]


def test_only_the_best_of_each_row_and_column_are_kept():
    rng = np.random.default_rng(3)
    totals = rng.integers(0, 10_000, size=(300, 120))
    keep = ranking.kept_pairs(totals)
    for row in range(300):
        for column in range(120):
            better_in_row = (totals[row] > totals[row, column]).sum() + (
                totals[row, :column] == totals[row, column]
            ).sum()
            better_in_column = (totals[:, column] > totals[row, column]).sum()
            better_in_column += (totals[:row, column] == totals[row, column]).sum()
            wanted = better_in_row < ranking.TOP_PER_STUDENT or better_in_column < ranking.TOP_PER_JOB
            assert keep[row, column] == (wanted and totals[row, column] > 0)


def test_packed_rows_come_back_as_they_were(model):
    students = [CVFactory(student__skills=["python"]).student, StudentFactory(degree_program="Contaduría")]
    encoded.encode(Side.STUDENT, [student.pk for student in students], model=model, now=NOW)
    ids, features, skills = encoded.rows(Side.STUDENT, [student.pk for student in students], model=model)
    fresh = model.encode_students(__import__("matching.corpus", fromlist=["x"]).student_documents(students))
    assert ids == [student.pk for student in students]
    assert (features.occupations != fresh.occupations).nnz == 0
    assert (features.words != fresh.words).nnz == 0
    assert (features.groups == fresh.groups).all()
    assert (features.meaning == fresh.meaning).all()
    assert [len(row) for row in skills] == [1, 0]


def test_another_process_sees_what_changed_without_reading_everything_again(model):
    student = CVFactory().student
    encoded.encode(Side.STUDENT, [student.pk], model=model, now=NOW)
    assert list(encoded.matrix(Side.STUDENT, model=model).ids) == [student.pk]
    other = CVFactory().student
    encoded.encode(Side.STUDENT, [other.pk], model=model, now=NOW + DAY)
    assert sorted(encoded.matrix(Side.STUDENT, model=model).ids) == sorted([student.pk, other.pk])


def test_a_damaged_model_on_this_machine_is_unpacked_again(model):
    version = modelstore.serving_version()
    folder = modelstore.folder_of(version)
    victim = max(folder.glob("*.npy"), key=lambda path: path.stat().st_size)
    victim.write_bytes(victim.read_bytes()[:-7])
    modelstore._loaded.clear()

    assert modelstore.load(version).version == version


def test_fitting_the_same_texts_again_stores_nothing_twice(model):
    from matching.models import FittedModel

    first = modelstore.serving_version()
    modelstore.fit(now=NOW + DAY)
    assert FittedModel.objects.count() == 1
    assert modelstore.serving_version() == first


def test_full_run_refuses_to_start_twice(model):
    assert tasks.plan_full_run() is not None
    assert tasks.plan_full_run() is None
    assert MatchRun.objects.filter(scope="all").count() == 1


def test_a_model_that_is_damaged_everywhere_is_retired_and_the_one_before_serves(model, taxonomy):
    from matching.models import FittedModel, FittedModelFile

    first = modelstore.serving_version()
    CVFactory()
    JobFactory()
    second = modelstore.fit(now=NOW + DAY).version
    assert second != first
    FittedModelFile.objects.filter(model__version=second).update(content=b"rotten")
    for file in modelstore.folder_of(second).iterdir():
        file.write_bytes(b"rotten")
    encoded.forget()

    assert modelstore.serving_model().version == first
    assert FittedModel.objects.get(version=second).status == "failed"
    modelstore.fit(now=NOW + 2 * DAY)  # the same texts: the same version, whole again
    assert modelstore.serving_model().version == second


def test_when_no_model_can_be_used_none_serves(model):
    from matching.models import FittedModelFile

    version = modelstore.serving_version()
    FittedModelFile.objects.update(content=b"rotten")
    for file in modelstore.folder_of(version).iterdir():
        file.write_bytes(b"rotten")
    encoded.forget()
    with pytest.raises(modelstore.NoModelError):
        modelstore.serving_model()

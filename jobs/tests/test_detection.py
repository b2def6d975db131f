import pytest

from conftest import DAY, HOUR, NOW
from jobs import tasks
from jobs.detect import detect, detect_in
from jobs.models import Job, JobSkill
from jobs.posting import edit_job
from jobs.signals import job_changed
from jobs.tests.factories import JobFactory
from moirai.skills.models import EnrichmentLog
from moirai.skills.tests.factories import SkillFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def skills():
    names = {"python": "Python", "sql": "SQL", "dbt": "dbt", "docker": "Docker", "aws": "AWS", "excel": "Excel"}
    return {code: SkillFactory(code=code, name_es=name) for code, name in names.items()}


def levels(text, preferences=""):
    whole = f"{text}\n\n{preferences}"
    found = detect_in(whole, preferences_start=len(whole) - len(preferences))
    names = dict(JobSkill.skill.field.related_model.objects.values_list("pk", "code"))
    assert all(whole[one.start : one.end].lower() == names[one.skill_id] for one in found)
    assert all(one.sentence_start <= one.start < one.end <= one.sentence_end for one in found)
    return {names[one.skill_id]: one.level for one in found}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Buscamos analista con SQL y Python.", {"sql": "required", "python": "required"}),
        ("Buscamos SQL. Deseable: dbt, Docker.", {"sql": "required", "dbt": "preferred", "docker": "preferred"}),
        ("Python, Docker (deseable)", {"python": "required", "docker": "preferred"}),
        ("Python (indispensable), Docker (deseable)", {"python": "required", "docker": "preferred"}),
        ("Docker y AWS son un plus.", {"docker": "preferred", "aws": "preferred"}),
        ("Valoramos Excel", {"excel": "preferred"}),
        ("Preferentemente con dbt", {"dbt": "preferred"}),
        ("Experience with Docker is a plus.", {"docker": "preferred"}),
        ("Nice to have: AWS\nMust have: SQL", {"aws": "preferred", "sql": "required"}),
        ("Python required, Docker preferred", {"python": "required", "docker": "preferred"}),
        (
            "Deseable:\n- Docker\n- AWS\n\nRequisitos:\n- SQL",
            {"docker": "preferred", "aws": "preferred", "sql": "required"},
        ),
        ("DESEABLE\n- Docker\n\nRequisitos\n- SQL", {"docker": "preferred", "sql": "required"}),
        ("No se requiere Excel. Sí SQL.", {"sql": "required"}),
        ("Docker is not required", {}),
        ("Deseable Python.\nManejo de Python.", {"python": "required"}),
        ("Trabajamos con Power Automate y hojas.", {}),
    ],
)
def test_words_say_what_is_required_and_what_preferred(text, expected):
    assert levels(text) == expected


def test_all_that_stands_under_preferences_is_preferred():
    assert levels("SQL", "Docker\nPython") == {"sql": "required", "docker": "preferred", "python": "preferred"}


def test_detection_stores_rows_with_true_offsets_a_log_and_the_mark_for_matching():
    job = JobFactory(
        title="Practicante de Python",
        description="Usarás SQL.\nDeseable: Docker.",
        preferences="dbt",
        needs_detection_since=NOW,
    )
    heard = []

    def hear(**data):
        heard.append(data["job_id"])

    job_changed.connect(hear)
    try:
        assert detect(job=job, now=NOW + HOUR) == 4
    finally:
        job_changed.disconnect(hear)

    job = Job.objects.get()
    words = {job.text[row.start : row.end]: row.level for row in job.skills.all()}
    assert words == {"Python": "required", "SQL": "required", "Docker": "preferred", "dbt": "preferred"}
    assert (job.needs_detection_since, job.needs_matching_since, heard) == (None, NOW + HOUR, [job.pk])
    log = EnrichmentLog.objects.get()
    assert (log.subject, log.subject_id, log.outcome, log.skills_found) == ("posting", job.pk, "done", 4)
    assert "docker" in job.search_text


def test_rows_set_by_a_person_keep_their_level_and_their_place(skills):
    job = JobFactory(description="Usarás SQL y Docker.")
    detect(job=job, now=NOW)
    job.skills.filter(skill=skills["docker"]).update(level="ignored", is_edited=True)
    JobSkill.objects.create(job=job, skill=skills["aws"], level="preferred", is_edited=True)

    job = edit_job(job=job, fields={"description": "Primero Docker. Nada más."}, now=NOW + HOUR)
    assert not job.skills.filter(start__isnull=False).exists()
    detect(job=job, now=NOW + HOUR)

    rows = {row.skill.code: (row.level, row.start and job.text[row.start : row.end]) for row in job.skills.all()}
    assert rows == {"docker": ("ignored", "Docker"), "aws": ("preferred", None)}


def test_detecting_twice_changes_nothing():
    job = JobFactory(description="Usarás SQL y Docker.")
    detect(job=job, now=NOW)
    before = list(job.skills.values_list("pk", "level", "start"))
    detect(job=job, now=NOW)
    assert list(job.skills.values_list("pk", "level", "start")) == before


def test_a_text_changed_while_it_was_read_waits_for_the_next_reading():
    job = JobFactory(description="Usarás SQL.", needs_detection_since=NOW)
    Job.objects.update(description="Usarás Docker.")
    assert detect(job=job, now=NOW) == 0
    assert Job.objects.get().needs_detection_since == NOW
    assert not JobSkill.objects.exists()


def test_the_task_reads_what_waits_and_is_harmless_otherwise():
    job = JobFactory(description="Usarás SQL.", needs_detection_since=NOW)
    assert tasks.detect_skills(job_id=job.pk) == 1
    assert tasks.detect_skills(job_id=job.pk) == 0
    assert tasks.detect_skills(job_id=0) == 0


def test_the_sweep_queues_what_has_waited(monkeypatch, time_machine):
    queued = []
    monkeypatch.setattr(tasks.detect_skills, "delay", lambda job_id: queued.append(job_id))
    time_machine.move_to(NOW, tick=False)
    old = JobFactory(needs_detection_since=NOW - DAY)
    JobFactory(needs_detection_since=NOW)
    JobFactory()
    assert tasks.sweep() == 1
    assert queued == [old.pk]


def test_a_posting_that_fails_three_times_leaves_the_queue(monkeypatch):
    job = JobFactory(needs_detection_since=NOW)

    def fail(**_):
        raise ValueError("poison")

    monkeypatch.setattr(tasks.detect, "detect", fail)
    for attempt in range(3):
        assert Job.objects.get().needs_detection_since == NOW, attempt
        with pytest.raises(ValueError, match="poison"):
            tasks.detect_skills(job_id=job.pk)
    assert Job.objects.get().needs_detection_since is None
    assert EnrichmentLog.objects.filter(outcome="failed", reason="ValueError").count() == 3

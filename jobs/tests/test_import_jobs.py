import gzip
import json

import pytest
from django.core.management import CommandError, call_command

from conftest import DAY, NOW
from jobs.asked import asked_skills
from jobs.management.commands.import_jobs import Command
from jobs.models import Job, JobSkill
from jobs.tests.factories import CompanyFactory, JobFactory
from moirai.skills.models import EnrichmentLog
from moirai.skills.tests.factories import SkillFactory

pytestmark = pytest.mark.django_db
ROW = {
    "id": "a1", "language": "es", "title": "Analista", "description": "Buscamos SQL.\nDeseable: dbt.",
    "required_skills": ["Python"], "preferred_skills": ["Docker"], "location": "Puebla", "seniority": "intern",
    "modality": "remote",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _skills(time_machine):
    time_machine.move_to(NOW, tick=False)
    for code, name in {"python": "Python", "sql": "SQL", "docker": "Docker", "dbt": "dbt"}.items():
        SkillFactory(code=code, name_es=name)


@pytest.fixture
def run(tmp_path, capsys):
    def run(content, *options, name="jobs.jsonl"):
        path = tmp_path / name
        if isinstance(content, list):
            content = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in content)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        call_command("import_jobs", str(path), *options)

    return run


def test_postings_are_public_with_their_skills_and_an_imported_company(run):
    run([ROW, {**ROW, "id": "a2", "title": "Otra", "seniority": "", "modality": ""}])
    job = Job.objects.select_related("company").get(external_id="a1")
    assert job.is_open(at=NOW)
    assert (job.closes_at, job.company.slug, job.company.is_verified) == (NOW + 90 * DAY, "vacantes-importadas", True)
    assert (job.kind, job.modality, job.city, job.seniority) == ("internship", "remote", "Puebla", "student")
    assert (job.needs_matching_since, job.needs_detection_since) == (NOW, None)
    words = {job.text[row.start : row.end]: row.level for row in job.skills.all()}
    assert words == {"SQL": "required", "dbt": "preferred", "Python": "required", "Docker": "preferred"}
    assert all(word in job.search_text for word in ("analista", "puebla", "docker", "vacantes importadas"))
    assert EnrichmentLog.objects.filter(subject="posting", outcome="done").count() == 2


def test_the_same_file_again_updates_and_people_keep_the_last_word(run):
    run([ROW])
    job = Job.objects.get()
    job.skills.filter(skill__code="sql").update(level="ignored", is_edited=True)
    run([{**ROW, "title": "Analista sr.", "description": "Buscamos SQL."}], "--open-days", "10")
    job = Job.objects.get()
    assert (job.title, job.slug, job.closes_at) == ("Analista sr.", "analista-sr", NOW + 10 * DAY)
    assert {row.skill.code: row.level for row in job.skills.all()} == {
        "sql": "ignored", "python": "required", "docker": "preferred",
    }  # fmt: skip
    Job.objects.update(status="closed", closes_at=NOW)
    run([ROW])
    assert (Job.objects.get().status, Job.objects.get().closes_at) == ("closed", NOW)


@pytest.mark.parametrize(
    ("content", "line", "reason"),
    [
        ('{"id": "x", broken\n', 1, "broken JSON"),
        ("[1, 2]\n", 1, "not a JSON object"),
        (json.dumps({**ROW, "salary": 1}), 1, "unknown columns: salary"),
        (json.dumps(ROW) + "\n" + json.dumps(ROW), 2, "was on line 1 already"),
        (json.dumps({**ROW, "id": ""}), 1, "id is missing"),
        (json.dumps({**ROW, "title": ""}), 1, "title is missing"),
        (json.dumps({**ROW, "title": "x" * 201}), 1, "title has 201 characters"),
        (json.dumps({**ROW, "title": "a\x00b"}), 1, "NUL"),
        (json.dumps({**ROW, "title": "a\ud800b"}), 1, "surrogate"),
        (json.dumps({**ROW, "modality": "underwater"}), 1, "modality is 'underwater'"),
        (json.dumps({**ROW, "seniority": "king"}), 1, "seniority is 'king'"),
        (json.dumps({**ROW, "language": "fr"}), 1, "language is 'fr'"),
        (json.dumps({**ROW, "required_skills": ["x" * 6000]}), 1, "required_skills has 6000"),
        (json.dumps({**ROW, "required_skills": [1]}), 1, "required_skills is not a list"),
        (json.dumps({**ROW, "title": "Año"}, ensure_ascii=False).encode("latin-1"), 1, "not UTF-8"),
    ],
)
def test_a_bad_row_is_named_and_nothing_is_stored(run, capsys, content, line, reason):
    good = json.dumps({**ROW, "id": "good"}).encode() + b"\n"
    content = content if isinstance(content, bytes) else content.encode()
    with pytest.raises(CommandError, match="nothing was stored"):
        run(content + b"\n" + good)
    said = capsys.readouterr().err
    assert f"jobs.jsonl, line {line}: " in said
    assert reason in said
    assert not Job.objects.exists()


def test_wrong_columns_of_a_csv_are_named(run, capsys):
    with pytest.raises(CommandError):
        run("id,titulo\n1,Analista\n", name="jobs.csv")
    said = capsys.readouterr().err
    assert "missing columns" in said
    assert "titulo" in said


def test_csv_and_gzip_are_read(run):
    csv = "id,language,title,description,required_skills,preferred_skills,location,seniority,modality\n"
    csv += 'c1,en,Analyst,"SQL,\nplease","Python; Docker",,Mérida,junior,onsite\n'
    run(gzip.compress(csv.encode()), name="jobs.csv.gz")
    job = Job.objects.get()
    assert (job.requirements, job.city, job.language) == ("Python\nDocker", "Mérida", "en")


def test_a_company_must_be_known_and_verified_and_own_what_it_updates(run):
    company, pending = CompanyFactory(), CompanyFactory(status="pending", verified_at=None)
    run([ROW], "--company", company.slug)
    assert Job.objects.get().company == company
    for slug in ("nobody", pending.slug):
        with pytest.raises(CommandError, match=slug):
            run([ROW], "--company", slug)
    with pytest.raises(CommandError, match="another company"):
        run([{**ROW, "id": "new"}, ROW])
    assert Job.objects.count() == 1
    with pytest.raises(CommandError, match="open-days"):
        run([ROW], "--open-days", "0")


def test_an_import_that_breaks_in_the_middle_leaves_nothing(run, monkeypatch):
    monkeypatch.setattr("moirai.import_command.BATCH_SIZE", 2)
    store, calls = Command.store, []

    def break_at_the_second(self, records, *, now):
        calls.append(len(records))
        if len(calls) == 2:
            raise KeyboardInterrupt
        return store(self, records, now=now)

    monkeypatch.setattr(Command, "store", break_at_the_second)
    with pytest.raises(KeyboardInterrupt):
        run([{**ROW, "id": str(n)} for n in range(4)])
    assert not Job.objects.exists()
    assert not JobSkill.objects.exists()


def test_a_batch_asks_few_questions_at_any_size(django_assert_max_num_queries):
    from moirai.importing import Row

    command = Command()
    command.prepare({"company": None, "open_days": 90})
    for start, size in ((0, 2), (100, 40)):  # SQLite takes fewer rows at once, so some more
        records = [command.record_of(Row(n, {**ROW, "id": str(n)})) for n in range(start, start + size)]
        with django_assert_max_num_queries(12):
            command.store(records, now=NOW)


def test_asked_skills_weigh_required_one_and_preferred_less_in_one_query(django_assert_num_queries):
    jobs = [JobFactory(skills=["python"], preferred=["docker"]), JobFactory()]
    ids = {code: SkillFactory(code=code).pk for code in ("python", "docker", "sql")}
    JobSkill.objects.create(job=jobs[0], skill_id=ids["sql"], level="ignored")
    JobFactory(skills=["sql"])
    with django_assert_num_queries(1):
        asked = asked_skills([job.pk for job in jobs])
    assert asked == {jobs[0].pk: {ids["python"]: 1.0, ids["docker"]: 0.4}, jobs[1].pk: {}}
    assert len(asked_skills()) == 2

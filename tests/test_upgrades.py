"""A migration that would stop the site, or the release that runs beside it, is named before it is merged."""

import json
from types import SimpleNamespace

import pytest
from django.contrib.postgres.operations import AddConstraintNotValid, AddIndexConcurrently
from django.core.management import CommandError, call_command
from django.db import connection, models
from django.db import migrations as ops
from django.db.migrations.state import ModelState, ProjectState

from moirai import migrating
from moirai.management.commands import check_migrations
from moirai.management.commands.check_migrations import risks

KEY = ("jobs", "9999_of_tomorrow")
INDEX = models.Index(fields=["title"], name="jobs_by_title")
CHECK = models.CheckConstraint(condition=models.Q(title="a"), name="job_is_a")


def nothing(*_):
    pass


def loader_of(*operations, **attributes):
    state = ProjectState()
    state.add_model(ModelState("jobs", "Job", [("title", models.CharField(max_length=100))]))
    migration = type("Migration", (ops.Migration,), {"operations": operations, **attributes})
    return SimpleNamespace(disk_migrations={KEY: migration}, project_state=lambda *a, **k: state)


def said_of(*operations, **attributes):
    return list(risks(loader_of(*operations, **attributes), KEY))


@pytest.mark.parametrize(
    ("operation", "says"),
    [
        (ops.AddIndex("job", INDEX), "builds an index while nobody can write"),
        (ops.AddConstraint("job", CHECK), "reads the whole table under a lock"),
        (ops.AddField("job", "x", models.IntegerField(default=1)), "a column that the running release does not fill"),
        (ops.AddField("job", "x", models.SlugField(null=True)), "adds a column with an index"),
        (ops.AlterField("job", "title", models.TextField()), "may rewrite the table"),
        (ops.AlterField("job", "title", models.CharField(max_length=50)), "may rewrite the table"),
        (ops.RemoveField("job", "title"), "removes a column that the running release still reads"),
        (ops.RenameField("job", "title", "name"), "renames a column"),
        (ops.DeleteModel("Job"), "removes a table"),
        (ops.RunPython(nothing), "has no way back"),
        (ops.RunSQL("SELECT 1", "SELECT 1"), "runs SQL that nobody can judge"),
        (ops.SeparateDatabaseAndState([ops.AddIndex("job", INDEX)]), "builds an index"),
    ],
)
def test_a_risk_is_named_and_may_be_taken_on_purpose(operation, says):
    [sentence] = said_of(operation)
    assert says in sentence
    assert said_of(operation, safe_because="the table has ten rows") == []


def test_what_a_site_in_use_does_not_notice_is_silent():
    assert not said_of(
        AddIndexConcurrently("job", INDEX),
        AddConstraintNotValid("job", CHECK),
        ops.AddField("job", "x", models.IntegerField(null=True)),
        ops.AddField("job", "y", models.IntegerField(db_default=1)),
        ops.AlterField("job", "title", models.CharField("t", max_length=200, null=True, default="")),
        ops.RunPython(nothing, nothing),
        ops.CreateModel("Fresh", [("title", models.CharField(max_length=9))]),
        ops.AddIndex("fresh", INDEX),
    )


def test_only_what_came_after_the_baseline_is_judged(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(check_migrations, "BASELINE", tmp_path / "baseline.json")
    monkeypatch.setattr(check_migrations, "MigrationLoader", lambda connection: loader_of(ops.DeleteModel("Job")))
    (tmp_path / "baseline.json").write_text('{"jobs": "0001_initial"}')
    with pytest.raises(CommandError, match=r"jobs\.9999_of_tomorrow removes a table .*\ndocs/operations.md, Upgrades"):
        call_command("check_migrations")
    call_command("check_migrations", set_baseline=True)
    assert json.loads((tmp_path / "baseline.json").read_text()) == {"jobs": "9999_of_tomorrow"}
    call_command("check_migrations")
    assert capsys.readouterr().out == "0 migrations after the baseline, none risky.\n"


@pytest.mark.postgresql
@pytest.mark.django_db
def test_a_migration_waits_for_its_lock_a_few_seconds_only():
    def timeout():
        with connection.cursor() as cursor:
            cursor.execute("SHOW lock_timeout")
            return cursor.fetchone()[0]

    migrating.wait_briefly(using="default")
    assert timeout() == "5s"
    migrating.wait_as_usual(using="default")
    assert timeout() == "0"

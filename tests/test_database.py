"""The schema on both databases: tables, names, migrations there and back, connections that are kept."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings as site
from django.core.management import call_command
from django.db import close_old_connections, connection

from moirai.checks import check_connections

OURS = ("crypto", "accounts", "api", "privacy", "skills", "students", "jobs", "matching", "notifications")
TABLES = {
    # Django and allauth
    "account_emailaddress",
    "account_emailconfirmation",
    "auth_group",
    "auth_group_permissions",
    "auth_permission",
    "django_admin_log",
    "django_content_type",
    "django_migrations",
    "django_session",
    "mfa_authenticator",
    "socialaccount_socialaccount",
    "socialaccount_socialapp",
    "socialaccount_socialtoken",
    "usersessions_usersession",
    # ours
    "accounts_auditevent",
    "accounts_ledgerhead",
    "accounts_user",
    "accounts_user_groups",
    "accounts_user_user_permissions",
    "api_answer",
    "api_token",
    "crypto_knownkey",
    "crypto_personkey",
    "jobs_application",
    "jobs_applicationevent",
    "jobs_careerspage",
    "jobs_calendarfeed",
    "jobs_company",
    "jobs_companydocument",
    "jobs_companygrant",
    "jobs_historicalcompany",
    "jobs_historicaljob",
    "jobs_report",
    "jobs_ruling",
    "jobs_teaminvitation",
    "jobs_interview",
    "jobs_invitation",
    "jobs_message",
    "jobs_job",
    "jobs_jobskill",
    "jobs_outcomestatistic",
    "jobs_recruiter",
    "jobs_savedjob",
    "jobs_savedsearch",
    "jobs_searchword",
    "jobs_sentjob",
    "matching_cutoff",
    "matching_encodedtext",
    "matching_fittedmodel",
    "matching_fittedmodelfile",
    "matching_match",
    "matching_matchchunk",
    "matching_matchplan",
    "matching_matchrun",
    "notifications_deadaddress",
    "notifications_delivery",
    "notifications_notification",
    "notifications_outboxmail",
    "notifications_preference",
    "notifications_webhook",
    "privacy_consent",
    "privacy_privacyrequest",
    "skills_aliasproposal",
    "skills_enrichmentlog",
    "skills_occupation",
    "skills_occupationalias",
    "skills_occupationgroup",
    "skills_occupationphrase",
    "skills_skill",
    "skills_skillalias",
    "skills_skillrelation",
    "students_cohort",
    "students_cohortrow",
    "students_cv",
    "students_evidence",
    "students_outcomeanswer",
    "students_outcomesurvey",
    "students_profileentry",
    "students_student",
    "students_studentskill",
}
# Run in a process of its own, on a database of its own.
THERE_AND_BACK = """
import django
django.setup()
from django.core.management import call_command
from django.db import connection
call_command("migrate", verbosity=0)
first = sorted(connection.introspection.table_names())
for app in reversed({apps!r}):
    call_command("migrate", app, "zero", verbosity=0)
left = [name for name in connection.introspection.table_names() if name.split("_")[0] in {apps!r}]
assert not left, left
call_command("migrate", verbosity=0)
assert sorted(connection.introspection.table_names()) == first
print("there and back")
"""


def _printed(script: str, folder: Path, **environment: str) -> str:
    """What ``script`` prints in a process of its own."""
    environment = {"DATA_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "moirai.settings"} | environment
    done = subprocess.run(
        [sys.executable, "-c", script], env=os.environ | environment, cwd=site.BASE_DIR, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def _models():
    return [model for label in OURS for model in apps.get_app_config(label).get_models()]


@pytest.mark.django_db
def test_migrating_from_nothing_makes_exactly_the_listed_tables():
    assert set(connection.introspection.table_names()) == TABLES


@pytest.fixture
def empty_database() -> Iterator[str]:
    """The address of an empty database of the PostgreSQL under test."""
    import psycopg

    values = connection.settings_dict
    name = f"empty_{os.environ.get('PYTEST_XDIST_WORKER', 'one')}"
    server = f"postgres://{values['USER']}:{values['PASSWORD']}@{values['HOST']}:{values['PORT']}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name}")
        yield f"{server}/{name}"
        admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.mark.postgresql
def test_every_migration_reverses_and_goes_forward_again(empty_database, tmp_path):
    script = THERE_AND_BACK.format(apps=OURS)
    assert _printed(script, tmp_path, DATABASE_URL=empty_database) == "there and back"


@pytest.mark.django_db
def test_models_and_migrations_agree():
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)  # exits with 1 when a migration is missing


def test_constraints_and_indexes_are_named_as_phrases():
    names = [(m, c.name) for m in _models() for c in [*m._meta.constraints, *m._meta.indexes]]
    assert len(names) > 50
    for model, name in names:
        assert re.fullmatch(r"[a-z0-9]+(_[a-z0-9]+){1,}", name), f"{model.__name__}: {name}"
        assert not re.search(r"_(uniq|unique|check|idx|index|key|[0-9a-f]{6,})$", name), f"{model.__name__}: {name}"
    for model in _models():
        assert not model._meta.unique_together, f"{model.__name__}: name the constraint"
    for model in _models():
        for constraint in model._meta.constraints:
            assert constraint.name.count("_") >= 2, f"{constraint.name} is no sentence"


@pytest.mark.django_db
def test_the_database_holds_every_constraint_and_index_that_the_models_name():
    with connection.cursor() as cursor:
        for model in _models():
            held = connection.introspection.get_constraints(cursor, model._meta.db_table)
            wanted = {c.name for c in [*model._meta.constraints, *model._meta.indexes]}
            assert wanted <= set(held), f"{model.__name__}: {wanted - set(held)}"


@pytest.mark.parametrize(
    ("environment", "expected"),
    [({}, "3600 True"), ({"DB_CONN_MAX_AGE": "7", "DB_CONN_HEALTH_CHECKS": "false"}, "7 False")],
)
def test_the_environment_says_how_long_connections_are_kept(environment, expected, tmp_path):
    script = """
from moirai.settings import DATABASES
print(DATABASES["default"]["CONN_MAX_AGE"], DATABASES["default"]["CONN_HEALTH_CHECKS"])
"""
    assert _printed(script, tmp_path, **environment) == expected


@pytest.mark.embedded
def test_sqlite_writes_ahead_and_takes_its_lock_at_once(tmp_path):
    script = """
import django
django.setup()
from django.db import connection, transaction
with connection.cursor() as cursor:
    cursor.execute("PRAGMA journal_mode")
    print(cursor.fetchone()[0], connection.settings_dict["OPTIONS"]["transaction_mode"])
"""
    database = f"sqlite:///{tmp_path / 'empty.sqlite3'}"
    assert _printed(script, tmp_path, DATABASE_URL=database) == "wal IMMEDIATE"


@pytest.mark.postgresql
@pytest.mark.django_db
def test_a_connection_is_kept_and_a_dead_one_is_replaced(kill_connection):
    """What pool recycling and pre-ping were for: CONN_MAX_AGE keeps, CONN_HEALTH_CHECKS replaces."""
    seen: list[int] = []
    failures: list[BaseException] = []

    def requests() -> None:
        try:
            for dies in (False, True, False):
                close_old_connections()  # what Django does when a request begins
                with connection.cursor() as cursor:
                    cursor.execute("SELECT pg_backend_pid()")
                    seen.append(cursor.fetchone()[0])
                if dies:
                    kill_connection(seen[-1])
        except BaseException as error:
            failures.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=requests)
    thread.start()
    thread.join()
    assert not failures
    assert seen[0] == seen[1]
    assert seen[2] != seen[1]


@pytest.fixture
def kill_connection():
    import psycopg

    values = connection.settings_dict
    address = f"postgres://{values['USER']}:{values['PASSWORD']}@{values['HOST']}:{values['PORT']}/postgres"

    def kill(pid: int) -> None:
        with psycopg.connect(address, autocommit=True) as admin:
            admin.execute("SELECT pg_terminate_backend(%s)", [pid])

    return kill


@pytest.mark.django_db
def test_the_check_of_connections_is_quiet_when_they_suffice(settings):
    settings.WEB_THREADS, settings.WORKER_PROCESSES = 8, 2
    assert check_connections(databases=["default"]) == []


@pytest.mark.postgresql
@pytest.mark.django_db
def test_too_many_threads_for_the_database_are_named_with_both_numbers(settings):
    settings.WEB_THREADS, settings.WORKER_PROCESSES = 400, 90
    (warning,) = check_connections(databases=["default"])
    assert warning.id == "moirai.W001"
    assert "400 web threads" in warning.msg
    assert re.search(r"PostgreSQL allows \d+", warning.msg)

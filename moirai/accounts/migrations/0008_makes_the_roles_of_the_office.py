"""Roles of the careers office as groups, with the permissions of each.

Permissions are rows that Django writes after all migrations; those needed here are written now, as Django would, so
that a fresh database and an old one end the same. A group that is there keeps what it has and gets what it lacks.
"""

from collections.abc import Iterator
from typing import Any

from django.db import migrations

VIEW, CHANGE = "view", "view change"
ROLES = {
    "reviewer": {
        "jobs": {
            CHANGE: "company job report careerspage",
            "view add change": "recruiter jobskill",
            VIEW: "companydocument teaminvitation ruling historicaljob historicalcompany searchword",
        },
        "skills": {
            CHANGE: "aliasproposal",
            VIEW: "skill skillalias skillrelation occupation occupationgroup occupationalias occupationphrase",
        },
    },
    "counsellor": {
        "students": {
            CHANGE: "student cv",
            "view add": "cohort outcomesurvey",
            VIEW: "cohortrow studentskill evidence profileentry outcomeanswer",
        },
        "jobs": {
            VIEW: "company job application applicationevent invitation interview companygrant savedjob "
            "outcomestatistic",
        },
        "matching": {VIEW: "match"},
        "skills": {VIEW: "skill skillalias occupation", CHANGE: "aliasproposal"},
        "moirai": {"view_reports": "report"},
    },
    "faculty": {"moirai": {"view_reports": "report"}},
    "privacy officer": {
        "privacy": {CHANGE: "privacyrequest", VIEW: "consent"},
        "accounts": {VIEW: "auditevent user"},
        "students": {VIEW: "student cv cohort studentskill evidence profileentry"},
        "jobs": {VIEW: "application applicationevent companygrant message invitation interview savedsearch"},
        "notifications": {VIEW: "notification preference"},
        "moirai": {"view_reports": "report"},
    },
    "ops": {
        "matching": {VIEW: "matchrun fittedmodel fittedmodelfile encodedtext"},
        "notifications": {CHANGE: "outboxmail", VIEW: "delivery deadaddress", "view delete": "webhook"},
        "skills": {VIEW: "enrichmentlog"},
        "students": {VIEW: "cohort"},
        "jobs": {CHANGE: "careerspage", VIEW: "searchword calendarfeed"},
        "api": {"view delete": "token"},
    },
}


def make_roles(apps: Any, schema_editor: Any) -> None:
    for role, rows in permissions(apps):
        group, _ = apps.get_model("auth", "Group").objects.get_or_create(name=role)
        group.permissions.add(*rows)


def permissions(apps: Any) -> Iterator[tuple[str, list[Any]]]:
    """Each role with its permissions, which are written where they are missing."""
    types, found = apps.get_model("contenttypes", "ContentType").objects, apps.get_model("auth", "Permission").objects
    for role, by_app in ROLES.items():
        rows = []
        for label, by_verbs in by_app.items():
            for model, verb in ((model, verb) for verbs, models in by_verbs.items()
                                for model in models.split() for verb in verbs.split()):  # fmt: skip
                kind, _ = types.get_or_create(app_label=label, model=model)
                is_named = "_" in verb  # one of the model's own
                codename, name = (
                    (verb, "Can read the reports") if is_named else (f"{verb}_{model}", f"Can {verb} {model}")
                )
                rows.append(found.get_or_create(content_type=kind, codename=codename, defaults={"name": name})[0])
        yield role, rows


def take_roles_away(apps: Any, schema_editor: Any) -> None:
    """Whoever had nothing else keeps entering the admin, and finds it empty."""
    apps.get_model("auth", "Group").objects.filter(name__in=ROLES).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0007_encrypts_reasons_in_the_ledger"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(make_roles, take_roles_away)]

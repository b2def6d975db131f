"""Would this migration stop the site, or break the release that still runs beside it?"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.apps import AppConfig, apps
from django.conf import settings
from django.contrib.postgres import operations as postgres
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import models
from django.db.migrations import operations as ops
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.db.models.fields import NOT_PROVIDED

BASELINE = Path("deploy/migrations-baseline.json")
REMOVALS = {
    ops.RemoveField: "removes a column",
    ops.DeleteModel: "removes a table",
    ops.RenameField: "renames a column",
    ops.RenameModel: "renames a table",
    ops.AlterModelTable: "renames a table",
}
ALTERS = "may rewrite the table or read it whole under a lock: add a column beside it and move over in two releases"
NOT_IN_THE_DATABASE = {"default", "auto_now", "auto_now_add", "upload_to", "storage", "person"}
TWO_RELEASES = "that the running release still reads: stop using it in one release, remove it in the next"


class Command(BaseCommand):
    help = (
        "Name what is risky in migrations after the baseline: locks, rewrites, removals, no way back. A migration says "
        'that a risk is taken on purpose by `safe_because = "…"` in its class.'
    )
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--set-baseline", action="store_true", help="on release: judge only what comes later")

    def handle(self, *args: Any, set_baseline: bool, **options: Any) -> None:
        loader = MigrationLoader(None)
        ours = {config.label for config in apps.get_app_configs() if is_ours(config)}
        known = sorted(key for key in loader.disk_migrations if key[0] in ours)
        path = Path(settings.BASE_DIR) / BASELINE
        if set_baseline:
            path.write_text(json.dumps(dict(known), indent=2) + "\n", encoding="utf-8")  # the last of each app
            return
        baseline = json.loads(path.read_text(encoding="utf-8"))
        later = [key for key in known if key[1] > baseline.get(key[0], "")]
        found = [f"{'.'.join(key)} {risk}." for key in later for risk in risks(loader, key)]
        if found:
            raise CommandError("\n".join([*found, "docs/operations.md, Upgrades, says what to do instead."]))
        self.stdout.write(f"{len(later)} migrations after the baseline, none risky.")


def is_ours(config: AppConfig) -> bool:
    path = Path(config.path)
    return path.is_relative_to(settings.BASE_DIR) and "site-packages" not in path.parts


def risks(loader: MigrationLoader, key: tuple[str, str]) -> Iterator[str]:
    """A sentence for each operation that a site with people on it should not see."""
    migration: Any = loader.disk_migrations[key]
    if getattr(migration, "safe_because", ""):
        return
    made = {operation.name_lower for operation in migration.operations if isinstance(operation, ops.CreateModel)}
    before = loader.project_state(key, at_end=False)
    for operation in _inner(migration.operations):
        model = getattr(operation, "model_name_lower", getattr(operation, "name_lower", ""))
        if not operation.reversible:
            yield f"has no way back ({operation.describe()}): give it a reverse"
        if model in made:
            continue
        if isinstance(operation, ops.AlterField):
            state = before.models.get((key[0], model))
            old = state.fields.get(operation.name) if state else None
            risk = "" if old is not None and is_harmless(old, operation.field) else ALTERS
        else:
            risk = risk_of(operation)
        if risk:
            yield f"{risk} ({operation.describe()})"


def _inner(operations: Any) -> Iterator[Operation]:
    for operation in operations:
        if isinstance(operation, ops.SeparateDatabaseAndState):
            yield from _inner(operation.database_operations)
        else:
            yield operation


def risk_of(operation: Operation) -> str:
    """Empty for what PostgreSQL does at once on a table in use."""
    if says := next((says for kind, says in REMOVALS.items() if isinstance(operation, kind)), ""):
        return f"{says} {TWO_RELEASES}"
    if isinstance(operation, ops.AddIndex) and not isinstance(operation, postgres.AddIndexConcurrently):
        return "builds an index while nobody can write: use AddIndexConcurrently and atomic = False"
    if isinstance(operation, ops.AddConstraint) and not isinstance(operation, postgres.AddConstraintNotValid):
        return "reads the whole table under a lock: use AddConstraintNotValid, then ValidateConstraint in the next one"
    if isinstance(operation, ops.AlterUniqueTogether | ops.AlterIndexTogether):
        return "builds an index while nobody can write: use a constraint on an index made concurrently"
    if isinstance(operation, ops.AddField):
        return risk_of_column(operation.field)
    if isinstance(operation, ops.RunSQL):
        return "runs SQL that nobody can judge: say in the class that it is safe, and why"
    return ""


def risk_of_column(field: models.Field[Any, Any]) -> str:
    if field.many_to_many:
        return ""
    if not field.null and field.db_default is NOT_PROVIDED:
        return "adds a column that the running release does not fill: give it null=True or db_default"
    if field.unique or getattr(field, "db_index", False):
        return "adds a column with an index, built while nobody can write: add the index concurrently afterwards"
    return ""


def is_harmless(old: models.Field[Any, Any], new: models.Field[Any, Any]) -> bool:
    """Whether the column stays, or only allows more: NULL, longer text, a default."""
    (_, old_path, _, was), (_, new_path, _, becomes) = old.deconstruct(), new.deconstruct()
    changed = {name for name in was | becomes if was.get(name) != becomes.get(name)}
    changed -= {*new.non_db_attrs, *NOT_IN_THE_DATABASE, "db_default"}
    if becomes.get("null"):
        changed -= {"null"}
    if (becomes.get("max_length") or 0) >= (was.get("max_length") or 0):
        changed -= {"max_length"}
    return old_path == new_path and not changed

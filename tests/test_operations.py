"""What the guide, the alert rules and the dashboard name exists, and what exists is named."""

import json
import re
from pathlib import Path

import pytest
import yaml
from django.apps import apps
from django.conf import settings
from django.core.management import get_commands

import moirai
from moirai import metrics

ROOT = Path(settings.BASE_DIR)
GUIDE = (ROOT / "docs/operations.md").read_text()
RULES = yaml.safe_load((ROOT / "deploy/alerts.yml").read_text())["groups"][0]["rules"]
DASHBOARD = json.loads((ROOT / "deploy/grafana/moirai.json").read_text())
QUERIES = [rule["expr"] for rule in RULES] + [
    target["expr"] for panel in DASHBOARD["panels"] for target in panel["targets"]
]


def test_every_command_is_in_the_guide_and_no_other():
    ours = {config.name for config in apps.get_app_configs() if str(ROOT / ".venv") not in config.path}
    commands = {name for name, app in get_commands().items() if app in ours}
    assert set(re.findall(r"^\| `(\w+)` \|", GUIDE, re.MULTILINE)) == commands


def test_every_alert_says_what_to_do():
    assert re.findall(r"^### (Moirai\w+)$", GUIDE, re.MULTILINE) == [rule["alert"] for rule in RULES]
    assert all(rule["labels"]["severity"] in ("page", "ticket") and rule["annotations"]["summary"] for rule in RULES)


@pytest.mark.django_db
def test_rules_and_dashboard_ask_for_metrics_that_are_there(tmp_path):
    (tmp_path / "backed-up").touch()
    gauges = {family.name for family in metrics.Standing().collect()}
    known = gauges | {
        f"{h._name}_{end}" for h in (metrics.REQUESTS, metrics.TASKS) for end in ("count", "sum", "bucket")
    }
    asked = {name for query in QUERIES for name in re.findall(r"\bmoirai_\w+", query)}
    assert asked - known == set()
    assert known - asked <= {"moirai_task_seconds_bucket", "moirai_request_seconds_sum"}


def test_settings_are_explained_once_and_each_is_read():
    explained = re.findall(r"^#?([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE)
    files = [*(ROOT / "moirai").rglob("*.py"), *(ROOT / "deploy").glob("*"), *ROOT.glob("*compose*.yml")]
    code = "".join(path.read_text() for path in files if path.is_file())
    assert len(explained) == len(set(explained))
    assert [name for name in explained if name not in code] == []


def test_the_version_stands_in_one_place_and_heads_the_changelog():
    released = re.findall(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert released[0] == moirai.__version__
    assert 'dynamic = ["version"]' in (ROOT / "pyproject.toml").read_text()


def test_every_decision_says_its_context_and_price():
    decisions = sorted((ROOT / "docs/adr").glob("0*.md"))
    assert len(decisions) >= 8
    for path in decisions:
        assert re.search(r"\*\*Why\.\*\*[\s\S]+\*\*Price\.\*\*", path.read_text()), path.name

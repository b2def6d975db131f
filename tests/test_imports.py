"""The direction of imports holds, and the linter that says so notices when it does not."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

PACKAGES = ("moirai", "students", "jobs", "matching", "notifications")
PLANTED = {
    "students/planted.py": "import jobs.models",
    "matching/scoring/planted.py": "import django.db",
    "moirai/planted.py": "import students.models",
    "jobs/planted.py": "import matching.models",
}


def _lint(folder: Path) -> subprocess.CompletedProcess[str]:
    program = Path(sys.executable).parent / "lint-imports"
    return subprocess.run([program, "--no-cache"], cwd=folder, capture_output=True, text=True)


@pytest.fixture(scope="module")
def house(tmp_path_factory) -> Path:
    """The tree's Python files and contracts in a folder of their own."""
    folder = tmp_path_factory.mktemp("house")
    shutil.copy(settings.BASE_DIR / ".importlinter", folder)
    only_python = shutil.ignore_patterns("__pycache__", "tests", "migrations", "data", "*.html", "*.json")
    for package in PACKAGES:
        shutil.copytree(settings.BASE_DIR / package, folder / package, ignore=only_python)
    return folder


def test_every_contract_is_kept():
    done = _lint(settings.BASE_DIR)
    assert done.returncode == 0, done.stdout
    assert "0 broken" in done.stdout


@pytest.mark.parametrize("path", PLANTED)
def test_a_planted_violation_is_caught(house, path):
    planted = house / path
    planted.write_text(PLANTED[path] + "\n")
    try:
        done = _lint(house)
    finally:
        planted.unlink()
    importer = path.removesuffix(".py").replace("/", ".")
    imported = PLANTED[path].removeprefix("import ").removesuffix(".db")  # of outside packages only the top is named
    assert done.returncode == 1
    assert f"{importer} -> {imported}" in done.stdout

"""``make trust``: the 22 promises of the house, each with its figure and a verdict, from one run of their tests."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parents[2]
EVERYTHING = {
    "EVERY_CELL": "1",
    "HOSTILE_FILES": "1200",
    "EVERY_PAYLOAD": "1",
}  # of which the suite takes a sample


@dataclass(frozen=True)
class Promise:
    """What is promised, the tests that show it (file, or file::part of a name), and what is open still."""

    words: str
    tests: tuple[str, ...] = ()
    open: str = ""


T = "tests/trust/test_"
PROMISES = {
    1: Promise("every URL has an access rule", (f"{T}matrix.py",)),
    2: Promise("nobody gets another's CV, profile or application by changing an id", (f"{T}matrix.py::every_role",)),
    3: Promise("files are private, and leave as attachments", (f"{T}writing.py::file", f"{T}writing.py::attachment")),
    4: Promise(
        "fields shown depend on role",
        (f"{T}matrix.py::every_role", f"{T}api.py::every_token", "tests/test_api.py::every_key"),
    ),
    5: Promise("no mass assignment", (f"{T}writing.py::columns", f"{T}writing.py::new_rows")),
    6: Promise(
        "drafts, pending and closed postings are not public",
        (f"{T}matrix.py::every_role", f"{T}api.py::every_token", "jobs/tests/test_visibility.py"),
    ),
    7: Promise("only staff verify companies and publish postings", (f"{T}writing.py::office",)),
    8: Promise(
        "revoking consent takes effect on the next request",
        (f"{T}matrix.py::every_role", f"{T}requests.py::next_request"),
    ),
    9: Promise(
        "sessions are new at sign-in, dead at sign-out, limited, revocable",
        (f"{T}sessions.py", f"{T}single_sign_on.py::signs_out"),
    ),
    10: Promise(
        "Argon2id, no enumeration, throttles per account and address",
        (
            f"{T}outside.py::guesses",
            f"{T}outside.py::accounts",
            f"{T}outside.py::addresses",
            f"{T}outside.py::argon2id",
        ),
    ),
    11: Promise("second factor for staff, recovery codes", (f"{T}second_factor.py",)),
    12: Promise("no unsafe method without a token", (f"{T}matrix.py::token", f"{T}api.py::no_session")),
    13: Promise(
        "strict CSP, HSTS, nosniff, __Host- cookies",
        (
            f"{T}outside.py::deploy",
            f"{T}outside.py::cookies",
            f"{T}outside.py::headers",
            f"{T}outside.py::security_txt",
            f"{T}payloads_in_chromium.py",
        ),
    ),
    14: Promise("TLS 1.3 in front", (f"{T}proxy.py",)),
    15: Promise(
        "no XSS, no injection, no formula, no SSRF",
        (
            f"{T}payloads.py",
            f"{T}payloads_imported.py",
            f"{T}payloads_in_chromium.py",
            "moirai/tests/test_csv_export.py",
            "moirai/tests/test_fetching.py",
            "moirai/tests/test_fetching_from_a_server.py",
        ),
    ),
    16: Promise(
        "uploads are judged by content and read in a limited child",
        (
            "students/tests/test_reading.py",
            "students/tests/test_upload.py",
            "students/tests/test_scanning.py",
            f"{T}hostile_files.py",
        ),
    ),
    17: Promise(
        "personal fields and files are encrypted at rest, with keys that can be changed",
        (f"{T}encryption.py", "tests/test_encrypted_fields.py", "tests/test_operator_keys.py"),
    ),
    18: Promise(
        "a person sees, exports, restricts and erases what is held",
        (f"{T}rights.py", f"{T}requests.py", f"{T}canaries.py"),
    ),
    19: Promise("consents are versioned; every look is a row that one reads", (f"{T}ledger.py", f"{T}rights.py")),
    20: Promise(
        "every table and column has a retention rule; the inactive are warned, then erased",
        (f"{T}retention.py", f"{T}inactive.py"),
    ),
    21: Promise(
        "the audit trail is append-only and chained; logs name nobody",
        (f"{T}ledger.py", f"{T}canaries.py::left_anywhere"),
    ),
    22: Promise(
        "a match is advice: opting out, contesting, asking for a human, no refusal by a number",
        (
            f"{T}matrix.py::every_role",
            "students/tests/test_pages.py::contest",
            f"{T}requests.py::person_is_reached",
            f"{T}advice.py",
        ),
    ),
}


def main() -> int:
    files = sorted({test.split("::")[0] for promise in PROMISES.values() for test in promise.tests})
    with tempfile.TemporaryDirectory() as folder:
        figures, results = Path(folder) / "figures", Path(folder) / "results.xml"
        command = [sys.executable, "-m", "pytest", "-q", "-n", os.environ.get("PYTEST_WORKERS", "2"), *files]
        done = subprocess.run(
            [*command, f"--junitxml={results}"],
            cwd=ROOT,
            env=EVERYTHING | os.environ | {"TRUST_FIGURES": str(figures)},
            check=False,
        )
        if not results.exists():
            return done.returncode or 1
        outcomes = read_outcomes(results)
        said = read_figures(figures)
    failed = 0
    print("\nThe promises\n")
    for number, promise in PROMISES.items():
        verdict = verdict_of(promise, outcomes)
        failed += verdict == "BROKEN"
        words = "; ".join(said[number]) or count_of(promise, outcomes)
        print(
            f"{number:>3}  {verdict:<7} {promise.words}\n     {words}"
            if words
            else f"{number:>3}  {verdict:<7} {promise.words}"
        )
        if promise.open:
            print(f"     open: {promise.open}")
    return done.returncode or int(failed > 0)


def read_outcomes(path: Path) -> dict[str, str]:
    """Outcome by name of the test, as ``folder/file.py::name``."""
    outcomes = {}
    for case in ElementTree.parse(path).iter("testcase"):
        name = f"{case.get('classname', '').replace('.', '/')}.py::{case.get('name')}"
        outcomes[name] = next((part.tag for part in case if part.tag in ("failure", "error", "skipped")), "passed")
    return outcomes


def read_figures(path: Path) -> dict[int, list[str]]:
    said: dict[int, list[str]] = defaultdict(list)
    if path.exists():
        for line in sorted(set(path.read_text(encoding="utf-8").splitlines())):
            number, words = json.loads(line)
            said[number].append(words)
    return said


def of(promise: Promise, outcomes: dict[str, str]) -> list[str]:
    """Outcomes of the tests that show a promise."""
    wanted = [test.split("::") for test in promise.tests]
    return [
        outcome
        for name, outcome in outcomes.items()
        if any(name.startswith(f"{parts[0]}::") and (len(parts) == 1 or parts[1] in name) for parts in wanted)
    ]


def verdict_of(promise: Promise, outcomes: dict[str, str]) -> str:
    found = of(promise, outcomes)
    if not promise.tests:
        return "open"
    if not found or any(outcome in ("failure", "error") for outcome in found):
        return "BROKEN"
    return "in part" if promise.open else "met"


def count_of(promise: Promise, outcomes: dict[str, str]) -> str:
    found = of(promise, outcomes)
    return f"{found.count('passed')} of {len(found)} tests pass" if found else ""


if __name__ == "__main__":
    sys.exit(main())

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
    4: Promise("fields shown depend on role", (f"{T}matrix.py::every_role",), "keys of the API, once there is one"),
    5: Promise("no mass assignment", (f"{T}writing.py::columns", f"{T}writing.py::new_rows")),
    6: Promise(
        "drafts, pending and closed postings are not public",
        (f"{T}matrix.py::every_role", "jobs/tests/test_visibility.py"),
        "API, feed and sitemap, once there are any",
    ),
    7: Promise("only staff verify companies and publish postings", (f"{T}writing.py::office",)),
    8: Promise("revoking consent takes effect on the next request", (f"{T}matrix.py::every_role",)),
    9: Promise("sessions are new at sign-in, dead at sign-out, limited, revocable", (f"{T}sessions.py",)),
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
    12: Promise("no unsafe method without a token", (f"{T}matrix.py::token",), "API tokens, once there is an API"),
    13: Promise(
        "strict CSP, HSTS, nosniff, __Host- cookies",
        (
            f"{T}outside.py::deploy",
            f"{T}outside.py::cookies",
            f"{T}outside.py::headers",
            f"{T}outside.py::security_txt",
        ),
        "violations counted in a browser",
    ),
    14: Promise("TLS 1.3 in front", (), "the proxy of deploy/ started and asked"),
    15: Promise("no XSS, no injection, no formula, no SSRF", (), "payloads in every field, every page, in a browser"),
    16: Promise(
        "uploads are judged by content and read in a limited child",
        ("students/tests/test_reading.py", "students/tests/test_upload.py"),
        "a corpus of 1,000 hostile files",
    ),
    17: Promise("personal fields and files are encrypted at rest", (), "keys, rotation, canaries in dumps"),
    18: Promise(
        "a person sees, exports, restricts and erases what is held",
        (f"{T}rights.py",),
        "canaries in cache, logs and broker; keys destroyed",
    ),
    19: Promise("consents are versioned; every look is a row that one reads", (f"{T}ledger.py", f"{T}rights.py")),
    20: Promise("every table has a retention rule", (f"{T}retention.py",), "warning and erasing of the inactive"),
    21: Promise("the audit trail is append-only and chained", (f"{T}ledger.py",), "canaries in logs"),
    22: Promise(
        "a match is advice: opting out, contesting",
        (f"{T}matrix.py::every_role", "students/tests/test_pages.py::contest"),
        "asking for a human",
    ),
}


def main() -> int:
    files = sorted({test.split("::")[0] for promise in PROMISES.values() for test in promise.tests})
    with tempfile.TemporaryDirectory() as folder:
        figures, results = Path(folder) / "figures", Path(folder) / "results.xml"
        command = [sys.executable, "-m", "pytest", "-q", "-n", os.environ.get("PYTEST_WORKERS", "2"), *files]
        done = subprocess.run(
            [*command, f"--junitxml={results}"], cwd=ROOT, env=os.environ | {"TRUST_FIGURES": str(figures)}, check=False
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

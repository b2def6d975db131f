"""How well Moirai and its baselines rank labelled collections, in one run: `python -m benchmarks.ranking`.

A table in Markdown on standard output, one JSON line for each method and collection on standard error. The database
is a SQLite file that lives as long as the run; collections and ESCO are read from a folder beside the checkout.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
COLLECTIONS = ("es", "es-en", "es-en-synthetic")
Result = dict[str, float | str | list[float]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=DATA, help="folder with matching-dev/ and esco/")
    parser.add_argument("--collections", nargs="+", default=COLLECTIONS)
    options = parser.parse_args()
    folders = [options.data / "matching-dev" / name for name in options.collections]
    if missing := [str(folder) for folder in folders if not folder.is_dir()]:
        sys.exit(f"There is no collection in {', '.join(missing)}; name the folder of the data with --data.")
    with tempfile.TemporaryDirectory(prefix="moirai-ranking-") as folder:
        start(Path(folder))
        results = list(measured(folders, options.data / "esco"))
    print(table(results, options.collections))


def start(folder: Path) -> None:
    """Django on one thread with an empty database in ``folder``."""
    os.environ.update(dict.fromkeys(THREADS, "1"))
    os.environ.update(
        DATA_DIR=str(folder), DATABASE_URL=f"sqlite:///{folder / 'ranking.sqlite3'}", DEBUG="false",
        LOG_LEVEL="WARNING", DJANGO_SETTINGS_MODULE="moirai.settings", SECRET_KEY="for benchmarks alone",
    )  # fmt: skip
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    call_command("load_taxonomy", verbosity=0)


def measured(folders: list[Path], esco: Path) -> Iterator[Result]:
    """Results of the baselines and of ours with the shipped taxonomy, then, where it is there, of ours with ESCO."""
    from django.core.management import call_command

    from benchmarks.baselines import BASELINES
    from matching import collection

    read = {folder.name: collection.read(folder) for folder in folders}
    for folder in folders:
        students = list(collection.json_lines(folder, "students.jsonl"))
        jobs = list(collection.json_lines(folder, "jobs.jsonl"))
        for name, baseline in BASELINES.items():
            began = time.perf_counter()
            scores = baseline(students, jobs)
            yield result(name, folder.name, read[folder.name], scores, time.perf_counter() - began)
    yield from ours("Moirai, shipped taxonomy", read)
    archive = next(esco.glob("*.zip"), None)
    if archive is None:
        print(f"# There is no ESCO archive in {esco}: not measured with ESCO.", file=sys.stderr)
        return
    call_command("import_esco", str(archive), stdout=open(os.devnull, "w"))  # noqa: SIM115
    yield from ours("Moirai, ESCO imported", read)


def ours(name: str, read: dict) -> Iterator[Result]:
    """Fitted on each collection's texts (never its labels), as `manage.py evaluate_matching` does it."""
    from matching import corpus
    from matching.management.commands.evaluate_matching import Scorer, Skills
    from matching.scoring.model import FittedModel
    from matching.scoring.points import FULL

    taxonomy = corpus.taxonomy()
    for label, labelled in read.items():
        began = time.perf_counter()
        skills = Skills.of(labelled, seed_only=False)
        model = FittedModel.fit(taxonomy, labelled.postings, labelled.students, wanted=skills.wanted)
        scores = Scorer(model, labelled, skills).totals(model) / FULL
        yield result(name, label, labelled, scores, time.perf_counter() - began)


def result(method: str, label: str, labelled, scores: np.ndarray, seconds: float) -> Result:
    """Measures of one method on one collection, also printed as a JSON line."""
    from matching.scoring import metrics

    judged = (labelled.relevance > 0).any(axis=1)
    found: Result = {"benchmark": "ranking", "method": method, "collection": label, "seconds": round(seconds, 1)}
    for way, values, labels, ids in (
        ("s_j", scores[judged], labelled.relevance[judged], labelled.job_ids),
        ("j_s", scores[judged].T, labelled.relevance[judged].T, labelled.student_ids[judged]),
    ):
        ranking = metrics.rank_queries(values, labels, list(ids))
        found[way] = round(float(ranking.ndcg.mean()), 4)
        found[f"{way}_interval"] = [round(float(end), 3) for end in metrics.interval(ranking.ndcg)]
    pairs = scores[labelled.pairs[:, 0], labelled.pairs[:, 1]]
    found["auc"] = round(float(metrics.area_under_curve(pairs, labelled.labels)), 4)
    if method.startswith("Moirai"):
        found["ece"] = round(float(metrics.calibration_error(pairs, labelled.labels)), 4)
    found["load"] = round(os.getloadavg()[0], 1)
    print(json.dumps(found), file=sys.stderr, flush=True)
    return found


def table(results: list[Result], collections: list[str]) -> str:
    """nDCG@10 both ways with intervals for each collection, then means, area, calibration error and seconds."""
    lines = [
        f"| method | {' | '.join(f'{name}: s→j, j→s' for name in collections)} | mean | AUC | ECE | seconds |",
        "|---" * (len(collections) + 5) + "|",
    ]
    for method in dict.fromkeys(row["method"] for row in results):
        own = {row["collection"]: row for row in results if row["method"] == method}
        cells = [f"{shown(own[name], 's_j')} / {shown(own[name], 'j_s')}" for name in collections]
        mean = {key: np.mean([row[key] for row in own.values()]) for key in ("s_j", "j_s", "auc", "seconds")}
        error = ", ".join(f"{own[name]['ece']:.3f}".lstrip("0") for name in collections if "ece" in own[name]) or "–"
        means = f"{mean['s_j']:.3f} / {mean['j_s']:.3f} | {mean['auc']:.3f} | {error} | {mean['seconds']:.0f}"
        lines.append(f"| {method} | {' | '.join(cells)} | {means.replace('0.', '.')} |")
    return "\n".join(lines)


def shown(row: Result, key: str) -> str:
    low, high = row[f"{key}_interval"]
    return f"{row[key]:.3f} [{low:.3f}–{high:.3f}]".replace("0.", ".")


if __name__ == "__main__":
    main()

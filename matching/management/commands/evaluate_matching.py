"""How well the matching ranks a labelled collection, with what is in the database as taxonomy."""

from __future__ import annotations

import time
from argparse import ArgumentTypeError
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import scipy.sparse as sp
from django.core.management.base import BaseCommand, CommandError, CommandParser

from matching import collection, corpus
from matching.scoring import metrics
from matching.scoring.model import FittedModel
from matching.scoring.points import FULL, Points, score
from moirai.skills import vocabulary
from moirai.skills.models import Source

STUDENTS_AT_ONCE = 200


def folder(value: str) -> Path:
    path = Path(value)
    if not path.is_dir():
        raise ArgumentTypeError(f"{value} is no folder.")
    return path


class Command(BaseCommand):
    help = "Fit on a labelled collection's texts, score every pair and print nDCG@10, MRR@10, Recall@50, AUC and ECE."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "folder", type=folder, metavar="DIR", help="students.jsonl, jobs.jsonl, qrels.tsv, pairs.tsv"
        )
        parser.add_argument("--seed-only", action="store_true", help="leave imported taxonomies out")
        parser.add_argument("--ablate", action="store_true", help="also print what each part of the score is worth")

    def handle(self, *args: Any, folder: Path, seed_only: bool, ablate: bool, **options: Any) -> None:
        try:
            labelled = collection.read(folder)
        except collection.CollectionError as error:
            raise CommandError(str(error)) from error
        taxonomy = corpus.taxonomy(sources=[Source.SEED] if seed_only else None)
        if not taxonomy.occupations:
            raise CommandError("The taxonomy is empty. Run manage.py load_taxonomy first.")
        began = time.monotonic()
        skills = Skills.of(labelled, seed_only=seed_only)
        model = FittedModel.fit(taxonomy, labelled.postings, labelled.students, wanted=skills.wanted)
        fitted = time.monotonic()
        scorer = Scorer(model, labelled, skills)
        total = scorer.totals(model)
        scored = time.monotonic()
        pairs = total.size
        self.stdout.write(
            f"{folder.name}: {len(labelled.students)} students, {len(labelled.postings)} postings, "
            f"{len(taxonomy.occupations)} occupations; fitted in {fitted - began:.1f} s, "
            f"{pairs} pairs in {scored - fitted:.1f} s"
        )
        self.report("all parts", labelled, total)
        if ablate:
            for part in asdict(model.weights):
                without = replace(model, weights=replace(model.weights, **{part: 0}))
                self.report(f"without {part}", labelled, scorer.totals(without))

    def report(self, name: str, labelled: collection.Collection, total: np.ndarray) -> None:
        """One line of measures; intervals are drawn over students (or postings, where they are the queries)."""
        figures = []
        judged = (labelled.relevance > 0).any(axis=1)  # only students with labels are queries or candidates
        for direction, scores, labels, ids in (
            ("s->j", total[judged], labelled.relevance[judged], labelled.job_ids),
            ("j->s", total[judged].T, labelled.relevance[judged].T, labelled.student_ids[judged]),
        ):
            found = metrics.rank_queries(scores, labels, list(ids))
            low, high = metrics.interval(found.ndcg)
            figures.append(
                f"{direction} nDCG@10 {found.ndcg.mean():.3f} [{low:.3f}, {high:.3f}] MRR@10 {found.mrr.mean():.3f} "
                f"Recall@50 {found.recall.mean():.3f}"
            )
        if len(labelled.pairs):
            scores = total[labelled.pairs[:, 0], labelled.pairs[:, 1]]
            area = metrics.area_under_curve(scores, labelled.labels)
            error = metrics.calibration_error(scores / FULL, labelled.labels)
            figures.append(f"AUC {area:.3f} ECE {error:.3f}")
        self.stdout.write(f"{name:22s} " + "  ".join(figures))


@dataclass(frozen=True)
class Skills:
    """Skills held and wanted, and which are near each other, by skill id."""

    held: sp.csr_matrix
    wanted: sp.csr_matrix
    near: sp.csr_matrix

    @classmethod
    def of(cls, labelled: collection.Collection, *, seed_only: bool) -> Skills:
        known = vocabulary.build(sources=[Source.SEED] if seed_only else None)
        width = corpus.skill_width()
        return cls(
            corpus.skill_matrix([collection.held(row, known) for row in labelled.student_rows], width),
            corpus.skill_matrix([collection.wanted(row, known) for row in labelled.job_rows], width),
            corpus.near_matrix(width),
        )


class Scorer:
    """A collection encoded once, scored under one or another set of weights."""

    def __init__(self, model: FittedModel, labelled: collection.Collection, skills: Skills) -> None:
        self.students = model.encode_students(labelled.students)
        self.postings = model.encode_postings(labelled.postings)
        self.skills = skills

    def totals(self, model: FittedModel) -> np.ndarray:
        """Hundredths of a point, (n_students, n_postings)."""
        blocks = []
        for start in range(0, len(self.students), STUDENTS_AT_ONCE):
            rows = slice(start, start + STUDENTS_AT_ONCE)
            own, near = self.skills.held[rows], self.skills.near
            found: Points = score(model, self.students[rows], self.postings, own, self.skills.wanted, near)
            blocks.append(found.total)
        return np.concatenate(blocks)

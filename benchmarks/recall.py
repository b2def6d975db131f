"""The share of each student's true best that a full run finds, measured against all pairs scored exactly."""

from __future__ import annotations

import time

import numpy as np

from benchmarks import world
from benchmarks.variants import varied
from matching import corpus
from matching.kept import TOP_PER_STUDENT
from matching.scoring import requirements, screening
from matching.scoring.points import score

SHAPES = {"desk": (200, 2_000), "full": (300, 10_000)}
GOAL = 0.995


def run(size: str) -> None:
    students, jobs = SHAPES[size]
    model, features, held, postings, wanted = world.base()
    near = corpus.near_matrix(held.shape[1])
    theirs, asked = varied(postings, wanted, jobs, seed=21)
    sample, own = varied(features, held, screening.STUDENTS_READ, seed=22)
    few = screening.sampled(jobs, screening.POSTINGS_READ)
    inputs = screening.posting_inputs(model, theirs, asked)
    basis = screening.fit_basis(screening.student_inputs(model, sample, requirements.credits(own, near)), inputs[few])
    them, held = varied(features, held, students, seed=23)  # nobody whom the basis was fitted on
    began = time.perf_counter()
    short = basis.students(model, them, requirements.credits(held, near))
    never = np.full(jobs, np.inf, np.float32)
    rows, columns, _ = screening.candidates(short, inputs.times(basis.for_postings), never, TOP_PER_STUDENT)
    seconds = time.perf_counter() - began
    totals = score(model, them, theirs, held, asked, near).total
    last = np.sort(totals, axis=1)[:, -TOP_PER_STUDENT]
    is_found = totals[rows, columns] >= last[rows]
    found = sum(min(TOP_PER_STUDENT, int(is_found[rows == row].sum())) for row in range(students))
    share = found / (students * TOP_PER_STUDENT)
    world.report("recall_of_best_50", seconds, ratio=share / GOAL, pairs=students * jobs, share=round(share, 5),
                 candidates=round(len(rows) / students))  # fmt: skip

"""Labelled collections for evaluation: students, postings and which of them belong together."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from jobs.asked import WEIGHTS
from jobs.detect import detect_in
from jobs.models import Job
from matching.corpus import Skills, job_document
from matching.scoring.documents import Document, student_document
from moirai.skills.extract import Extractor


class CollectionError(Exception):
    """A file of the collection is missing or a line of it is not as expected; says which."""


@dataclass(frozen=True)
class Collection:
    """``relevance`` is (n_students, n_postings) of 0, 1, 2; ``pairs`` (n, 2) places with ``labels`` (n,) of 0 and 1."""

    student_rows: list[dict[str, Any]]
    job_rows: list[Job]
    students: list[Document]
    postings: list[Document]
    relevance: np.ndarray
    pairs: np.ndarray
    labels: np.ndarray

    @property
    def student_ids(self) -> np.ndarray:
        return np.array([document.id for document in self.students])

    @property
    def job_ids(self) -> np.ndarray:
        return np.array([str(job.external_id) for job in self.job_rows])


def read(folder: Path) -> Collection:
    """Read ``students.jsonl``, ``jobs.jsonl`` (either may end in .gz), ``qrels.tsv`` and, if there, ``pairs.tsv``."""
    students = list(json_lines(folder, "students.jsonl"))
    jobs = list(json_lines(folder, "jobs.jsonl"))
    rows = {str(row["id"]): place for place, row in enumerate(students)}
    columns = {str(row["id"]): place for place, row in enumerate(jobs)}
    relevance = np.zeros((len(rows), len(columns)), np.int8)
    for row, column, value in labelled(folder / "qrels.tsv", rows, columns):
        relevance[row, column] = value
    path = folder / "pairs.tsv"
    triples = list(labelled(path, rows, columns)) if path.exists() else []
    postings = [posting(row) for row in jobs]
    return Collection(
        student_rows=students,
        job_rows=postings,
        students=[
            student_document(
                id=row["id"],
                language=row.get("language", ""),
                degree_programme=row.get("degree_program") or "",
                cv_text=row.get("cv_text") or "",
                skills=row.get("skills") or [],
            )
            for row in students
        ],
        postings=[job_document(job) for job in postings],
        relevance=relevance,
        pairs=np.array([triple[:2] for triple in triples], np.int64).reshape(-1, 2),
        labels=np.array([triple[2] for triple in triples], np.int8),
    )


def posting(row: dict[str, Any]) -> Job:
    """An unsaved posting, as `import_jobs` would store it."""
    return Job(
        external_id=row["id"],
        language=row.get("language") or "",
        title=row.get("title") or "",
        description=row.get("description") or "",
        requirements="\n".join(row.get("required_skills") or []),
        preferences="\n".join(row.get("preferred_skills") or []),
    )


def held(row: dict[str, Any], vocabulary: Extractor) -> Skills:
    """The skills that a CV and a student's own list name."""
    text = "\n".join([row.get("cv_text") or "", *(row.get("skills") or [])])
    return {mention.skill: 1.0 for mention in vocabulary.find(text)}


def wanted(job: Job, vocabulary: Extractor) -> Skills:
    """The skills that a posting asks for, by the product's own detection."""
    found = detect_in(job.text, preferences_start=job.preferences_start, vocabulary=vocabulary)
    return {one.skill_id: WEIGHTS[one.level] for one in found}


def json_lines(folder: Path, name: str) -> Iterator[dict[str, Any]]:
    path = next((path for path in (folder / name, folder / f"{name}.gz") if path.exists()), None)
    if path is None:
        raise CollectionError(f"{folder} has neither {name} nor {name}.gz.")
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            try:
                row = json.loads(line)
                row["id"]
            except (json.JSONDecodeError, KeyError, TypeError) as error:
                raise CollectionError(f"{path}, line {number}: no JSON object with an id ({error}).") from error
            yield row


def labelled(path: Path, rows: dict[str, int], columns: dict[str, int]) -> Iterator[tuple[int, int, int]]:
    """(row, column, label) of each line; every id must be one of the collection's."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise CollectionError(f"{path}: {error.strerror}") from error
    for number, line in enumerate(lines, 1):
        try:
            student, job, label = line.split("\t")[:3]
            yield rows[student], columns[job], int(label)
        except (ValueError, KeyError) as error:
            raise CollectionError(
                f"{path}, line {number}: expected student id, job id, number of this collection."
            ) from error

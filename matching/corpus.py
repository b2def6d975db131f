"""From rows to what `matching.scoring` reads: documents, skills as sparse rows, the taxonomy."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
import scipy.sparse as sp
from django.db.models import Prefetch

from jobs.asked import asked_skills
from jobs.models import Job
from matching.scoring.documents import Document, posting_document, student_document
from matching.scoring.taxonomy import Occupation, Taxonomy
from moirai.skills import models as skills
from students.held import held_skills
from students.models import CV, Student

NEARBY_SHARE = 0.5  # part of a skill's worth that a nearby one earns
Skills = dict[int, float]  # skill id -> how far held, or how much wanted, in (0, 1]


def taxonomy(*, sources: list[str] | None = None) -> Taxonomy:
    """The taxonomy of the database, or the part of it that comes from ``sources``."""
    chosen = skills.Occupation.objects.filter(source__in=sources) if sources else skills.Occupation.objects.all()
    rows = (
        chosen.order_by("pk")
        .select_related("group")
        .prefetch_related(
            Prefetch("aliases", skills.OccupationAlias.objects.order_by("pk")),
            Prefetch("phrases", skills.OccupationPhrase.objects.order_by("pk")),
        )
    )
    return Taxonomy(
        occupations=tuple(_occupation(row) for row in rows),
        groups={
            code: (name_es, name_en)
            for code, name_es, name_en in skills.OccupationGroup.objects.values_list("code", "name_es", "name_en")
        },
    )


def _occupation(row: skills.Occupation) -> Occupation:
    aliases, phrases = list(row.aliases.all()), list(row.phrases.all())
    return Occupation(
        id=row.code,
        isco=row.group.code,
        title_es=row.title_es,
        title_en=row.title_en,
        aliases_es=tuple(alias.text for alias in aliases if alias.language == "es"),
        aliases_en=tuple(alias.text for alias in aliases if alias.language == "en"),
        essential=tuple((phrase.text_es, phrase.text_en) for phrase in phrases if phrase.is_essential),
        optional=tuple((phrase.text_es, phrase.text_en) for phrase in phrases if not phrase.is_essential),
        description_es=row.description_es,
        description_en=row.description_en,
    )


def current_cvs(student_ids: Iterable[int]) -> dict[int, CV]:
    """The current CV of each student who has one."""
    return {cv.student_id: cv for cv in CV.objects.filter(student_id__in=list(student_ids), is_current=True)}


def student_documents(students: list[Student]) -> list[Document]:
    """One document per student, from programme, current CV, profile entries and declared skills."""
    cvs = current_cvs(student.pk for student in students)
    entries = _entries([student.pk for student in students])
    return [
        student_document(
            id=student.pk,
            language=(cvs[student.pk].language if student.pk in cvs else "") or student.language,
            degree_programme=student.degree_program,
            cv_text="\n".join([cvs[student.pk].text if student.pk in cvs else "", *entries.get(student.pk, [])]),
            skills=[line for line in student.declared_skills.splitlines() if line.strip()],
        )
        for student in students
    ]


def _entries(student_ids: list[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    rows = Student.entries.rel.related_model.objects.filter(student_id__in=student_ids)  # type: ignore[attr-defined]
    for student_id, title, description in rows.order_by("pk").values_list("student_id", "title", "description"):
        found.setdefault(student_id, []).append(f"{title}. {description}")
    return found


def job_document(job: Job) -> Document:
    """One posting, saved or not."""
    return posting_document(
        id=job.pk or 0,
        language=job.language,
        title=job.title,
        description=job.description,
        required_skills=[line for line in job.requirements.splitlines() if line.strip()],
        preferred_skills=[line for line in job.preferences.splitlines() if line.strip()],
    )


def skills_of(side: str, ids: list[int]) -> dict[int, Skills]:
    """Skills held by students or wanted by postings, by id; a constant number of queries."""
    return held_skills(ids) if side == "student" else asked_skills(ids)


def near_matrix(width: int, *, of: Iterable[tuple[int, int]] | None = None) -> sp.csr_matrix:
    """Sparse (width, width) of ``NEARBY_SHARE`` where two skills are near, by skill id; symmetric.

    of : pairs that were read already, each once, lower id first; else all of the taxonomy
    """
    if of is None:
        of = skills.SkillRelation.objects.filter(upper_id__lt=width).values_list("lower_id", "upper_id")
    pairs = [(lower, upper) for lower, upper in of if upper < width]
    rows = [lower for lower, _ in pairs] + [upper for _, upper in pairs]
    columns = [upper for _, upper in pairs] + [lower for lower, _ in pairs]
    return sp.csr_matrix(([NEARBY_SHARE] * len(rows), (rows, columns)), shape=(width, width))


def skill_matrix(rows: list[Skills], width: int) -> sp.csr_matrix:
    """Sparse (len(rows), width) by skill id; skills beyond the width are left out."""
    indptr, indices, data = [0], [], []
    for row in rows:
        known = sorted((skill, value) for skill, value in row.items() if skill < width)
        indices += [skill for skill, _ in known]
        data += [value for _, value in known]
        indptr.append(len(indices))
    return sp.csr_matrix((data, indices, indptr), shape=(len(rows), width))


def skill_width() -> int:
    """Columns that matrices by skill id need."""
    newest = skills.Skill.objects.order_by("-pk").values_list("pk", flat=True).first()
    return (newest or 0) + 1


def width_of(rows: Iterable[Skills]) -> int:
    """Columns that these rows alone need; what they lack cannot change what they score."""
    return 1 + max((skill for row in rows for skill in row), default=0)


def batches(rows: Iterable[int], size: int) -> Iterator[list[int]]:
    """``rows`` in lists of at most ``size``."""
    batch: list[int] = []
    for row in rows:
        batch.append(row)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch


def widened(matrix: sp.csr_matrix, width: int) -> sp.csr_matrix:
    """A copy of the rows with ``width`` columns; skills beyond the width are left out."""
    if matrix.shape[1] > width:
        return sp.csr_matrix(matrix[:, :width])
    parts = (matrix.data.astype(np.float64), matrix.indices.copy(), matrix.indptr.copy())
    return sp.csr_matrix(parts, shape=(matrix.shape[0], width))

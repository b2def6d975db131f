"""Storing a batch of imported students: profile, CV text, skills with evidence, in a constant number of queries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from moirai.crypto.fields import bulk_update
from moirai.crypto.keys import keys_at_hand
from moirai.import_command import Stored
from moirai.skills.extract import Extractor
from moirai.skills.text import language_of, words_in
from students.evidence import mentions_in, read_texts
from students.models import CV, Evidence, Student, StudentSkill

STATEMENT_LENGTH = 500
PROFILE_FIELDS = ["language", "degree_program", "declared_skills", "location", "experience_years"]


@dataclass(frozen=True)
class Enrolment:
    """One row of a file of students, judged."""

    external_id: str
    language: str
    degree_program: str
    skills: list[str] = field(default_factory=list)
    cv_text: str = ""
    location: str = ""
    experience_years: int = 0


@transaction.atomic
def enrol(*, enrolments: Sequence[Enrolment], extractor: Extractor, now: datetime) -> Stored:
    """Add or update students by their id in the source file.

    They are marked for matching but not announced one by one: the sweep of matching takes thousands better than a task
    for each would. New ones may be shown to companies anonymously; for known ones the choice they made stays.
    """
    ids = [enrolment.external_id for enrolment in enrolments]
    known = {str(row.external_id): row for row in Student.objects.filter(external_id__in=ids).select_for_update()}
    students = {
        name: known.get(name) or Student(external_id=name, visibility=Student.Visibility.COMPANIES) for name in ids
    }
    with keys_at_hand(student.key_id for student in students.values()):
        _save_students(enrolments, students, now)
        _save_statements(enrolments, students, extractor)
        _save_cvs(enrolments, students, extractor, now)
    return Stored(added=len(ids) - len(known), updated=len(known))


def _save_students(enrolments: Sequence[Enrolment], students: dict[str, Student], now: datetime) -> None:
    for enrolment in enrolments:
        student = students[enrolment.external_id]
        student.language, student.degree_program = enrolment.language, enrolment.degree_program
        student.declared_skills = "\n".join(enrolment.skills)
        student.location, student.experience_years = enrolment.location, enrolment.experience_years
        student.needs_matching_since = student.updated_at = now
    bulk_update([row for row in students.values() if row.pk], [*PROFILE_FIELDS, "needs_matching_since", "updated_at"])
    Student.objects.bulk_create([student for student in students.values() if student.pk is None])


def _save_statements(enrolments: Sequence[Enrolment], students: dict[str, Student], extractor: Extractor) -> None:
    """A declared skill that we know is its own evidence; statements that a person wrote are left alone."""
    ids = [student.pk for student in students.values()]
    mentions = [
        (students[enrolment.external_id].pk, name[:STATEMENT_LENGTH], mention)
        for enrolment in enrolments
        for name in enrolment.skills
        for mention in mentions_in(name[:STATEMENT_LENGTH], extractor)
    ]
    StudentSkill.objects.bulk_create(
        [StudentSkill(student_id=student, skill_id=mention.skill) for student, _, mention in mentions],
        ignore_conflicts=True,
        batch_size=500,
    )
    rows = StudentSkill.objects.filter(student__in=ids).select_related("student")
    skills = {(row.student_id, row.skill_id): row for row in rows}
    declared = Evidence.objects.filter(student_skill__student__in=ids, section=Evidence.DECLARED)
    there = {(row.student_skill_id, row.statement): row.pk for row in declared}
    wanted = {(skills[student, mention.skill].pk, name): mention for student, name, mention in mentions}
    by_id = {row.pk: row for row in skills.values()}
    Evidence.objects.filter(pk__in=[pk for key, pk in there.items() if key not in wanted]).delete()
    Evidence.objects.bulk_create(
        [
            Evidence(
                student_skill=by_id[key],
                statement=statement,
                section=Evidence.DECLARED,
                start=mention.start,
                end=mention.end,
                sentence_start=mention.sentence_start,
                sentence_end=mention.sentence_end,
            )
            for (key, statement), mention in wanted.items()
            if (key, statement) not in there
        ],
        batch_size=500,
    )


def _save_cvs(
    enrolments: Sequence[Enrolment], students: dict[str, Student], extractor: Extractor, now: datetime
) -> None:
    """The text of each row becomes the student's CV, unless the student has uploaded one."""
    ids = [student.pk for student in students.values()]
    current = {cv.student_id: cv for cv in CV.objects.filter(student__in=ids, is_current=True).defer("text")}
    cvs = []
    for enrolment in enrolments:
        student = students[enrolment.external_id]
        cv = current.get(student.pk) or CV(student=student, uploaded_at=now)
        if not enrolment.cv_text or cv.file:
            continue
        cv.student = student
        cv.text, cv.pages = enrolment.cv_text, enrolment.cv_text.count("\f") + 1
        cv.words = words_in(cv.text)
        cv.language = language_of(cv.text, enrolment.language)
        cv.status, cv.is_current, cv.read_at = CV.Status.READ, True, now
        cvs.append(cv)
    CV.objects.bulk_create([cv for cv in cvs if cv.pk is None])
    bulk_update(
        [cv for cv in cvs if cv.student_id in current], ["text", "words", "pages", "language", "status", "read_at"]
    )
    read_texts(cvs=cvs, extractor=extractor, now=now)

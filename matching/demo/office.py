"""From the demo's texts to rows: accounts, companies, students with read CVs, postings with detected skills."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.files.base import ContentFile
from django.utils.text import slugify

from jobs.detect import detect_in, store_found
from jobs.models import Company, Job
from jobs.register import refuse_company, register_company, verify_company
from jobs.searchable import describe
from jobs.titles import titles
from matching.demo.content import Content
from matching.demo.cvs import Person
from matching.demo.postings import Posting
from moirai.accounts.models import User
from moirai.crypto.keys import keys_at_hand
from moirai.skills.models import Skill
from moirai.skills.text import language_of
from moirai.skills.vocabulary import extractor
from students.evidence import read_texts
from students.models import CV, Student, StudentSkill
from students.upload import digest

DOMAIN = "universidad.example"
STAFF = ("bolsa", "Bolsa de trabajo")
RECRUITERS = {
    "Banca Sierra": ("lorena", "Lorena Paz", "Atracción de talento"),
    "Nopal Labs": ("ramiro", "Ramiro Solís", "Dirección técnica"),
    "Talento en Equipo": ("teresa", "Teresa Olmos", "Socia consultora"),
}
WORDS = (
    "agave barro cometa copal duna faro jade luna maiz nopal obsidiana papel quetzal rebozo sierra tule viento".split()
)
PENDING_SKILLS = 4  # of a hero, left for the visitor to review
PREFIX = "demo-"


def is_there() -> bool:
    return Job.objects.filter(external_id__startswith=PREFIX).exists()


def new_password() -> str:
    """A word pair for this installation; secrets, because a demo may be reachable."""
    return f"{secrets.choice(WORDS)}-{secrets.choice(WORDS)}-{secrets.randbelow(9000) + 1000}"


def account(name: str, full_name: str, role: str, hashed: str) -> User:
    """A user whose address counts as verified."""
    is_staff = role == User.Role.STAFF
    email = f"{name}@{DOMAIN}"
    user = User.objects.create(
        email=email, full_name=full_name, role=role, password=hashed, is_staff=is_staff, is_superuser=is_staff
    )
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user


def write_accounts(password: str) -> Path:
    """The sign-in lines, in a file that only this user reads."""
    rows = [(user.role, user.email) for user in User.objects.filter(emailaddress__verified=True).order_by("pk")]
    lines = [f"{role:<10} {email:<34} {password}" for role, email in sorted(rows, key=lambda row: row[0] != "student")]
    path = Path(settings.DATA_DIR) / "demo-accounts.txt"
    path.unlink(missing_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")
    return path


def make_companies(content: Content, *, hashed: str, now: datetime) -> dict[str, Company]:
    """Companies by name: registered by their recruiters where they have one, then judged."""
    account(*STAFF, User.Role.STAFF, hashed)
    companies = {}
    for number, row in enumerate(content.companies):
        fields = {key: row[key] for key in ("name", "city", "description")}
        fields["website"] = f"https://{slugify(row['name'])}.example"
        if row["name"] in RECRUITERS:
            name, full_name, position = RECRUITERS[row["name"]]
            user = account(name, full_name, User.Role.RECRUITER, hashed)
            company = register_company(user=user, fields=fields, position=position)
        else:
            company = Company.objects.create(**fields, slug=slugify(row["name"]))
        if row.get("status") != "pending":
            verify_company(company=company, now=now - timedelta(days=60 + 3 * number))
        if row.get("status") == "suspended":
            refuse_company(company=company, status=Company.Status.SUSPENDED, reason=row["reason"], now=now)
        companies[company.name] = company
    return companies


def make_students(people: list[Person], *, hashed: str, seed: int, now: datetime) -> list[Student]:
    """Students in the order of ``people``; only the heroes can sign in."""
    users = [
        account(person.email.split("@")[0], person.name, User.Role.STUDENT, hashed) if person.is_hero else _mute(person)
        for person in people
    ]
    with keys_at_hand(user.key_id for user in users):
        User.objects.bulk_create([user for user in users if user.pk is None])
    students = [
        Student(
            user=user,
            external_id=f"{PREFIX}student-{number:03}",
            language=person.language,
            degree_program=person.programme,
            semester=person.semester,
            graduation_year=now.year + max(0, 10 - person.semester) // 2,
            location=person.city,
            headline=person.headline,
            hours_per_week=person.hours,
            english_level=person.english,
            visibility=person.visibility,
        )
        for number, (person, user) in enumerate(zip(people, users, strict=True), start=1)
    ]
    with keys_at_hand(student.key_id for student in students):
        Student.objects.bulk_create(students)
        cvs = make_cvs(students, people, rng=Random(f"{seed}:days"), now=now)  # noqa: S311
    read_texts(cvs=cvs, extractor=extractor(), now=now)
    for student, person in zip(students, people, strict=True):
        if person.is_hero:
            _review(student)
    return students


def wait_for_matching(*, at: datetime) -> None:
    """Leave the marks by which a worker finds what has no matches yet."""
    Student.objects.update(needs_matching_since=at)
    Job.objects.filter(external_id__startswith=PREFIX).update(needs_matching_since=at)


def _mute(person: Person) -> User:
    return User(email=person.email, full_name=person.name, role=User.Role.STUDENT, password=make_password(None))


def make_cvs(students: list[Student], people: list[Person], *, rng: Random, now: datetime) -> list[CV]:
    """One CV each, with its file, so that downloads and a second reading work."""
    cvs = []
    for student, person in zip(students, people, strict=True):
        content = person.cv.encode()
        at = now - timedelta(hours=rng.randint(30, 1000))
        cv = CV(
            student=student,
            original_name=f"CV {person.name}.txt",
            size=len(content),
            content_hash=digest(ContentFile(content), student),
            status=CV.Status.READ,
            text=person.cv,
            pages=person.cv.count("\f") + 1,
            language=language_of(person.cv),
            is_current=True,
            uploaded_at=at,
            read_at=at + timedelta(seconds=9),
        )
        cv.file.save(cv.original_name, ContentFile(content), save=False)
        cvs.append(cv)
    return CV.objects.bulk_create(cvs)


def _review(student: Student) -> None:
    """The hero has confirmed what was found, but for the last few."""
    rows = list(StudentSkill.objects.filter(student=student).order_by("pk").values_list("pk", flat=True))
    confirmed = rows[:-PENDING_SKILLS]
    StudentSkill.objects.filter(pk__in=confirmed).update(status=StudentSkill.Status.CONFIRMED)


def make_jobs(postings: Iterable[Posting], companies: dict[str, Company], *, now: datetime) -> list[Job]:
    """Postings in their order, each read for the skills it asks for."""
    vocabulary, occupations = extractor(), titles()
    names = {skill.pk: (skill.name_es, skill.name_en) for skill in Skill.objects.only("name_es", "name_en")}
    readings = []
    for number, posting in enumerate(postings, start=1):
        job = Job(**posting.values, company=companies[posting.company], external_id=f"{PREFIX}job-{number:03}")
        found = detect_in(job.text, preferences_start=job.preferences_start, vocabulary=vocabulary)
        describe(job, skill_names=[name for one in found for name in names[one.skill_id]], occupations=occupations)
        readings.append((job, found))
    jobs = Job.objects.bulk_create([job for job, _ in readings])
    store_found(readings, now=now)
    return jobs

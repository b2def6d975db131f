"""Taking a CV in: a row that waits, a file under a random name, a task that reads it."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterator
from datetime import datetime

from django.core.files.base import File
from django.db import transaction
from django.db.models import Q

from moirai.crypto.ring import keyed_hashes
from students.models import CV, Student
from students.tasks import queue_reading


@transaction.atomic
def upload_cv(*, student: Student, file: File, now: datetime) -> CV:
    """Store the file and queue its reading; the same bytes again, in the queue or current, give the row there is."""
    Student.objects.select_for_update().get(pk=student.pk)  # two uploads at once wait for each other here
    hashes = digests(file, student)
    in_use = Q(status__in=[CV.Status.WAITING, CV.Status.READING]) | Q(is_current=True)
    same = student.cvs.filter(in_use, content_hash__in=hashes).order_by("-uploaded_at", "-pk").first()
    if same is not None:
        return same
    cv = CV(
        student=student,
        original_name=storable_name(file.name or ""),
        size=file.size,
        content_hash=hashes[0],
        uploaded_at=now,
        needs_reading_since=now,
    )
    file.seek(0)
    cv.file.save(cv.original_name, file, save=False)  # the name is replaced by cv_path
    try:
        cv.save()
    except BaseException:
        cv.file.delete(save=False)  # no row, no file
        raise
    queue_reading(cv)
    return cv


def digest(file: File, student: Student) -> str:
    """Keyed hash of the content: tells one student's files apart, and nothing to whoever reads the database."""
    return digests(file, student)[0]


def digests(file: File, student: Student) -> list[str]:
    """The same under every key of ``LOOKUP_KEY``."""
    file.seek(0)
    whole = hashlib.sha256()
    for chunk in file.chunks():
        whole.update(chunk)
    return keyed_hashes(whole.hexdigest(), about=f"students.cv.file {student.key_id}")


def rehash_files() -> Iterator[bool]:
    """For a change of ``LOOKUP_KEY``; of each file, whether its hash was an older one."""
    for cv in CV.objects.exclude(content_hash="").exclude(file="").select_related("student").order_by("pk").iterator():
        try:
            with cv.file.open("rb") as file:
                now = digest(file, cv.student)
        except FileNotFoundError:  # check_keys names it
            continue
        yield bool(CV.objects.filter(pk=cv.pk).exclude(content_hash=now).update(content_hash=now))


def storable_name(name: str) -> str:
    """The name a person gave the file, without folders and without characters that cannot be shown."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(c for c in last if unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Co", "Cn"}).strip()[:255]

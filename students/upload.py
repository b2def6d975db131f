"""Taking a CV in: a row that waits, a file under a random name, a task that reads it."""

from __future__ import annotations

import hashlib
import unicodedata
from datetime import datetime

from django.core.files.base import File
from django.db import transaction
from django.db.models import Q

from students.models import CV, Student
from students.tasks import queue_reading


@transaction.atomic
def upload_cv(*, student: Student, file: File, now: datetime) -> CV:
    """Store the file and queue its reading; the same bytes again, in the queue or current, give the row there is."""
    Student.objects.select_for_update().get(pk=student.pk)  # two uploads at once wait for each other here
    sha256 = digest(file)
    in_use = Q(status__in=[CV.Status.WAITING, CV.Status.READING]) | Q(is_current=True)
    same = student.cvs.filter(in_use, sha256=sha256).order_by("-uploaded_at", "-pk").first()
    if same is not None:
        return same
    cv = CV(
        student=student,
        original_name=storable_name(file.name or ""),
        size=file.size,
        sha256=sha256,
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


def digest(file: File) -> str:
    """SHA-256 of the content."""
    file.seek(0)
    whole = hashlib.sha256()
    for chunk in file.chunks():
        whole.update(chunk)
    return whole.hexdigest()


def storable_name(name: str) -> str:
    """The name a person gave the file, without folders and without characters that cannot be shown."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(c for c in last if unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Co", "Cn"}).strip()[:255]

"""More of everything that the world already has: rows copied in bulk, so that pages meet long lists."""

from __future__ import annotations

import copy
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from jobs.models import Application, ApplicationEvent, Job, JobSkill
from matching.models import Match
from moirai.public_ids import new_public_id
from notifications.models import Notification
from students.models import Student
from tests.trust.world import World


def copies(row: Any, changes: Iterable[dict[str, Any]]) -> list[Any]:
    """Rows like ``row``, each with its changes, saved at once."""
    made = []
    for fields in changes:
        another = copy.copy(row)
        another._state = copy.copy(row._state)
        another._state.adding, another._state.fields_cache = True, {}
        another.pk = None
        if hasattr(another, "public_id"):
            another.public_id = new_public_id()
        for name, value in fields.items():
            setattr(another, name, value)
        made.append(another)
    return type(row)._default_manager.bulk_create(made, batch_size=500)


def grow(world: World, number: int) -> None:
    """``number`` more students, postings of A, matches, applications, entries and notices."""
    things = world.things
    count, tag = range(number), Notification.objects.count()
    users = copies(things["consenting"].user, ({"email": f"many{tag}-{n}@mail.example"} for n in count))
    students: list[Student] = copies(things["consenting"], ({"user_id": user.pk} for user in users))
    jobs: list[Job] = copies(things["posting of A"], ({"slug": f"puesto-{n}"} for n in count))
    skill = JobSkill.objects.filter(job=things["posting of A"]).first()
    copies(skill, ({"job_id": job.pk} for job in jobs))
    owners = Match.objects.filter(student=things["owner"]).first()
    copies(owners, ({"job_id": job.pk} for job in jobs))
    copies(owners, ({"job_id": things["posting of A"].pk, "student_id": student.pk} for student in students))
    application: Application = things["application of owner"]
    to_a = copies(application, ({"student_id": student.pk, "cv_id": None} for student in students))
    of_owner = copies(application, ({"job_id": job.pk} for job in jobs))
    event = ApplicationEvent.objects.filter(application=application).first()
    copies(event, ({"application_id": row.pk} for row in [*to_a, *of_owner]))
    copies(things["entry of owner"], ({} for _ in count))
    notice: Notification = things["notice of owner"]
    copies(notice, ({"key": f"many-{tag}-{n}", "created_at": notice.created_at - timedelta(hours=n)} for n in count))

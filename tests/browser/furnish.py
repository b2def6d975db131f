"""What the world of the trust tests lacks for looking: people at the beginning, and texts that are hard to lay out."""

from __future__ import annotations

from datetime import datetime, timedelta

from jobs.models import Job
from jobs.tests.factories import RecruiterFactory
from moirai.accounts.models import User
from moirai.accounts.tests.factories import UserFactory
from students.models import CV, Student
from students.tests.factories import CVFactory, StudentFactory
from tests.trust.world import World

LONG = "Otorrinolaringología-electroencefalografista-contrarrevolucionariamente"


def furnish(world: World, *, now: datetime) -> World:
    """The newcomer, the founder, and students whose CV is being read or could not be."""
    world.users["newcomer"] = UserFactory(full_name="Ana Cruz", role=User.Role.STUDENT)
    world.users["founder"] = UserFactory(full_name="Rosa Gil", role=User.Role.RECRUITER)
    world.users["beginner"] = RecruiterFactory(user__full_name="Iván Ku").user  # a company without postings
    for name, status, age in (
        ("reading", CV.Status.WAITING, 5),
        ("late", CV.Status.WAITING, 600),
        ("unreadable", CV.Status.FAILED, 60),
    ):
        student: Student = StudentFactory(user__full_name=f"Persona {name}")
        at = now - timedelta(seconds=age)
        is_waiting = status == CV.Status.WAITING
        CVFactory(
            student=student, status=status, text="", pages=0, uploaded_at=at, read_at=None, is_current=False,
            needs_reading_since=at if is_waiting else None, failure="" if is_waiting else CV.Failure.SCANNED,
        )  # fmt: skip
        world.users[name] = student.user
    world.things["no job"] = "zzzzzzzzzz"
    return world


def lengthen(world: World) -> None:
    """A title and a place that are hard to lay out."""
    first = world.things["posting of A"]
    Job.objects.filter(pk=first.pk).update(title=f"{LONG} {first.title}", city="San Pedro Tlaquepaque de las Flores")

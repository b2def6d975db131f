"""Faults of background work: killed workers, lost and doubled messages, a poison CV, a Redis that dies."""

from __future__ import annotations

import os
import signal
import time
from collections import Counter
from contextlib import suppress
from datetime import timedelta
from typing import Any

import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections, transaction
from django.utils import timezone

from matching.models import Match, MatchRun
from matching.tasks import RUN_SILENT, refresh_student
from matching.tasks import sweep as sweep_matching
from notifications.models import Notification, OutboxMail
from students.models import CV, Evidence
from students.tasks import read_cv
from students.tests.files import pdf
from students.upload import upload_cv
from tests.embedded import until
from tests.faults import Facts, fault
from tests.faults.world import World


def kill(pids: list[int]) -> int:
    """SIGKILL to each; how many were there to be killed."""
    killed = 0
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
            killed += 1
    return killed


@fault("child-killed", "each run ends done or failed, no CV is lost")
def child_killed(world: World) -> tuple[bool, Facts]:
    """kill -9 of the processes of the pool while they read."""
    ids = world.upload(20)
    until(lambda: world.is_reading(ids), seconds=60, what="reading")
    killed = kill(world.children())
    seconds = world.wait_until_read(ids)
    return ended(), {"killed": killed, "cvs": len(ids), "read": len(ids), "seconds_to_recover": seconds}


@fault("worker-killed", "each run ends done or failed, no CV is lost")
def worker_killed(world: World) -> tuple[bool, Facts]:
    """kill -9 of a whole worker while it reads; it is started again as its container would be."""
    ids = world.upload(20)
    until(lambda: world.is_reading(ids), seconds=60, what="reading")
    pids = [world.stack.processes["worker"].pid, *world.children()]
    killed = kill(pids)
    world.stack.end("worker")
    unread = CV.objects.filter(pk__in=ids).exclude(status="read").count()
    world.stack.start("worker")
    seconds = world.wait_until_read(ids)
    facts = {"killed": killed, "cvs": len(ids), "unread_when_killed": unread, "seconds_to_recover": seconds}
    return ended() and unread > 0, facts


def ended() -> bool:
    """Whether all runs have ended; those that lost their worker end in an hour, which is made to pass."""
    with time_machine.travel(timezone.now() + RUN_SILENT + timedelta(minutes=1)):
        sweep_matching()
    return not MatchRun.objects.filter(status=MatchRun.Status.RUNNING).exclude(scope=MatchRun.Scope.ALL).exists()


@fault("thrice", "rows and mails as if once")
def thrice(world: World) -> tuple[bool, Facts]:
    """Each message three times, with two workers on the same CVs and the same matches."""
    reference = world.upload(1)
    world.wait_until_read(reference)
    world.stack.start("worker", "-n", "second@%h", alias="second")
    ids = world.upload(10)
    for _ in range(3):
        for pk in ids:
            read_cv.delay(cv_id=pk)
    world.wait_until_read(ids)
    students = list(CV.objects.filter(pk__in=ids).values_list("student_id", flat=True))
    for _ in range(3):
        for student in students:
            refresh_student.delay(student_id=student)
    time.sleep(8)
    world.wait_until_read(ids)
    world.stack.end("second")
    once = rows(reference[0])
    differing = [pk for pk in ids if rows(pk) != once]
    return not differing and bool(once["matches"]), {"cvs": len(ids), "differing": len(differing), "rows_of_each": once}


def rows(cv_id: int) -> dict[str, Any]:
    """What one reading and one matching leave behind."""
    student = CV.objects.select_related("student").get(pk=cv_id).student
    return {
        "evidence": Evidence.objects.filter(cv=cv_id).count(),
        "matches": Match.objects.filter(student=student).count(),
        "current": student.cvs.filter(is_current=True).count(),
        "notices": sorted(
            Counter(Notification.objects.filter(user=student.user).values_list("kind", flat=True)).items()
        ),
        "mails": OutboxMail.objects.filter(user=student.user).count(),
    }


@fault("poison", "at most 3 attempts, then given up; later CVs are read")
def poison(world: World) -> tuple[bool, Facts]:
    """A CV over which its worker dies, each time."""
    lines = [f"Programé servicios web en Python, caso {number}." for number in range(30)]
    file = SimpleUploadedFile("cv.pdf", pdf(lines, pages=150))
    pk = upload_cv(student=world.student(), file=file, now=timezone.now()).pk
    deaths, began, later = 0, time.monotonic(), []
    while time.monotonic() - began < 300 and CV.objects.get(pk=pk).status != CV.Status.FAILED:
        if world.is_reading([pk]) and kill(world.children()):
            deaths += 1
            until(lambda: not world.is_reading([pk]) or len(world.children()) >= 2, seconds=60, what="a new pool")
            later = later or world.upload(5)
        time.sleep(0.02)
    cv = CV.objects.get(pk=pk)
    seconds = round(time.monotonic() - began, 1)
    world.wait_until_read(later)
    facts = {"attempts": cv.attempts, "kills": deaths, "status": cv.status, "seconds_until_given_up": seconds}
    return cv.attempts <= CV.MAX_ATTEMPTS and cv.status == CV.Status.FAILED, facts | {"later_read": len(later)}


@fault("redis-killed", "committed work is completed work after the sweep")
def redis_killed(world: World) -> tuple[bool, Facts]:
    """kill -9 of Redis while CVs are queued; it comes back three seconds later with what its AOF kept."""
    ids = world.upload(10)
    world.stack.end("redis", signal.SIGKILL)
    began = time.monotonic()
    ids += world.upload(3)
    slowest = round((time.monotonic() - began) / 3, 1)
    time.sleep(3)
    world.stack.start("redis")
    ids += world.upload(10)
    before = world.stack.restarts
    facts = {"cvs": len(ids), "seconds_per_upload_without_redis": slowest, "seconds": world.wait_until_read(ids)}
    return True, facts | {"workers_started_again": world.stack.restarts - before}


@fault("killed-before-enqueue", "committed work is completed work after the sweep")
def killed_before_enqueue(world: World) -> tuple[bool, Facts]:
    """The process dies when the transaction stands and the message has not been sent."""
    students = [world.student() for _ in range(5)]
    files = [world.file() for _ in students]
    died = 0
    for student, file in zip(students, files, strict=True):
        connections.close_all()
        pid = os.fork()
        if pid == 0:
            with transaction.atomic():
                transaction.on_commit(lambda: os._exit(9))
                upload_cv(student=student, file=file, now=timezone.now())
            os._exit(0)
        died += os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 9
    ids = list(CV.objects.filter(student__in=students).values_list("pk", flat=True))
    seconds = world.wait_until_read(ids)
    return len(ids) == died == 5, {"committed": len(ids), "killed": died, "completed": len(ids), "seconds": seconds}


@fault("drain", "a worker that is told to end finishes what it holds, and nothing is attempted twice")
def drain(world: World) -> tuple[bool, Facts]:
    """SIGTERM, as Docker sends it, while CVs are being read."""
    ids = world.upload(12)
    until(lambda: world.is_reading(ids), seconds=60, what="reading")
    began = time.monotonic()
    code = world.stack.end("worker", seconds=110)
    seconds = round(time.monotonic() - began, 1)
    running = world.is_reading(ids)
    world.stack.start("worker")
    world.wait_until_read(ids)
    most = max(CV.objects.filter(pk__in=ids).values_list("attempts", flat=True))
    facts = {"exit_code": code, "seconds_to_drain": seconds, "left_half_read": int(running), "most_attempts": most}
    return code == 0 and not running and most == 1, facts


@fault("two-beats", "one beat works; another takes over when it dies")
def two_beats(world: World) -> tuple[bool, Facts]:
    """A second beat beside the first, which is then killed."""
    world.stack.start("beat", alias="second-beat")
    time.sleep(20)
    waited = "Sending due task" not in world.stack.log("second-beat")
    first = "Sending due task" in world.stack.log("beat")
    kill([world.stack.processes["beat"].pid])
    began = time.monotonic()
    until(lambda: "Sending due task" in world.stack.log("second-beat"), seconds=90, what="taking over")
    seconds = round(time.monotonic() - began, 1)
    world.stack.end("beat")
    world.stack.end("second-beat")
    world.stack.start("beat")
    return waited and first, {"second_waited": waited, "seconds_until_it_took_over": seconds}

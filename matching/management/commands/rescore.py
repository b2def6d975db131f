"""Score again: everything, one student or one posting."""

from __future__ import annotations

import subprocess
import sys
import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError, connection
from django.utils import timezone

from jobs.models import Job
from matching import fullrun, modelstore, ranking, tasks
from matching.models import MatchRun
from students.models import Student

LOOK_EVERY = 1.0  # seconds between looks at what other workers have done
TELL_EVERY = 10.0  # seconds between lines where the output is no terminal


class Command(BaseCommand):
    help = "Score everything (the default), one student or one posting. Without --wait a worker does it."

    def add_arguments(self, parser: CommandParser) -> None:
        what = parser.add_mutually_exclusive_group()
        what.add_argument("--all", action="store_true", help="every student against every open posting")
        what.add_argument("--student", metavar="ID", help="one student, by public id or id in the source file")
        what.add_argument("--job", metavar="ID", help="one posting, by public id or id in the source file")
        what.add_argument("--resume", action="store_true", help="finish the newest full run, keeping what is done")
        parser.add_argument("--wait", action="store_true", help="do it here and now")
        parser.add_argument("--workers", type=int, default=1, metavar="N", help="with --wait: processes (default 1)")
        parser.add_argument("--help-with", type=int, metavar="RUN", help="work on this full run while it has chunks")

    def handle(self, *args: Any, student: str | None, job: str | None, wait: bool, **options: Any) -> None:
        now = timezone.now()
        if options["workers"] < 1:
            raise CommandError(f"--workers must be at least 1, not {options['workers']}.")
        if options["help_with"]:
            return self.help_with(options["help_with"])
        if student:
            row = self.one(Student, student)
            if not wait:
                tasks.refresh_student.delay(student_id=row.pk)
                return self.queued()
            return self.told(ranking.refresh_student(student=row, now=now))
        if job:
            posting = self.one(Job, job)
            if not wait:
                tasks.refresh_job.delay(job_id=posting.pk)
                return self.queued()
            return self.told(ranking.refresh_job(job=posting, now=now))
        run = self.resumed() if options["resume"] else self.planned()
        if not wait and not options["resume"]:
            tasks.refresh_all.delay(run_id=run.pk)
            return self.queued()
        return self.everything(run, workers=options["workers"])

    def planned(self) -> MatchRun:
        """A new full run, after a new fit where one is due."""
        if modelstore.is_outdated(now=timezone.now()):
            self.stdout.write("The texts have changed much since the model was fitted; fitting it again ...")
            modelstore.fit(now=timezone.now())
        run = tasks.plan_full_run()
        if run is None:
            raise CommandError("A full run waits or runs already; see match runs in the admin.")
        return run

    def resumed(self) -> MatchRun:
        run = fullrun.resume(now=timezone.now())
        if run is None:
            raise CommandError("There is no full run to finish: the newest is complete, or none was ever asked for.")
        return run

    def everything(self, run: MatchRun, *, workers: int) -> None:
        """Work on a full run with some processes until it has ended, and say how far it is."""
        others = [self.helper(run) for _ in range(workers - 1)]
        try:
            tasks.refresh_all(run_id=run.pk, is_helper=True, told=Progress(run, self.stdout).tell)
            self.wait_for(run)
        except DatabaseError as error:
            raise CommandError(
                f"The database does not answer as it should: {error}\n"
                "What is done is kept. When it is back: manage.py rescore --resume"
            ) from error
        except Exception as error:
            raise CommandError(tasks.reason_of(error)) from error
        finally:
            for other in others:
                other.wait()
        run.refresh_from_db()
        if run.status == MatchRun.Status.FAILED:
            raise CommandError(f"The run failed: {run.reason}\nTo finish it: manage.py rescore --resume")
        self.told(run)

    def wait_for(self, run: MatchRun) -> None:
        """Until others have finished their chunks; what a silent worker held is done here."""
        while MatchRun.objects.filter(pk=run.pk, status__in=["waiting", "running"]).exists():
            time.sleep(LOOK_EVERY)
            fullrun.reclaim_silent(now=timezone.now())
            tasks.refresh_all(run_id=run.pk, is_helper=True)

    def helper(self, run: MatchRun) -> subprocess.Popen[bytes]:
        """Another process that works on the run."""
        command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "rescore", "--help-with", str(run.pk)]
        return subprocess.Popen(command, cwd=settings.BASE_DIR)  # noqa: S603 - our own arguments

    def help_with(self, run_id: int) -> None:
        """Wait until the run is planned, then work on it while it has chunks for us."""
        while MatchRun.objects.filter(pk=run_id, status__in=["waiting", "running"]).exists():
            run = MatchRun.objects.get(pk=run_id)
            if fullrun.is_planned(run) and fullrun.work(run=run, clock=timezone.now):
                break
            if fullrun.is_planned(run) and not run.chunks.filter(status="waiting").exists():
                break
            time.sleep(0.2)
        connection.close()

    def one(self, model: Any, name: str) -> Any:
        row = model.objects.filter(public_id=name).first() or model.objects.filter(external_id=name).first()
        if row is None:
            raise CommandError(f"There is no {model._meta.verbose_name} {name!r}.")
        return row

    def queued(self) -> None:
        self.stdout.write("Queued; a worker will do it.")

    def told(self, run: MatchRun) -> None:
        seconds = time.monotonic() - run.began
        if run.finished_at and run.started_at:
            seconds = (run.finished_at - run.started_at).total_seconds()
        self.stdout.write(f"{run.pairs} pairs scored, {run.matches} matches stored in {seconds:.1f} s.")


class Progress:
    """How far a full run is: a bar on a terminal, a line now and then elsewhere."""

    def __init__(self, run: MatchRun, out: Any) -> None:
        self.run, self.out = run, out
        self.bar: Any = None
        self.told_at = time.monotonic()

    def tell(self) -> None:
        """Called after each chunk."""
        done, everybody = fullrun.progress(self.run)
        if self.out.isatty():
            from tqdm import tqdm

            self.bar = self.bar or tqdm(total=everybody, unit=" students")
            self.bar.update(done - self.bar.n)
            if done == everybody:
                self.bar.close()
        elif time.monotonic() - self.told_at > TELL_EVERY:
            self.told_at = time.monotonic()
            self.run.refresh_from_db()
            left = fullrun.remaining(self.run, now=timezone.now())
            rest = f", about {left.total_seconds():.0f} s to go before they are stored" if left else ""
            self.out.write(f"{done:,} of {everybody:,} students{rest}")

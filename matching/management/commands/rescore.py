"""Score again: everything, one student or one posting."""

from __future__ import annotations

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from jobs.models import Job
from matching import modelstore, ranking, tasks
from matching.models import MatchRun
from students.models import Student


class Command(BaseCommand):
    help = "Score everything (the default), one student or one posting. Without --wait a worker does it."

    def add_arguments(self, parser: CommandParser) -> None:
        what = parser.add_mutually_exclusive_group()
        what.add_argument("--all", action="store_true", help="every student against every open posting")
        what.add_argument("--student", metavar="ID", help="one student, by public id or id in the source file")
        what.add_argument("--job", metavar="ID", help="one posting, by public id or id in the source file")
        parser.add_argument("--wait", action="store_true", help="do it here and now")

    def handle(self, *args: Any, student: str | None, job: str | None, wait: bool, **options: Any) -> None:
        now = timezone.now()
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
        if modelstore.is_outdated(now=now):
            self.stdout.write("The texts have changed much since the model was fitted; fitting it again ...")
            modelstore.fit(now=now)
        run = tasks.plan_full_run()
        if run is None:
            raise CommandError("A full run waits or runs already; see match runs in the admin.")
        if not wait:
            tasks.refresh_all.delay(run_id=run.pk)
            return self.queued()
        tasks.refresh_all(run_id=run.pk)
        run.refresh_from_db()
        return self.told(run)

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

"""Fill an empty installation with an invented careers office, or any with rows for benchmarks."""

from __future__ import annotations

from datetime import datetime
from time import monotonic
from typing import Any

from django.contrib.auth.hashers import make_password
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from matching import modelstore, tasks
from matching.demo import content, cvs, office, postings, scale
from matching.demo.applications import make_applications
from matching.models import FittedModel
from matching.signals import demo_made
from moirai.accounts.models import User
from moirai.skills.models import Skill


class Command(BaseCommand):
    help = "Make demo data: students, companies, postings, applications. With --students, --jobs: rows for benchmarks."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--students", type=int, default=0, help="make so many synthetic students instead")
        parser.add_argument("--jobs", type=int, default=0, help="make so many synthetic postings instead")
        parser.add_argument("--seed", type=int, default=7, help="another number gives other texts (default 7)")
        parser.add_argument("--no-matching", action="store_true", help="compute no matches; a worker will")
        parser.add_argument("--force", action="store_true", help="although there are real users")

    def handle(self, *args: Any, **options: Any) -> None:
        self.began = monotonic()
        now = timezone.now()
        if options["students"] < 0 or options["jobs"] < 0:
            raise CommandError("--students and --jobs cannot be negative.")
        is_scale = options["students"] or options["jobs"]
        if not is_scale and office.is_there():
            self.stdout.write("The demo data is there already; nothing was done.")
            return
        if not is_scale and not options["force"] and User.objects.exists():
            raise CommandError("There are users already. --force adds the demo data beside them.")
        if not Skill.objects.exists():
            call_command("load_taxonomy", verbosity=0)
            self.say("Skills and occupations")
        if is_scale:
            scale.make(students=options["students"], jobs=options["jobs"], seed=options["seed"], now=now, say=self.say)
            return
        password = self.make_office(seed=options["seed"], now=now)
        path = office.write_accounts(password)
        if options["no_matching"]:
            office.wait_for_matching(at=now)
        else:
            self.match(now)
        self.stdout.write(f"\nAccounts (also in {path}):\n{path.read_text(encoding='utf-8')}")

    @transaction.atomic
    def make_office(self, *, seed: int, now: datetime) -> str:
        """All rows or none; returns the password of the accounts."""
        material, password = content.read(), office.new_password()
        hashed = make_password(password)
        companies = office.make_companies(material, hashed=hashed, now=now)
        self.say(f"{len(companies)} companies")
        people = cvs.people(material, seed=seed, today=timezone.localdate(now))
        students = office.make_students(people, hashed=hashed, seed=seed, now=now)
        self.say(f"{len(students)} students with CVs")
        offers = postings.postings(material, seed=seed, now=now)
        jobs = office.make_jobs(offers, companies, now=now)
        self.say(f"{len(jobs)} postings")
        count = make_applications(
            material,
            students=list(zip(people, students, strict=True)),
            jobs=list(zip(offers, jobs, strict=True)),
            seed=seed,
            now=now,
        )
        demo_made.send(sender=User, at=now)
        self.say(f"{count} applications")
        return password

    def match(self, now: datetime) -> None:
        if not FittedModel.objects.filter(is_serving=True).exists():
            modelstore.fit(now=now)
            self.say("Model of the scorer")
        run = tasks.plan_full_run()
        if run is not None:  # else a worker is at it already
            tasks.refresh_all(run_id=run.pk)
            run.refresh_from_db()
            self.say(f"{run.matches:,} matches")

    def say(self, what: str) -> None:
        self.stdout.write(f"{monotonic() - self.began:6.1f} s  {what}")
        self.stdout.flush()

"""`python -m tests.browser.serve PORT [demo]`: the furnished world, or the demo, with a session for each of its people.

The folder and the database come from the environment; what a test needs to know is written to ``world.json`` there.
"""

from __future__ import annotations

import json
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import django

if TYPE_CHECKING:
    from tests.trust.world import World


def main(port: str, kind: str = "world") -> None:
    import conftest

    django.setup()
    conftest.NOW = now = datetime.now(UTC)  # before the factories read it: the server's clock is the real one
    from django.conf import settings
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("compile_translations", verbosity=0)
    known = Path(settings.DATA_DIR) / "world.json"
    known.write_text(json.dumps(describe(demo(now) if kind == "demo" else invented(now))))
    command = [sys.executable, "-W", "ignore:No directory at", "-m", "gunicorn", "moirai.wsgi"]
    command += ["--threads", "4", "--bind", f"127.0.0.1:{port}", "--log-level", "warning"]
    os.execv(sys.executable, command)


def describe(world: World) -> dict[str, dict[str, object]]:
    """Ids of the world's things and session keys of its people."""
    from django.conf import settings
    from django.test import Client

    from tests.trust.requesting import value_of

    sessions = {}
    for role, user in world.users.items():
        client = Client()
        client.force_login(user)
        sessions[role] = client.cookies[settings.SESSION_COOKIE_NAME].value
    return {"things": {name: value_of(thing) for name, thing in world.things.items()}, "sessions": sessions}


def invented(now: datetime) -> World:
    """The world of the trust tests and what it lacks for looking."""
    from matching import modelstore
    from matching.tests.conftest import make_taxonomy
    from tests.browser.furnish import furnish, lengthen
    from tests.trust.world import make_world

    make_taxonomy()
    modelstore.fit(now=now)
    world = furnish(make_world(), now=now)
    lengthen(world)
    return world


def demo(now: datetime) -> World:
    """What `make run` shows, under the names by which the registry asks for it."""
    from django.core.management import call_command

    from jobs.models import Application, Company, Job, Recruiter
    from moirai.accounts.models import User
    from students.models import CV, Evidence, ProfileEntry, Student
    from tests.browser.furnish import furnish
    from tests.trust.world import World

    call_command("load_taxonomy", verbosity=0)
    call_command("seed_demo")
    world = World()
    names = {"owner": "ximena", "other_student": "diego", "recruiter": "lorena", "other_recruiter": "ramiro"}
    names |= {"colleague": "lorena", "unverified": "teresa", "staff": "bolsa", "superuser": "bolsa"}
    people = {user.email.partition("@")[0]: user for user in User.objects.filter(emailaddress__verified=True)}
    world.users = {role: people[name] for role, name in names.items()}
    owner = Student.objects.get(user=world.users["owner"])
    things = world.things
    for key, role in (("A", "recruiter"), ("B", "other_recruiter"), ("C", "unverified")):
        company = Company.objects.get(pk=Recruiter.objects.get(user=world.users[role]).company_id)
        jobs = Job.objects.filter(company=company)
        open_first = jobs.filter(matches__student=owner).order_by("-matches__score").first() or jobs.first()
        things |= {f"company {key}": company, f"posting of {key}": open_first}
        things |= {f"draft of {key}": jobs.exclude(status="published").first() or open_first}
        things |= {f"{state} of {key}": open_first for state in ("blind", "changed", "coming", "expired", "dropped")}
    of_company = Application.objects.filter(job__company=things["company A"])
    things |= {
        "owner": owner,
        "application of owner": of_company.filter(student=owner).first() or of_company.first(),
        "application of blind": of_company.last(),
        "cv of owner": CV.objects.filter(student=owner).first(),
        "evidence of owner": Evidence.objects.filter(student_skill__student=owner).first(),
        "entry of owner": ProfileEntry.objects.filter(student=owner).first(),
        "consenting": Student.objects.filter(visibility="companies", applications=None).first(),
    }  # fmt: skip
    return furnish(world, now=now)


if __name__ == "__main__":
    main(*sys.argv[1:])

"""`python -m tests.load [names ...]`. LOAD_MINUTES (30), LOAD_USERS (500) and LOAD_QUEUED (1000) say how much.

All of it shares the machine with the site, so figures are ratios to a bare page of the same server and run: the frame
alone, asked for by the same person.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from collections import Counter
from itertools import cycle
from urllib.parse import urlencode

from tests import private
from tests.composed import Stack
from tests.embedded import descendants, until
from tests.load.client import Client, Figures, Seen, crowd, hammer, resident, steady

MINUTES, USERS, QUEUED = (
    float(os.environ.get(name, default))
    for name, default in (("LOAD_MINUTES", "30"), ("LOAD_USERS", "500"), ("LOAD_QUEUED", "1000"))
)
THINK = 5.0
LIGHTEST, BARE = "/.well-known/security.txt", "/accesibilidad/"
LEAST_RATIO, MOST_TIMES = 0.25, 5.0
UPLOADS, SIGN_INS = 5, 8  # a second
GROWTH = 5.0  # percent an hour


def tell(name: str, holds: bool, **facts: object) -> bool:
    rounded = {key: round(value, 3) if isinstance(value, float) else value for key, value in facts.items()}
    line = {"load": name, **rounded, "load_average": round(os.getloadavg()[0], 1)}
    print(json.dumps(line | {"verdict": "ok" if holds else "missed"}), flush=True)
    return holds


class Site:
    """The demo's careers office behind the proxy, and cookies of its people."""

    def __init__(self, stack: Stack) -> None:
        from django.conf import settings

        from jobs.models import Job, Recruiter
        from students.models import Student
        from tests.faults.world import TOKEN, World

        self.stack, self.token, self.settings = stack, TOKEN, settings
        self.world = World(stack)
        students = Student.objects.filter(cvs__is_current=True, user__isnull=False).select_related("user")
        self.students = [self.cookie(student.user) for student in students[:60]]
        recruiter = Recruiter.objects.filter(company__jobs__applications__isnull=False).select_related("user").first()
        assert recruiter is not None
        self.recruiter = self.cookie(recruiter.user)
        job = Job.objects.filter(status="published").first()
        own = Job.objects.filter(company=recruiter.company, applications__isnull=False).first()
        assert job is not None
        assert own is not None
        self.pages = {
            "home": ("/", ""), "sign-in": ("/cuenta/entrar/", ""), "posting": (job.get_absolute_url(), ""),
            "postings": ("/vacantes/", ""), "search": ("/vacantes/?q=python", ""),
            "for you": ("/para-ti/", self.students[0]), "profile": ("/perfil/", self.students[0]),
            "why": (f"/vacantes/{job.public_id}/por-que/", self.students[0]),
            "candidates": (f"/empresa/vacantes/{own.public_id}/candidaturas/", self.recruiter),
        }  # fmt: skip

    def cookie(self, user: object) -> str:
        return str(self.world.browser(user).headers["Cookie"])  # type: ignore[arg-type]

    def milliseconds(self, path: str, cookie: str, *, times: int = 6) -> float:
        """Processor time of one page in this process, which does not depend on who else uses the machine."""
        from django.test import Client as Direct

        client = Direct(HTTP_HOST="127.0.0.1", HTTP_X_FORWARDED_PROTO="https")
        client.cookies.load(cookie)
        for _ in range(2):
            assert client.get(path).status_code == 200, path
        began = time.process_time()
        for _ in range(times):
            client.get(path)
        return (time.process_time() - began) * 1000 / times

    def web(self) -> list[int]:
        return sorted(descendants(self.stack.processes["web"].pid))


def pages(site: Site) -> bool:
    """Requests a second and p95 of each page, beside the bare page as the same person sees it.

    A text that is no page, without frame, session and person, is shown for comparison alone.
    """
    seconds = int(os.environ.get("LOAD_PAGE_SECONDS", "10"))

    def pressed(path: str, cookie: str) -> Figures:
        hammer(site.stack, path, cookie, seconds=2)
        return hammer(site.stack, path, cookie, seconds=seconds)

    light = pressed(LIGHTEST, "")
    held = tell("lightest view", not light.errors, path=LIGHTEST, per_second=light.per_second, p95_ms=light.p95)
    bare: dict[str, Figures] = {}
    for name, (path, cookie) in site.pages.items():
        if cookie not in bare:
            bare[cookie] = floor = pressed(BARE, cookie)
            held &= tell(
                "bare page", not floor.errors, signed_in=bool(cookie), per_second=floor.per_second, p95_ms=floor.p95,
                ratio_to_the_lightest=floor.per_second / light.per_second, processor_ms=site.milliseconds(BARE, cookie),
            )  # fmt: skip
        page, floor = pressed(path, cookie), bare[cookie]
        ratio, times = page.per_second / floor.per_second, page.p95 / floor.p95
        held &= tell(
            "page", ratio >= LEAST_RATIO and times <= MOST_TIMES and not page.errors, page=name, errors=page.errors,
            per_second=page.per_second, ratio=ratio, p95_ms=page.p95, p95_times_the_bare_page=times,
            ratio_to_the_lightest=page.per_second / light.per_second, processor_ms=site.milliseconds(path, cookie),
        )  # fmt: skip
    return held


def visitors(site: Site) -> bool:
    """Many people who read and think; the memory of the web processes before and after."""
    seen = Seen()
    paths = [path for path, _ in site.pages.values() if not path.startswith("/empresa")]
    cookies = cycle(site.students)
    clients = [Client(site.stack, number, next(cookies), seen) for number in range(int(USERS))]

    def visit(client: Client, turn: int) -> str:
        return paths[turn % len(paths)]

    warm = min(60.0, MINUTES * 15)
    asyncio.run(crowd(clients, visit, seconds=warm, think=THINK))
    before, began = resident(site.web()), time.monotonic()
    seen.answers.clear()
    asyncio.run(crowd(clients, visit, seconds=MINUTES * 60, think=THINK))
    hours = (time.monotonic() - began) / 3600
    after = resident(site.web())
    growth = (after / before - 1) * 100
    return tell(
        "visitors", not seen.errors() and growth / hours < GROWTH, users=int(USERS), think_seconds=THINK,
        minutes=MINUTES, requests=len(seen.answers), errors=seen.errors(), p95_ms=seen.p95(), megabytes_before=before,
        megabytes_after=after, growth_percent=growth, growth_percent_an_hour=growth / hours,
    )  # fmt: skip


def uploads(site: Site) -> bool:
    """CVs by the form, so many a second, until all of them are read."""
    from students.models import CV

    seconds = min(60.0, MINUTES * 60)
    people = [site.cookie(site.world.student().user) for _ in range(int(UPLOADS * seconds))]
    before, seen = CV.objects.count(), Seen()

    async def upload(number: int) -> None:
        client = Client(site.stack, number, people[number], seen)
        part = f'--limit\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n{site.token}\r\n'
        part += '--limit\r\nContent-Disposition: form-data; name="cv"; filename="cv.txt"\r\n\r\n'
        part += f"Experiencia\nProgramé servicios web en Python y SQL, caso {number}.\n\r\n--limit--\r\n"
        await client.ask("POST", "/alta/cv/", part.encode(), "multipart/form-data; boundary=limit")
        client.close()

    began = time.monotonic()
    asyncio.run(steady(upload, per_second=UPLOADS, seconds=seconds))
    took = time.monotonic() - began
    until(lambda: not CV.objects.waiting().exists(), seconds=1800, what="reading the CVs")
    read = CV.objects.filter(status="read").count() - before
    rate = len(seen.answers) / took
    return tell(
        "uploads", not seen.errors() and read == len(people) and rate >= UPLOADS * 0.95, uploads=len(people),
        per_second=rate, errors=seen.errors(), p95_ms=seen.p95(), read=read,
        seconds_until_the_last_was_read=time.monotonic() - began,
    )  # fmt: skip


def queue(site: Site) -> bool:
    """So many CVs that wait at once."""
    site.stack.end("worker")
    ids = site.world.upload(int(QUEUED))
    site.stack.start("worker")
    seconds = site.world.wait_until_read(ids, seconds=3600)
    return tell("queue", True, queued=len(ids), lost=0, seconds=seconds, per_second=len(ids) / seconds)


def sign_ins(site: Site) -> bool:
    """People sign in, each a slow hash of a password, while others read."""
    from django.contrib.auth.hashers import make_password

    from moirai.accounts.tests.factories import UserFactory

    seconds = min(60.0, MINUTES * 60)
    hashed = make_password("un hilo azul y otro rojo")
    emails = [UserFactory(password=None).email for _ in range(int(SIGN_INS * seconds))]
    from moirai.accounts.models import User

    User.objects.filter(password__startswith="!").update(password=hashed)
    readers = [Client(site.stack, number, cookie, Seen()) for number, cookie in enumerate(site.students[:20])]

    async def browse(entering: bool) -> tuple[float, Seen]:
        seen, doors = Seen(), Seen()
        for reader in readers:
            reader.seen, reader.writer = seen, None

        async def enter(number: int) -> None:
            client = Client(site.stack, number, f"{site.settings.CSRF_COOKIE_NAME}={site.token}", doors)
            fields = {"login": emails[number], "password": "un hilo azul y otro rojo"}
            body = urlencode(fields | {"csrfmiddlewaretoken": site.token}).encode()
            await client.ask("POST", "/cuenta/entrar/", body, "application/x-www-form-urlencoded")
            client.close()

        work = [crowd(readers, lambda _client, _turn: "/para-ti/", seconds=seconds, think=1.0)]
        if entering:
            work.append(steady(enter, per_second=SIGN_INS, seconds=seconds))
        await asyncio.gather(*work)
        return seen.p95(), doors

    alone, _ = asyncio.run(browse(False))
    beside, doors = asyncio.run(browse(True))
    entered = sum(status == 302 for _, _, status in doors.answers)
    return tell(
        "sign-ins", beside <= 2 * alone and entered == len(emails), sign_ins=len(emails), entered=entered,
        per_second=SIGN_INS, answers=dict(Counter(status for _, _, status in doors.answers)),
        p95_ms_of_signing_in=doors.p95(), p95_ms_of_reading_alone=alone,
        p95_ms_of_reading_beside=beside, times=beside / alone,
    )  # fmt: skip


STAGES = {"pages": pages, "uploads": uploads, "queue": queue, "sign-ins": sign_ins, "visitors": visitors}


def main(arguments: list[str]) -> int:
    folder = private.enter("tests.load", arguments)
    with Stack(folder, SECURITY_CONTACT="mailto:seguridad@universidad.example") as stack:
        stack.manage("seed_demo")
        stack.set_up_django()
        site = Site(stack)
        kept = [stage(site) for name, stage in STAGES.items() if not arguments or name in arguments]
    return int(not all(kept))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

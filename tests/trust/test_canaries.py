"""A person with a canary in every field walks the whole site, takes everything along, and is erased: none is left."""

import io
import json
import logging
import os
import shutil
import subprocess
import zipfile
import zlib
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from celery.signals import before_task_publish
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.core.serializers import serialize
from django.db import connection
from django.db.models import BinaryField
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localtime

from conftest import DAY, NOW
from jobs.interviews import propose
from jobs.messages import send_message
from jobs.models import Application, Report, SavedSearch, Side
from jobs.tests.factories import JobFactory, RecruiterFactory
from matching import modelstore, tasks
from matching.tests.conftest import model, taxonomy  # noqa: F401 - fixtures of the scorer
from moirai.accounts.models import AuditEvent, User
from moirai.accounts.tests.factories import StaffFactory
from moirai.logs import Json
from moirai.privacy.models import PrivacyRequest
from moirai.skills.tests.factories import SkillFactory
from notifications.models import Kind
from notifications.tell import tell
from students import change
from students import tasks as reading
from students.models import Student

pytestmark = pytest.mark.django_db(transaction=True)
PASSWORD = "telar-de-kanaria00-7"
PHONE = "5510293847"
CANARIES = [*(f"kanaria{number:02d}" for number in range(1, 31)), PHONE]
CV_TEXT = """Perfil
Estudiante kanaria09 de sistemas.
Experiencia
Programé servicios web en python para la biblioteca kanaria10 durante dos años.
Educación
Ingeniería en kanaria11
"""


class Walk:
    """The site as one student, one recruiter and one member of staff use it."""

    def __init__(self) -> None:
        self.client = Client(HTTP_USER_AGENT="kanaria03-browser", raise_request_exception=False)
        self.company, self.office = Client(), Client()
        self.python = SkillFactory(code="python")
        self.recruiter = RecruiterFactory()
        self.job = JobFactory(company=self.recruiter.company, skills=["python"])
        self.staff = StaffFactory()
        self.company.force_login(self.recruiter.user)
        self.office.force_login(self.staff)

    def post(self, name, data, *args):
        response = self.client.post(reverse(name, args=args), data)
        assert response.status_code == 302, (name, response.status_code, getattr(response, "context", None))

    def all_of_it(self) -> None:
        self.sign_up()
        self.fill_the_profile()
        self.apply()
        self.be_looked_at()
        self.ask()
        self.go_astray()

    def sign_up(self) -> None:
        form = {
            "role": "student", "full_name": "Kanaria01 Uno", "email": "kanaria02@x.example", "password1": PASSWORD,
            "accepts_notice": "on",
        }  # fmt: skip
        self.post("account_signup", form)
        EmailAddress.objects.update(verified=True)
        self.user = User.objects.get(email="kanaria02@x.example")
        self.post("account_login", {"login": self.user.email, "password": PASSWORD})
        self.client.get(reverse("students:profile"))
        self.student = Student.objects.get()
        EmailAddress.objects.create(user=self.user, email="kanaria28@x.example")
        SocialAccount.objects.create(user=self.user, provider="universidad", uid="kanaria29")

    def fill_the_profile(self) -> None:
        facts = {
            "headline": "kanaria04", "degree_program": "Ingeniería kanaria05", "location": "kanaria06", "phone": PHONE,
            "declared_skills": "kanaria07", "experience_years": "2",
        }  # fmt: skip
        self.post("students:edit_profile", facts)
        self.post("students:upload_cv", {"cv": SimpleUploadedFile("kanaria08.txt", CV_TEXT.encode())})
        assert reading.read_cv(cv_id=self.student.cvs.get().pk)
        self.post("students:add_skill", {"name": "python", "statement": "Usé python en kanaria12."})
        change.propose_name(
            student=self.student, skill=self.python, name="kanaria13", statement="Sé kanaria13 de kanaria14.", now=NOW
        )
        entry = {"title": "kanaria15", "organisation": "kanaria16", "description": "kanaria17"}
        self.post("students:add_entry", entry, "project")
        self.post("students:save_settings", {"visibility": "companies", "wants_matching": "on"})
        modelstore.fit(now=NOW)  # the person is among those it learns from
        tasks.refresh_student(student_id=self.student.pk)
        SavedSearch.objects.create(student=self.student, query="q=kanaria24", created_at=NOW, due_at=NOW)

    def apply(self) -> None:
        self.company.get(reverse("matching:suggested", args=[self.job.public_id, self.student.public_id]))
        invite = reverse("jobs:invite", args=[self.job.public_id, self.student.public_id])
        assert self.company.post(invite, {"note": "kanaria18"}).status_code == 302
        cv = self.student.cvs.get().public_id
        self.post("jobs:apply", {"message": "kanaria19", "cv": cv, "shares_phone": "on"}, self.job.public_id)
        self.application = Application.objects.get()

    def be_looked_at(self) -> None:
        ids = [self.application.public_id]
        assert self.company.get(reverse("matching:candidate", args=ids)).status_code == 200
        assert self.company.get(reverse("jobs:application_cv", args=ids)).status_code == 200
        moved = self.company.post(reverse("jobs:move_application", args=ids), {"to": "interview", "note": "kanaria20"})
        assert moved.status_code == 302
        for side, author, body in (
            (Side.COMPANY, self.recruiter.user, "kanaria21"), (Side.STUDENT, self.user, "kanaria22"),
        ):  # fmt: skip
            send_message(application=self.application, side=side, author=author, body=body, now=NOW)
        propose(
            application=self.application,
            slots=[NOW + DAY],
            minutes=30,
            place="kanaria23",
            actor=self.recruiter.user,
            now=NOW,
        )

    def ask(self) -> None:
        self.post("privacy:ask", {"text": "kanaria25"}, "corregir")
        row = PrivacyRequest.objects.get(kind="correct")
        answer = {"action": "answer_as_done", "_selected_action": [row.pk], "answer": "kanaria26"}
        self.office.post(reverse("admin:privacy_privacyrequest_changelist"), answer)
        Report.objects.create(job=self.job, reporter=self.user, reason="other", note="kanaria27", created_at=NOW)
        tell(user=self.user, kind=Kind.NEW_MATCHES, data={"new": 1, "x": "kanaria30"}, url="/", key="k", now=NOW)
        for model_name, pk in (("student", self.student.pk), ("studentskill", self.student.skills.first().pk)):
            url = reverse(f"admin:students_{model_name}_change", args=[pk])
            self.office.post(url, {"reason": "Pidió ayuda"})
            self.office.get(url)
        url = reverse("admin:students_studentskill_change", args=[pk])
        changed = {"student": self.student.pk, "skill": self.python.pk, "status": "confirmed"}
        assert self.office.post(url, changed).status_code == 302  # a line in the log of the admin, by name

    def go_astray(self) -> None:
        """What ends in an error is logged too."""
        self.client.get("/no-existe/")
        self.client.get(reverse("jobs:job_list"), {"q": "kanaria24"})
        self.client.post(reverse("privacy:ask", args=["corregir"]), {"text": ""})
        Client().post(reverse("account_login"), {"login": self.user.email, "password": "falsa"})
        try:
            row = f"{self.user.full_name}, {PHONE}"
            raise ValueError(f"Key (email)=({self.user.email}) already exists.\nDETAIL:  {row}")
        except ValueError:
            logging.getLogger("django.request").exception("Internal Server Error: /")


# --- Where something could be left ------------------------------------------------------------------------------------


def rows() -> str:
    """Every row as the site itself reads it: what is encrypted is opened, and bytes are read as text."""
    texts = []
    for table in [kind for kind in apps.get_models() if kind._meta.managed]:
        texts.append(serialize("json", table._base_manager.all()))
        for field in table._meta.fields:
            if isinstance(field, BinaryField):
                contents = table._base_manager.exclude(**{field.name: None}).values_list(field.name, flat=True)
                texts += [bytes(content).decode("utf-8", "replace") for content in contents]
    return "".join(texts)


def dump() -> str:
    """The database as its files hold it."""
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        return connection.connection.serialize().decode("utf-8", "replace")
    values = connection.settings_dict
    command = ["pg_dump", "-h", values["HOST"], "-p", str(values["PORT"]), "-U", values["USER"], values["NAME"]]
    environment = os.environ | {"PGPASSWORD": values["PASSWORD"]}
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout


def folder(path: Path) -> str:
    """Every file of a folder, with its name; the cache's are compressed."""
    texts = []
    for file in path.rglob("*"):
        if file.is_file():
            content = file.read_bytes()
            texts.append(str(file) + content.decode("utf-8", "replace"))
            for start in range(len(content)):
                if content[start : start + 1] == b"\x78":
                    try:
                        texts.append(zlib.decompressobj().decompress(content[start:]).decode("utf-8", "replace"))
                    except zlib.error:
                        continue
    return "".join(texts)


def found_in(text: str, canaries=CANARIES) -> list[str]:
    return [canary for canary in canaries if canary in text.lower()]


@pytest.fixture
def logged():
    """What the site's own handler would have written."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(Json())
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield stream
    root.removeHandler(handler)
    root.setLevel(before)


@pytest.fixture
def published():
    """Every message that went to the broker: headers and body."""
    messages = []

    def note(body=None, headers=None, **_):
        messages.append(json.dumps([body, headers], default=str))

    before_task_publish.connect(note)
    yield messages
    before_task_publish.disconnect(note)


@pytest.fixture
def cache_folder(settings, tmp_path):
    path = tmp_path / "cache"
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.filebased.FileBasedCache", "LOCATION": path}}
    return path


@pytest.mark.skipif(connection.vendor == "postgresql" and not shutil.which("pg_dump"), reason="needs pg_dump")
def test_everything_is_exported_and_after_erasing_nothing_is_left_anywhere(
    model,  # noqa: F811
    settings,
    tmp_path,
    cache_folder,
    logged,
    published,
    figure,
):
    with time_machine.travel(NOW, tick=False):
        walk = Walk()
        walk.all_of_it()
        assert localtime(timezone.now()) == NOW
        held = found_in(rows())
        assert sorted(set(CANARIES) - set(held)) == []

        walk.post("account_reauthenticate", {"password": PASSWORD})
        archive = zipfile.ZipFile(io.BytesIO(walk.client.post(reverse("privacy:download")).content))
        text = json.dumps(json.loads(archive.read("data.json")), ensure_ascii=False)
        exported = found_in(
            text + "".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())
        )
        figure(18, f"exported {len(exported)} of {len(CANARIES)} canaries ({connection.vendor})")
        assert exported == CANARIES
        assert any(CV_TEXT.encode() == archive.read(name) for name in archive.namelist())
        walk.post("privacy:erase", {})
    days = settings.ERASE_AFTER_DAYS
    with time_machine.travel(NOW + timedelta(days=days - 1), tick=False):
        assert modelstore.is_outdated(now=timezone.now())
        modelstore.fit(now=timezone.now())
    with time_machine.travel(NOW + timedelta(days=days), tick=False):
        call_command("erase")
        call_command("anonymise")
    left = {
        "rows": found_in(rows()),
        "dump": found_in(dump()),
        "media": found_in(folder(tmp_path / "media")),
        "cache": found_in(folder(cache_folder)),
        "other files": found_in(folder(tmp_path)),
        "broker": found_in("".join(published)),
        "logs": found_in(logged.getvalue(), [*CANARIES, "kanaria00", "kanaria"]),
    }
    words = ", ".join(f"{place} {len(canaries)}" for place, canaries in left.items())
    figure(18, f"left after erasing: {words} ({connection.vendor}, {len(published)} messages)")
    figure(
        21, f"{len(left['logs'])} canaries in {len(logged.getvalue().splitlines())} lines of log ({connection.vendor})"
    )
    assert logged.getvalue().count("\n") > 5
    assert published
    assert not any(left.values()), left
    assert set(AuditEvent.objects.values_list("subject", flat=True)) >= {walk.student.public_id}
    call_command("verify_audit")


@pytest.mark.parametrize("broken", ["students", "matching"])
def test_erasing_that_ends_half_way_is_done_again_and_another_person_stays(broken, monkeypatch, settings):
    from moirai.privacy import erasure, registry
    from students.tests.factories import CVFactory

    with time_machine.travel(NOW, tick=False):
        first, second, stays = (CVFactory().student for _ in range(3))
        for student in (first, second):
            erasure.ask(user=student.user, now=NOW)
    holding = registry._holdings[broken]

    def breaks_for_the_first(user, now):
        holding.erase(user, now)
        if user.pk == first.user_id:
            raise RuntimeError("the machine stops")

    due = NOW + timedelta(days=settings.ERASE_AFTER_DAYS)
    with monkeypatch.context() as patch:
        kept = {name: getattr(holding, name) for name in holding.__dataclass_fields__}
        patch.setitem(registry._holdings, broken, registry.Holding(**{**kept, "erase": breaks_for_the_first}))
        assert erasure.erase_due(now=due) == (1, 1)
    assert User.objects.filter(pk__in=[first.user_id, second.user_id]).count() == 1
    assert erasure.erase_due(now=due) == (1, 0)
    assert erasure.erase_due(now=due) == (0, 0)
    assert list(Student.objects.all()) == [stays]
    assert not (Path(settings.DATA_DIR) / "media" / "nothing").exists()


def test_a_dry_run_says_who_is_due_and_erases_nobody(capsys, settings):
    from moirai.privacy.erasure import ask
    from students.tests.factories import StudentFactory

    student = StudentFactory()
    ask(user=student.user, now=NOW)
    with time_machine.travel(NOW + timedelta(days=settings.ERASE_AFTER_DAYS), tick=False):
        call_command("erase", dry_run=True)
    assert student.public_id in capsys.readouterr().out
    assert Student.objects.exists()

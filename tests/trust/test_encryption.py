"""What a thief of the database and of the files finds: nothing; and people read and write while the key is changed."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings as site
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.sessions.models import Session
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.db import connection, connections
from django.urls import reverse

from conftest import NOW
from jobs.models import ApplicationEvent, Company
from jobs.tests.factories import ApplicationFactory
from moirai.accounts.audit import broken_link, record
from moirai.accounts.models import AuditEvent, User
from moirai.accounts.tests.factories import StaffFactory
from moirai.crypto import known, rotation
from moirai.crypto.checking import unreadable_files, unreadable_keys, unreadable_values
from moirai.crypto.fields import seal
from moirai.crypto.keys import keys_at_hand
from moirai.crypto.make_key import new_key
from moirai.crypto.models import PersonKey
from moirai.crypto.ring import UnreadableError, read_key
from notifications.models import Kind, OutboxMail
from notifications.tell import tell
from students.cohort import upload_cohort
from students.models import CohortRow, Evidence, Student, StudentSkill
from students.tests.factories import CVFactory, SkillFactory, StudentFactory

# Words that no random base64 spells.
CANARIES = [
    "zz-nombre", "zz-correo@x.example", "zz-telefono", "zz-frase", "zz-declarada", "zz-matricula", "zz-externo",
    "zz-texto-del-cv", "zz-archivo.pdf", "zz-bytes-del-archivo", "zz-afirmacion", "zz-proyecto", "zz-organizacion",
    "zz-descripcion", "zz-mensaje", "zz-nota", "zz-dato-del-aviso", "zz-asunto", "zz-cuerpo-del-correo", "zz-motivo",
    "zz-secreto-totp", "zz-navegador", "zz-lista.csv", "zz-columna", "zz-fila", "zz-en-la-lista", "zz-lista@x.example",
    "203.0.113.77", "zz-en-la-sesion", "zz-en-la-bitacora",
]  # fmt: skip


def write_canaries(client):
    """One person with a canary wherever a person's words or traces are kept."""
    cv = CVFactory(
        student__user__full_name="zz-nombre", student__user__email="zz-correo@x.example", student__phone="zz-telefono",
        student__headline="zz-frase", student__declared_skills="zz-declarada", student__student_number="zz-matricula",
        student__external_id="zz-externo", text="zz-texto-del-cv", original_name="zz-archivo.pdf",
    )  # fmt: skip
    student, user = cv.student, cv.student.user
    cv.file.save("cv", ContentFile(b"zz-bytes-del-archivo"))
    skill = StudentSkill.objects.create(student=student, skill=SkillFactory(code="tejer"))
    Evidence.objects.create(
        student_skill=skill, statement="zz-afirmacion", start=0, end=2, sentence_start=0, sentence_end=2
    )
    student.entries.create(
        kind="project", title="zz-proyecto", organisation="zz-organizacion", description="zz-descripcion"
    )
    application = ApplicationFactory(student=student, cv=cv, message="zz-mensaje", job__company__name="zz-visible")
    ApplicationEvent.objects.create(application=application, status="seen", note="zz-nota", at=NOW)
    tell(user=user, kind=Kind.NEW_MATCHES, data={"new": 1, "x": "zz-dato-del-aviso"}, url="/", key="k", now=NOW)
    mail = {"subject": "zz-asunto", "text": "zz-cuerpo-del-correo", "html": "zz-cuerpo-del-correo"}
    OutboxMail.objects.create(user=user, key="m", created_at=NOW, next_attempt_at=NOW, **mail)
    Authenticator.objects.create(user=user, type="totp", data={"secret": "zz-secreto-totp"})
    UserSession.objects.create(user=user, ip="203.0.113.77", user_agent="zz-navegador", session_key="s")
    staff = StaffFactory()
    what = {"subject": student.public_id, "thing": "cv", "reason": "zz-motivo", "at": NOW}
    record(action=AuditEvent.Action.STAFF_OPENED, actor=staff, **what)
    LogEntry.objects.create(user=staff, object_repr="zz-en-la-bitacora", action_flag=CHANGE)
    list_of_the_office = ContentFile(b"zz-columna\nzz-fila\n")
    cohort = upload_cohort(file=list_of_the_office, name="zz-lista.csv", by=staff, now=NOW)
    CohortRow.objects.create(cohort=cohort, line=2, outcome="new", data={"raw": ["zz-fila"]})
    Student.objects.create(enrolled_name="zz-en-la-lista", enrolled_email="zz-lista@x.example")
    session = client.session
    session["step"] = "zz-en-la-sesion"
    session.save()
    return user


def dump(folder: Path) -> bytes:
    """Everything in the database, as a thief would carry it off, and every file."""
    if connection.vendor == "postgresql":
        values = connection.settings_dict
        command = ["pg_dump", "-h", values["HOST"], "-p", str(values["PORT"]), "-U", values["USER"], values["NAME"]]
        rows = subprocess.run(command, env=os.environ | {"PGPASSWORD": values["PASSWORD"]}, capture_output=True)
        assert rows.returncode == 0, rows.stderr
        content = rows.stdout
    else:
        content = "\n".join(connection.connection.iterdump()).encode()
    return content + b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


@pytest.mark.django_db(transaction=True)
def test_a_dump_of_database_and_files_holds_no_canary(client, settings, figure):
    user = write_canaries(client)
    stolen = dump(Path(settings.DATA_DIR))
    assert Company.objects.get().name.encode() in stolen  # what is not personal is there: the dump is whole
    found = [canary for canary in CANARIES if canary.encode() in stolen]
    figure(17, f"{len(CANARIES)} canaries of a person who is still here, in a dump of database and files: {len(found)}")
    assert not found
    assert Authenticator.objects.get().data == {"secret": "zz-secreto-totp"}
    assert UserSession.objects.get().ip == "203.0.113.77"
    assert LogEntry.objects.get().object_repr == "zz-en-la-bitacora"
    assert EmailAddress.objects.get(email="ZZ-correo@x.example").user == user
    assert Session.objects.exists()
    assert client.session["step"] == "zz-en-la-sesion"
    assert broken_link() == ""


@pytest.mark.django_db
def test_sign_in_reads_what_is_encrypted(client):
    user = StudentFactory(user__email="ana@x.example").user
    form = {"login": "ANA@x.example", "password": "correct horse"}
    assert client.post(reverse("account_login"), form)["Location"] == reverse("start")
    assert User.objects.get(pk=client.session["_auth_user_id"]) == user


PEOPLE, THREADS = 300, 4


@pytest.fixture
def two_keys(settings):
    """The ring as operators have it while they change the key: the new one first, the old one still there."""
    old, new = new_key(), new_key()

    def ring(*texts):
        settings.ENCRYPTION_KEYS = tuple(read_key("ENCRYPTION_KEYS", text) for text in texts)
        known.forget_accepted()

    ring(old)
    students = [Student(headline="0", student_number=f"A{number}") for number in range(PEOPLE)]
    with keys_at_hand(student.key_id for student in students):
        Student.objects.bulk_create(students)
    ring(new, old)
    return ring, new, old


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_the_key_is_changed_while_people_read_and_write(two_keys, settings, monkeypatch, figure):
    ring, new, _ = two_keys
    monkeypatch.setattr(rotation, "BATCH", 20)
    ids = list(Student.objects.order_by("pk").values_list("pk", flat=True))
    written, reads, found, unreadable, failures = dict.fromkeys(ids, 0), [], [], [], []
    over = threading.Event()

    def working(work):
        try:
            while not over.is_set():
                work()
        except UnreadableError as error:
            unreadable.append(error)
        except BaseException as error:
            failures.append(error)
        finally:
            connections.close_all()

    def read():
        reads.append(len([int(text) for text in Student.objects.values_list("headline", flat=True)]))
        number = len(reads) % PEOPLE
        found.append(Student.objects.filter(student_number=f"a{number}").count())

    def writer(mine):
        def write():
            for pk in mine:
                student = Student.objects.get(pk=pk)
                Student.objects.filter(pk=pk).update(**seal(student, headline=str(written[pk] + 1)))
                written[pk] += 1
            new_one = Student.objects.create(headline="7")
            written[new_one.pk] = 7

        return write

    works = [read] * THREADS + [writer(ids[number::THREADS]) for number in range(THREADS)]
    threads = [threading.Thread(target=working, args=[work]) for work in works]
    for thread in threads:
        thread.start()
    time.sleep(0.5)
    call_command("rotate_keys", verbosity=0)
    settings.LOOKUP_KEYS = (b"n" * 32, *settings.LOOKUP_KEYS)
    call_command("rotate_keys", "--lookup", verbosity=0)
    time.sleep(0.5)
    over.set()
    for thread in threads:
        thread.join()
    assert not failures
    ring(new)
    rows = dict(Student.objects.values_list("pk", "headline"))
    lost = [pk for pk, number in written.items() if rows[pk] != str(number)]
    figure(
        17,
        f"key changed under {THREADS} readers and {THREADS} writers: {sum(reads)} values read, "
        f"{sum(written.values())} written, {len(unreadable)} unreadable, {len(lost)} lost; the key of look-ups too: "
        f"{len(found)} looked up, {found.count(0)} unfound",
    )
    assert not unreadable
    assert not lost
    assert set(found) == {1}
    settings.LOOKUP_KEYS = settings.LOOKUP_KEYS[:1]
    assert Student.objects.filter(student_number__in=[f"A{number}" for number in range(PEOPLE)]).count() == PEOPLE
    assert rotation.waiting().count() == 0


SLOWLY = """
import time, django
django.setup()
from django.core.management import call_command
from moirai.crypto import rotation
from moirai.crypto.models import PersonKey
rotation.BATCH = 10
save = PersonKey.objects.bulk_update
rotation.PersonKey.objects.bulk_update = lambda *values: (save(*values), time.sleep(0.2))
call_command("rotate_keys", verbosity=0)
"""


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_a_rotation_killed_in_the_middle_is_gone_on_with(two_keys, figure):
    ring, new, old = two_keys
    values = connection.settings_dict
    address = f"postgres://{values['USER']}:{values['PASSWORD']}@{values['HOST']}:{values['PORT']}/{values['NAME']}"
    environment = {
        "DATABASE_URL": address,
        "ENCRYPTION_KEYS": f"{new},{old}",
        "DJANGO_SETTINGS_MODULE": "moirai.settings",
    }
    process = subprocess.Popen([sys.executable, "-c", SLOWLY], env=os.environ | environment, cwd=site.BASE_DIR)
    deadline = time.monotonic() + 60
    while rotation.waiting().count() > PEOPLE - 30 and time.monotonic() < deadline:
        time.sleep(0.05)
    process.send_signal(signal.SIGKILL)
    process.wait()
    left = rotation.waiting().count()
    assert 0 < left < PEOPLE
    assert set(Student.objects.values_list("headline", flat=True)) == {"0"}
    call_command("rotate_keys", verbosity=0)
    ring(new)
    found = [*unreadable_keys()[0], *unreadable_values()[0], *unreadable_files()[0]]
    figure(17, f"rotation killed with {left} of {PEOPLE} keys to go, run again: {len(found)} unreadable")
    assert not found
    assert PersonKey.objects.count() >= PEOPLE

"""Missing, malformed and wrong keys are refused with a sentence; keys are changed while people read and write."""

import os
import subprocess
import sys
from base64 import urlsafe_b64encode

import pytest
from django.conf import settings as site
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from conftest import NOW
from moirai.accounts.models import User
from moirai.accounts.tests.factories import UserFactory
from moirai.crypto import known, make_key, rotation
from moirai.crypto.checks import check_keys
from moirai.crypto.keys import destroy
from moirai.crypto.models import KnownKey, PersonKey
from moirai.crypto.ring import WrongKeyError, fingerprint, read_key, read_ring
from moirai.starting import start_celery
from students.models import CV, Student
from students.tests.factories import CVFactory, StudentFactory
from students.upload import upload_cv

OLD, NEW, LOST = b"o" * 32, b"n" * 32, b"x" * 32
GOOD = urlsafe_b64encode(OLD).decode()


@pytest.fixture
def ring(settings):
    """Sets the ring as a fresh process would have it."""

    def put(*keys, lookup=(b"l" * 32,)):
        settings.ENCRYPTION_KEYS, settings.LOOKUP_KEYS = keys, lookup
        known.forget_accepted()

    return put


@pytest.mark.parametrize(
    ("texts", "says"),
    [
        ([], "is missing"),
        (["  "], "is missing"),
        (["not base64!"], "is malformed"),
        ([urlsafe_b64encode(b"short").decode()], "holds 5 bytes and must hold 32"),
        ([GOOD, ""], "is missing"),
        ([GOOD, GOOD], "names a key twice"),
    ],
)
def test_a_bad_ring_is_refused_without_telling_it(texts, says):
    with pytest.raises(ImproperlyConfigured, match=f"^ENCRYPTION_KEYS .*{says}") as error:
        read_ring(texts)
    assert not any(text.strip() and text in str(error.value) for text in texts)


def test_good_keys_are_read_with_and_without_padding():
    assert read_ring([GOOD, GOOD.rstrip("=").replace("b", "c", 1)])[0] == OLD
    assert read_key("LOOKUP_KEY", GOOD.rstrip("=")) == OLD
    assert len(read_key("LOOKUP_KEY", make_key.new_key())) == 32


@pytest.mark.parametrize("name", ["ENCRYPTION_KEYS", "LOOKUP_KEY"])
def test_nothing_starts_without_a_key(name):
    done = subprocess.run(
        [sys.executable, "-c", "import moirai.settings"], env=os.environ | {name: ""}, cwd=site.BASE_DIR,
        capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 1
    assert f"{name} is missing: put a key into the environment or .env" in done.stderr.splitlines()[-1]


def test_a_file_of_settings_gets_the_keys_it_lacks_and_keeps_the_rest(tmp_path, monkeypatch):
    for name in ("ENCRYPTION_KEYS", "LOOKUP_KEY"):
        monkeypatch.delenv(name, raising=False)
    path = tmp_path / ".env"
    path.write_text("SECRET_KEY=mine")
    make_key.complete(path)
    once = path.read_text()
    make_key.complete(path)
    lines = dict(line.split("=", 1) for line in once.splitlines() if not line.startswith("#"))
    assert path.read_text() == once
    assert lines["SECRET_KEY"] == "mine"
    assert read_ring([lines["ENCRYPTION_KEYS"]]) != read_ring([lines["LOOKUP_KEY"]])
    make_key.complete(tmp_path / "new")
    assert (tmp_path / "new").stat().st_mode & 0o777 == 0o600


@pytest.mark.django_db
def test_a_ring_of_other_keys_is_refused_at_start_and_before_it_writes(ring):
    ring(OLD)
    UserFactory(email="ana@x.example")
    count = PersonKey.objects.count()
    ring(LOST)
    assert "ENCRYPTION_KEYS is wrong" in check_keys(databases=["default"])[0].msg
    assert fingerprint(OLD) in check_keys(databases=["default"])[0].msg
    with pytest.raises(WrongKeyError), transaction.atomic():
        UserFactory(email="eva@x.example")
    with pytest.raises(SystemExit, match="ENCRYPTION_KEYS is wrong"):
        start_celery()
    with pytest.raises(WrongKeyError):
        call_command("rotate_keys", verbosity=0)
    assert PersonKey.objects.count() == count
    ring(OLD)
    assert check_keys(databases=["default"]) == []
    assert User.objects.get().email == "ana@x.example"


@pytest.mark.django_db
def test_another_key_of_look_ups_is_refused(ring):
    ring(OLD)
    UserFactory(email="ana@x.example")
    ring(OLD, lookup=(LOST,))
    assert "LOOKUP_KEY is wrong" in check_keys(databases=["default"])[0].msg
    with pytest.raises(WrongKeyError, match="LOOKUP_KEY"), transaction.atomic():
        UserFactory(email="ana@x.example")


@pytest.mark.django_db
def test_a_key_is_changed_in_four_steps(ring, capsys):
    ring(OLD)
    cv = CVFactory(text="Telar", student__headline="Tejo")
    destroyed = StudentFactory(headline="Bordo")
    destroy([destroyed.key_id], now=NOW)
    ring(OLD, NEW)
    ring(NEW, OLD)
    StudentFactory(headline="Hilo")
    assert set(KnownKey.objects.filter(use="ring").values_list("fingerprint", flat=True)) == {
        fingerprint(OLD), fingerprint(NEW),
    }  # fmt: skip
    ring(NEW)
    assert "put it back" in check_keys(databases=["default"])[0].msg
    ring(NEW, OLD)
    call_command("rotate_keys", verbosity=0)
    said = capsys.readouterr().out
    assert f"wrapped with {fingerprint(NEW)}" in said
    assert f"({fingerprint(OLD)}) may leave" in said
    ring(NEW)
    assert check_keys(databases=["default"]) == []
    assert CV.objects.get(pk=cv.pk).text == "Telar"
    assert sorted(Student.objects.values_list("headline", flat=True)) == ["", "Hilo", "Tejo"]
    call_command("check_keys", "--all")


@pytest.mark.django_db
def test_a_rotation_that_was_stopped_goes_on(ring, monkeypatch):
    ring(OLD)
    for _ in range(7):
        StudentFactory(headline="Tejo", user=None)
    ring(NEW, OLD)
    monkeypatch.setattr(rotation, "BATCH", 3)
    rotation.rewrap_some()
    assert rotation.waiting().count() == 4
    assert set(Student.objects.values_list("headline", flat=True)) == {"Tejo"}  # half way, with both keys
    call_command("rotate_keys", verbosity=0)
    assert rotation.waiting().count() == 0


@pytest.mark.django_db
def test_the_key_of_look_ups_is_changed_and_nobody_is_lost_on_the_way(ring, capsys):
    ring(OLD, lookup=(OLD,))
    student = StudentFactory(user__email="ana@x.example", student_number="A1")
    addresses = ["ana@x.example", *(UserFactory().email for _ in range(4))]
    file = ContentFile(b"Telar de cintura", name="cv.txt")
    cv = upload_cv(student=student, file=file, now=NOW)
    for keys in ((OLD, NEW), (NEW, OLD)):
        ring(OLD, lookup=keys)
        assert [User.objects.filter(email=address).count() for address in addresses] == [1] * 5
        assert upload_cv(student=student, file=file, now=NOW) == cv
    unfound, steps, twice = 0, 0, []
    for changed in rotation.rehash(twice):
        steps += changed
        unfound += 5 - User.objects.filter(email__in=[address.upper() for address in addresses]).count()
        unfound += sum(not User.objects.filter(email=address).exists() for address in addresses)
        unfound += not Student.objects.filter(student_number="a1").exists()
    assert (unfound, twice, steps) == (0, [], 12)  # five people, their addresses, a number, a file
    ring(OLD, lookup=(NEW,))
    with pytest.raises(WrongKeyError, match="It may leave once"):
        known.refuse_unknown_lookup_key()
    ring(OLD, lookup=(NEW, OLD))
    call_command("rotate_keys", "--lookup", verbosity=0)
    assert f"({fingerprint(OLD)}) may leave LOOKUP_KEY" in capsys.readouterr().out
    ring(OLD, lookup=(NEW,))
    assert check_keys(databases=["default"]) == []
    call_command("check_keys", "--all")
    assert User.objects.filter(email__in=addresses).count() == 5
    assert upload_cv(student=student, file=file, now=NOW) == cv
    ring(OLD, lookup=(OLD,))
    assert "LOOKUP_KEY is wrong" in check_keys(databases=["default"])[0].msg


@pytest.mark.django_db
def test_while_the_key_of_look_ups_is_changed_nobody_is_there_twice(ring, capsys):
    ring(OLD, lookup=(OLD,))
    user = UserFactory(email="ana@x.example")
    ring(OLD, lookup=(NEW, OLD))
    with pytest.raises(IntegrityError), transaction.atomic():
        UserFactory(email="Ana@x.example")
    with pytest.raises(ValidationError, match=r"email|correo"):
        User(email="ANA@x.example", role="student", password="x").full_clean()
    ring(OLD, lookup=(LOST,))
    KnownKey.objects.all().delete()
    other = UserFactory(email="ana@x.example")  # by somebody who knows one key alone
    ring(OLD, lookup=(NEW, OLD))
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("check_keys", "--all")
    assert f"accounts_user {other.pk}: accounts.user.email: nobody finds it" in capsys.readouterr().err
    ring(OLD, lookup=(NEW, OLD, LOST))
    with pytest.raises(CommandError, match=f"accounts_user {other.pk}: another row holds the same email"):
        call_command("rotate_keys", "--lookup", verbosity=0)
    assert User.objects.get(email="ana@x.example", pk=user.pk) == user


@pytest.mark.django_db
def test_what_cannot_be_read_is_named_by_table_and_id(ring, capsys):
    ring(OLD)
    cv = CVFactory(text="Telar")
    call_command("check_keys")
    assert "can be read" in capsys.readouterr().out
    with connection.cursor() as cursor:
        cursor.execute("UPDATE students_cv SET original_name = text WHERE id = %s", [cv.pk])
        cursor.execute("UPDATE students_student SET headline = 'plain' WHERE id = %s", [cv.student_id])
    with pytest.raises(CommandError, match="2 of") as error:
        call_command("check_keys", "--all")
    said = capsys.readouterr().err
    assert error.value.returncode == 1
    assert f"students_cv {cv.pk}: students.cv.original_name" in said
    assert f"students_student {cv.student_id}: students.student.headline" in said

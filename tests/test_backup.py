"""Everything is destroyed and comes back row by row, but for those who were erased meanwhile."""

from pathlib import Path

import pytest
from django.contrib.sessions.models import Session
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import transaction

from conftest import DAY, NOW
from jobs.tests.factories import JobFactory
from moirai.accounts.audit import record
from moirai.accounts.models import AuditEvent, User
from moirai.backup import erased, making, restoring
from moirai.crypto import known
from moirai.crypto.models import KnownKey, PersonKey
from moirai.crypto.ring import fingerprint
from moirai.privacy.erasure import forget
from moirai.starting import UNFINISHED
from students.models import CV, Student
from students.personal import erase_student
from students.tests.factories import CVFactory, StudentFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def shelf(tmp_path_factory):
    """Where back-ups are kept: not in DATA_DIR, which the machine takes along when it dies."""
    return tmp_path_factory.mktemp("shelf")


@pytest.fixture
def world(settings):
    for use, key in ((KnownKey.Use.RING, settings.ENCRYPTION_KEYS[0]), (KnownKey.Use.LOOKUP, settings.LOOKUP_KEYS[0])):
        KnownKey.objects.create(use=use, fingerprint=fingerprint(key))
    cv = CVFactory(text="Telar kanaria", student__headline="Tejo\twith \\N and ñ\n")
    cv.file.save("telar.txt", ContentFile(b"kanaria"))
    StudentFactory(user=None, headline="Imported")
    JobFactory()
    record(action=AuditEvent.Action.ERASURE_ASKED, actor=None, subject="abc", at=NOW)
    Session.objects.create(session_key="k", session_data="d", expire_date=NOW + DAY)
    return cv


def everything(tables):
    """Count and hash of the rows of each table, and the files."""
    tables = making.engine().hashes(tables)
    tables.pop("django_session")
    tables.pop("sqlite_sequence", None)
    return tables, {path.name: path.read_bytes() for path in media()}


def media():
    return [path for path in Path(default_storage.path("")).rglob("*") if path.is_file()]


def destroy_all(tmp_path):
    """As if database and DATA_DIR had burnt; the keys are still at hand."""
    call_command("flush", verbosity=0, interactive=False)
    for path in sorted(tmp_path.rglob("*"), reverse=True):
        path.unlink() if path.is_file() else path.rmdir()
    known.forget_accepted()


def backup(shelf, at, time_machine, **options):
    time_machine.move_to(at, tick=False)
    call_command("backup", str(shelf), **options)
    return making.finished(shelf)[-1]


def test_all_is_destroyed_and_comes_back_as_it_was(world, shelf, tmp_path, time_machine, capsys):
    place = backup(shelf, NOW, time_machine)
    tables = restoring.read_manifest(place)["tables"]
    before = everything(tables)
    assert before[1]
    assert tables["students_cv"].get("order", ["id"]) == ["id"]  # rows have one order, on PostgreSQL too
    destroy_all(tmp_path)
    assert not User.objects.exists()
    call_command("restore", str(place))
    assert everything(tables) == before
    assert f"{NOW:%Y-%m-%d}" in capsys.readouterr().out
    cv = CV.objects.get()
    assert (cv.text, cv.file.read(), cv.student.headline) == (world.text, b"kanaria", world.student.headline)
    assert not Session.objects.exists()
    assert not (tmp_path / UNFINISHED).exists()
    StudentFactory()  # ids go on where they were
    call_command("verify_audit")


def test_whoever_was_erased_since_is_erased_again(world, shelf, tmp_path, time_machine, capsys):
    old = backup(shelf, NOW, time_machine)
    imported = Student.objects.get(user=None)
    with transaction.atomic():
        forget(world.student.user, now=NOW + DAY)
        erase_student(imported, NOW + DAY)
    backup(shelf, NOW + 2 * DAY, time_machine)  # keeps the list; DATA_DIR and database are lost now
    lost = {world.student.key_id, imported.key_id}
    assert lost <= set(erased.read(tmp_path / erased.NAME))
    destroy_all(tmp_path)
    call_command("restore", str(old))
    call_command("erase", again=[tmp_path / erased.NAME])  # as after a restore by other means: nobody is left to erase
    assert "0 of 3 keys were back" in capsys.readouterr().out
    assert not User.objects.filter(pk=world.student.user_id).exists()
    assert not Student.objects.filter(key_id__in=lost).exists()
    assert not CV.objects.exists()
    assert set(PersonKey.objects.filter(wrapped="").values_list("pk", flat=True)) >= lost
    assert media() == []
    assert AuditEvent.objects.filter(action=AuditEvent.Action.ERASED).count() == 1
    call_command("verify_audit")


@pytest.mark.once
def test_what_is_damaged_half_written_or_unfit_is_refused_and_nothing_is_lost(
    world, shelf, tmp_path, time_machine, settings, monkeypatch
):
    place = backup(shelf, NOW, time_machine)
    tables = restoring.read_manifest(place)["tables"]
    before = everything(tables)

    def refused(says, folder=place, **options):
        with pytest.raises(CommandError, match=says):
            call_command("restore", str(folder), **options)

    refused("The database is not empty: use an empty one, or --force")
    refused("is not a whole back-up", folder=shelf / "nothing")
    manifest = place / making.MANIFEST
    whole = manifest.read_text()
    manifest.write_text(whole[:-40])
    refused("is not a whole back-up: its manifest.json is missing or damaged", force=True)
    manifest.write_text(whole)
    file = next((place / "database").iterdir())
    data = file.read_bytes()
    file.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
    refused(f"is damaged: database/{file.name}", force=True)
    file.unlink()
    refused(f"database/{file.name} is missing", force=True)
    file.write_bytes(data)
    ring, settings.ENCRYPTION_KEYS = settings.ENCRYPTION_KEYS, (b"x" * 32,)
    refused("This back-up needs the key", force=True)
    settings.ENCRYPTION_KEYS = ring
    refused("There is no list", erased=[tmp_path / "no"])

    def fail(*args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(making, "_copy_media", fail)
    time_machine.move_to(NOW + DAY, tick=False)
    with pytest.raises(CommandError, match=r"failed and nothing half-made is left: .* No space left"):
        call_command("backup", str(shelf))
    assert {path.name for path in shelf.iterdir()} == {place.name, erased.NAME}
    assert everything(tables) == before


@pytest.mark.once
def test_old_backups_go_and_keys_are_never_inside(shelf, tmp_path, time_machine, settings):
    PersonKey.objects.create(id="k" * 22, wrapped="w")
    with pytest.raises(CommandError, match="Keys beside what they open"):
        call_command("backup", str(shelf), with_keys=shelf / "keys")
    keys = tmp_path / "keys"
    places = [backup(shelf, NOW + number * DAY, time_machine, keep=2) for number in range(3)]
    assert making.finished(shelf) == places[1:]
    (shelf / ".part-dead").mkdir()
    assert making.keep_newest(shelf, count=2) == []
    call_command("restore", str(places[2]), check=True)
    making.write_keys(keys)
    assert keys.stat().st_mode & 0o777 == 0o600
    text = "".join(path.read_text("latin-1") for path in shelf.rglob("*") if path.is_file())
    for line in keys.read_text().splitlines():
        assert line.split("=", 1)[1] not in text

"""What stands in a column is ciphertext; what a row says is what was written."""

import pytest
from django.core.exceptions import FieldError, ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, connection, transaction
from django.db.models import Count
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from conftest import NOW
from moirai.accounts.models import User
from moirai.accounts.tests.factories import UserFactory
from moirai.crypto.fields import bulk_update, seal
from moirai.crypto.keys import DestroyedKeyError, destroy, keys_at_hand
from moirai.crypto.models import PersonKey, new_key_id
from moirai.crypto.ring import UnreadableError, keyed_hash, normalised, unwrap, wrap
from moirai.crypto.sealing import open_bytes, open_text, seal_bytes, seal_text
from notifications.models import Notification
from students.models import CV, ProfileEntry, Student
from students.tests.factories import CVFactory, StudentFactory

pytestmark = pytest.mark.django_db
TEXTS = st.text(st.characters(exclude_categories=("Cs",)), max_size=300)


def stored(table: str, column: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM {table} ORDER BY id")
        return [row[0] for row in cursor.fetchall()]


class RoundTrips(TestCase):
    @settings(max_examples=60, deadline=None)
    @given(text=TEXTS)
    def test_any_text_comes_back_as_it_was(self, text):
        key_id = new_key_id()
        token = seal_text(text, key_id=key_id, about="a.b")
        assert open_text(token, about="a.b") == text
        assert len(text) < 4 or text not in token

    @settings(max_examples=40, deadline=None)
    @given(content=st.binary(max_size=3000))
    def test_any_file_comes_back_as_it_was(self, content):
        sealed = seal_bytes(content, key_id=new_key_id(), about="a.b")
        assert open_bytes(sealed, about="a.b") == content

    @settings(max_examples=60, deadline=None)
    @given(text=TEXTS, at=st.integers(0, 10_000), flip=st.integers(1, 63))
    def test_a_changed_character_is_noticed(self, text, at, flip):
        letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
        token = seal_text(text, key_id=new_key_id(), about="a.b")
        body = 26 + at % (len(token) - 27)  # the last character may carry bits that mean nothing
        other = letters[(letters.index(token[body]) + flip) % 64]
        with pytest.raises(UnreadableError):
            open_text(token[:body] + other + token[body + 1 :], about="a.b")


def test_no_column_holds_what_was_written_and_every_query_reads_it():
    cv = CVFactory(text="Telar de cintura", original_name="mío.pdf", student__headline="Tejo")
    assert "Telar" not in "".join(stored("students_cv", "text") + stored("students_cv", "original_name"))
    assert CV.objects.get().text == "Telar de cintura"
    assert CV.objects.values_list("text", "student__headline").get() == ("Telar de cintura", "Tejo")
    assert CV.objects.defer("text").get().text == "Telar de cintura"
    assert list(CV.objects.values_list("text", flat=True).iterator(chunk_size=10)) == ["Telar de cintura"]
    assert CV.objects.select_related("student").annotate(n=Count("evidence")).get().student.headline == "Tejo"
    assert CV.objects.select_for_update().get().original_name == "mío.pdf"
    assert CV.objects.raw("SELECT * FROM students_cv")[0].text == "Telar de cintura"
    cv.refresh_from_db()
    assert cv.text == "Telar de cintura"


def test_empty_and_absent_stay_what_they_are():
    student = StudentFactory(headline="", external_id=None)
    assert stored("students_student", "headline") == [""]
    assert stored("students_student", "external_id") == [None]
    assert Student.objects.filter(headline="", external_id=None).get() == student
    assert not Student.objects.exclude(headline="").exists()


def test_the_same_text_is_never_stored_alike_and_opens_in_its_own_column_only():
    first = StudentFactory(headline="Tejo", phone="55")
    StudentFactory(headline="Tejo")
    one, two = stored("students_student", "headline")
    assert one != two
    with connection.cursor() as cursor:
        cursor.execute("UPDATE students_student SET phone = headline WHERE id = %s", [first.pk])
    with pytest.raises(UnreadableError, match=r"students\.student\.phone"):
        Student.objects.get(pk=first.pk)


def test_updates_take_sealed_values_and_nothing_else():
    student = StudentFactory(headline="Tejo")
    Student.objects.filter(pk=student.pk).update(**seal(student, headline="Bordo", semester=3))
    student.refresh_from_db()
    assert (student.headline, student.semester) == ("Bordo", 3)
    for refused in (
        lambda: Student.objects.update(headline="Tejo"),
        lambda: Student.objects.update(external_id="1"),
        lambda: Student.objects.filter(headline="Tejo").count(),
        lambda: Student.objects.bulk_update([student], ["headline"]),
    ):
        with pytest.raises(TypeError, match="is encrypted"), transaction.atomic():
            refused()
    with pytest.raises(FieldError):
        Student.objects.filter(headline__icontains="Tej")
    student.headline = "Tiño"
    bulk_update([student], ["headline", "semester"])
    assert student.headline == "Tiño"
    assert Student.objects.get().headline == "Tiño"


def test_json_comes_back_as_it_was():
    notice = Notification.objects.create(
        user=UserFactory(), kind="new_matches", data={"new": 3, "company": "Ñandú"}, key="k", created_at=NOW
    )
    assert "Ñandú" not in stored("notifications_notification", "data")[0]
    notice.refresh_from_db()
    assert notice.data == {"new": 3, "company": "Ñandú"}


def test_a_file_lies_encrypted_and_opens_plain():
    cv = CVFactory()
    cv.file.save("cv.txt", ContentFile(b"Telar de cintura"))
    with default_storage.open(cv.file.name) as file:
        assert b"Telar" not in file.read()
    for row in (cv, CV.objects.get()):
        with row.file.open("rb") as file:
            assert (file.read(5), file.read()) == (b"Telar", b" de cintura")
        with row.file.open("rb") as file:
            assert b"".join(file.chunks()) == b"Telar de cintura"


def test_people_are_found_by_address_whatever_its_case_and_have_it_once():
    user = UserFactory(email="ana@x.example")
    assert User.objects.get(email="ANA@x.example") == User.objects.get(email__iexact=" Ana@X.example") == user
    assert list(User.objects.filter(email__in=["b@x.example", "Ana@x.example"])) == [user]
    assert not User.objects.exclude(email="ana@x.example").exists()
    assert User.objects.get_by_natural_key("aNa@x.example") == user
    with pytest.raises(IntegrityError), transaction.atomic():
        UserFactory(email="Ana@X.example")
    with pytest.raises(ValidationError):
        User(email="ANA@X.EXAMPLE", role="student", password="x").full_clean()
    user.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        StudentFactory(student_number="a1"), StudentFactory(student_number="A1")


def test_a_hash_tells_columns_apart_and_needs_the_key(settings):
    assert normalised(" ＡNA@x ") == "ana@x"
    first = keyed_hash("ana", about="a")
    assert first != keyed_hash("ana", about="b")
    settings.LOOKUP_KEYS = (b"o" * 32,)
    assert first != keyed_hash("ana", about="a")


@pytest.mark.parametrize("count", [2, 9])
def test_a_list_needs_no_query_for_keys(count, django_assert_num_queries):
    for _ in range(count):
        CVFactory(student__headline="Tejo")
    with django_assert_num_queries(1):
        assert {cv.student.headline + cv.text[:3] for cv in CV.objects.select_related("student__user")} == {"TejoExp"}


@pytest.mark.parametrize("count", [2, 9])
def test_many_people_are_written_with_one_look_for_keys(count, django_assert_num_queries):
    students = [Student(headline="Tejo", external_id=str(number)) for number in range(count)]
    with django_assert_num_queries(6), keys_at_hand(student.key_id for student in students):
        Student.objects.bulk_create(students)
    assert PersonKey.objects.count() == count


def test_a_destroyed_key_leaves_nothing_to_read_and_takes_nothing_new():
    cv = CVFactory(text="Telar", student__headline="Tejo")
    cv.file.save("cv.txt", ContentFile(b"Telar"))
    entry = ProfileEntry.objects.create(student=cv.student, kind="project", title="Rebozo")
    before = stored("students_cv", "text")
    assert destroy([cv.student.key_id, cv.student.key_id], now=NOW) == 1
    assert destroy([cv.student.key_id], now=NOW) == 0
    assert stored("students_cv", "text") == before
    again = CV.objects.select_related("student").get()
    assert (again.text, again.student.headline, again.file.open("rb").read()) == ("", "", b"")
    assert ProfileEntry.objects.get(pk=entry.pk).title == ""
    with pytest.raises(DestroyedKeyError), transaction.atomic():
        ProfileEntry.objects.create(student=cv.student, kind="project", title="Otro")
    again.save()


def test_a_key_that_was_never_made_is_not_made_after_it_was_destroyed():
    student = StudentFactory(headline="")
    destroy([student.key_id], now=NOW)
    student.headline = "Tejo"
    with pytest.raises(DestroyedKeyError), transaction.atomic():
        student.save()


def test_a_key_made_in_a_transaction_that_is_rolled_back_is_forgotten():
    student = StudentFactory(headline="")
    with transaction.atomic():
        Student.objects.filter(pk=student.pk).update(**seal(student, headline="Tejo"))
        transaction.set_rollback(True)
    Student.objects.filter(pk=student.pk).update(**seal(student, headline="Bordo"))
    assert Student.objects.get(pk=student.pk).headline == "Bordo"


def test_a_missing_row_of_a_key_is_said_and_never_read_as_nothing():
    CVFactory(text="Telar")
    PersonKey.objects.all().delete()
    with pytest.raises(UnreadableError, match="missing"):
        CV.objects.get()


def test_a_wrapped_key_belongs_to_its_own_id():
    wrapped = wrap(b"k" * 32, key_id="a" * 22)
    assert unwrap(wrapped, key_id="a" * 22) == b"k" * 32
    with pytest.raises(UnreadableError):
        unwrap(wrapped, key_id="b" * 22)

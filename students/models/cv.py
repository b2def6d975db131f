"""CVs, from the file to its text."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from moirai.crypto.fields import EncryptedCharField, EncryptedFileField, EncryptedTextField
from moirai.public_ids import new_public_id
from moirai.skills.models import EnrichmentLog
from moirai.skills.text import words_in
from students.models.student import Student

# A worker that has read one CV for this long is taken for dead; the child that parses the file gets half of it.
LEASE = timedelta(seconds=8 * settings.CV_READER_SECONDS)


class CVQuerySet(models.QuerySet["CV"]):
    def current(self) -> Self:
        return self.filter(is_current=True)

    def naming_any(self, texts: list[str]) -> Self:
        """CVs whose text holds any of ``texts``, whatever its case; all of them for an empty list."""
        if not texts:
            return self
        wanted = [text.casefold() for text in texts]
        rows = self.values_list("pk", "text").iterator(chunk_size=500)  # encrypted: only we can look into them
        return self.filter(pk__in=[pk for pk, text in rows if any(name in text.casefold() for name in wanted)])

    def waiting(self) -> Self:
        return self.filter(needs_reading_since__isnull=False, attempts__lt=CV.MAX_ATTEMPTS)

    def exhausted(self) -> Self:
        """CVs that wait although all their attempts are used up."""
        return self.filter(needs_reading_since__isnull=False, attempts__gte=CV.MAX_ATTEMPTS)

    def not_being_read(self, *, at: datetime) -> Self:
        """CVs that no worker holds: none of their readings is running, or it has run for too long."""
        running = EnrichmentLog.objects.filter(
            subject=EnrichmentLog.Subject.CV,
            subject_id=OuterRef("pk"),
            outcome=EnrichmentLog.Outcome.RUNNING,
            started_at__gt=at - LEASE,
        )
        return self.filter(~Exists(running))

    def newest_first(self) -> Self:
        return self.order_by("-uploaded_at", "-pk")


class WordCount(models.PositiveIntegerField):
    """How many words that say something ``text`` has, written with it; lists count without opening the text."""

    def pre_save(self, model_instance: models.Model, add: bool) -> int:
        setattr(model_instance, self.attname, count := words_in(model_instance.text))  # type: ignore[attr-defined]
        return count


def cv_path(cv: CV, filename: str) -> str:
    """Where a CV's file lies: a random name, never the one that a stranger chose."""
    return f"cv/{cv.public_id[:2]}/{cv.public_id}"


class CV(models.Model):
    """One uploaded file and the text read from it; pages are separated by a form feed."""

    MAX_ATTEMPTS = 3

    class Status(models.TextChoices):
        WAITING = "waiting", _("waiting")
        READING = "reading", _("reading")
        READ = "read", _("read")
        FAILED = "failed", _("could not be read")

    class Failure(models.TextChoices):
        """Why a file could not be read; `students/reading` raises them, pages explain them."""

        EMPTY = "empty", _("the file is empty")
        UNKNOWN = "unknown", _("the file is not a PDF, DOCX, ODT or text file")
        ENCRYPTED = "encrypted", _("the file is protected with a password")
        DAMAGED = "damaged", _("the file is damaged")
        SCANNED = "scanned", _("the file holds pictures of text, not text")
        TOO_LARGE = "too_large", _("the file is too large once opened")
        TOO_SLOW = "too_slow", _("the file took too long to read")
        INFECTED = "infected", _("the file holds a virus")

    student = models.ForeignKey(Student, on_delete=models.CASCADE, related_name="cvs", verbose_name=_("student"))
    public_id = models.CharField(_("public id"), max_length=10, unique=True, default=new_public_id, editable=False)
    file = EncryptedFileField(_("file"), upload_to=cv_path, blank=True, person="student")
    original_name = EncryptedCharField(_("name of the file"), max_length=255, blank=True, person="student")
    size = models.PositiveIntegerField(_("bytes"), default=0)
    content_hash = models.CharField(_("keyed hash of the file"), max_length=64, blank=True, editable=False)
    status = models.CharField(_("status"), max_length=8, choices=Status, default=Status.WAITING)
    failure = models.CharField(_("failure"), max_length=12, choices=Failure, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    needs_reading_since = models.DateTimeField(_("waits to be read since"), null=True, blank=True, editable=False)
    text = EncryptedTextField(_("text"), blank=True, person="student")
    words = WordCount(_("words"), default=0, editable=False)
    pages = models.PositiveSmallIntegerField(_("pages"), default=0)
    language = models.CharField(_("language"), max_length=5, blank=True)
    is_current = models.BooleanField(_("current"), default=False)
    uploaded_at = models.DateTimeField(_("uploaded"))
    read_at = models.DateTimeField(_("read"), null=True, blank=True)

    objects = CVQuerySet.as_manager()

    class Meta:
        verbose_name = _("CV")
        verbose_name_plural = _("CVs")
        indexes = [
            models.Index(fields=["student", "-uploaded_at"], name="cvs_of_a_student_newest_first"),
            models.Index(
                fields=["needs_reading_since"],
                name="cv_waits_to_be_read",
                condition=Q(needs_reading_since__isnull=False),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["student"], condition=Q(is_current=True), name="student_has_one_current_cv"
            ),
            models.CheckConstraint(condition=Q(is_current=False) | Q(status="read"), name="current_cv_has_been_read"),
            models.CheckConstraint(condition=Q(failure="") | Q(status="failed"), name="only_a_failed_cv_has_a_failure"),
        ]

    def __str__(self) -> str:
        return self.original_name or self.public_id

    def page_of(self, offset: int) -> int:
        """The page, from 1, on which the character at ``offset`` of the text stands."""
        return self.text.count("\f", 0, offset) + 1

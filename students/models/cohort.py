"""Imports of cohorts: a file of the office, and what became of each of its rows."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from moirai.crypto.fields import EncryptedCharField, EncryptedFileField, EncryptedJSONField
from moirai.crypto.models import KeyIdField
from moirai.public_ids import new_public_id
from students.models.student import Student

KNOWN = ["mapping", "checking", "checked", "storing", "stored", "undoing", "undone", "refused"]


def cohort_path(cohort: Cohort, filename: str) -> str:
    return f"cohorts/{cohort.public_id}"


class CohortQuerySet(models.QuerySet["Cohort"]):
    def waiting(self) -> Self:
        return self.filter(needs_work_since__isnull=False, attempts__lt=Cohort.MAX_ATTEMPTS)

    def stuck(self) -> Self:
        """Imports that wait although all their attempts are used up."""
        return self.filter(needs_work_since__isnull=False, attempts__gte=Cohort.MAX_ATTEMPTS)

    def newest_first(self) -> Self:
        return self.order_by("-created_at", "-pk")


class Cohort(models.Model):
    """One file, from upload over a dry run to stored, and back. The row is the queue of the work on it."""

    class Status(models.TextChoices):
        MAPPING = "mapping", _("columns to be matched")
        CHECKING = "checking", _("being checked")
        CHECKED = "checked", _("checked, nothing stored")
        STORING = "storing", _("being stored")
        STORED = "stored", _("stored")
        UNDOING = "undoing", _("being undone")
        UNDONE = "undone", _("undone")
        REFUSED = "refused", _("unreadable")

    MAX_ATTEMPTS = 5

    public_id = models.CharField(_("public id"), max_length=10, unique=True, default=new_public_id, editable=False)
    key_id = KeyIdField(_("id of the key"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("uploaded by")
    )
    created_at = models.DateTimeField(_("uploaded"))
    file = EncryptedFileField(_("file"), upload_to=cohort_path, blank=True)
    file_name = EncryptedCharField(_("name of the file"), max_length=200, blank=True)
    header = EncryptedJSONField(_("columns of the file"), default=list, blank=True)
    signature = models.CharField(_("hash of the columns"), max_length=64, blank=True)
    mapping = models.JSONField(_("column of each field"), default=dict, blank=True)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.MAPPING)
    problem = models.CharField(_("why it is unreadable"), max_length=20, blank=True)
    problem_line = models.PositiveIntegerField(_("on line"), null=True, blank=True)
    counts = models.JSONField(_("rows by outcome"), default=dict, blank=True)
    cursor = models.PositiveIntegerField(_("last line done"), default=0)
    done = models.PositiveIntegerField(_("rows done"), default=0)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    needs_work_since = models.DateTimeField(_("waits since"), null=True, blank=True, editable=False)

    objects = CohortQuerySet.as_manager()

    class Meta:
        verbose_name = _("cohort import")
        verbose_name_plural = _("cohort imports")
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=KNOWN),
                name="cohort_has_a_known_status",
            )
        ]

    def __str__(self) -> str:
        return f"{self.created_at:%Y-%m-%d %H:%M} {self.public_id}"

    @property
    def is_stuck(self) -> bool:
        return self.needs_work_since is not None and self.attempts >= self.MAX_ATTEMPTS


class CohortRow(models.Model):
    """One row of a file: what it would do or did, and what was there before. Deleted after ``KEEP_DAYS``."""

    class Outcome(models.TextChoices):
        NEW = "new", _("new")
        CHANGED = "changed", _("changed")
        SAME = "same", _("already so")
        ERROR = "error", _("error")

    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="rows", verbose_name=_("import"))
    line = models.PositiveIntegerField(_("line"))
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome)
    reason = models.CharField(_("reason"), max_length=20, blank=True)
    detail = models.CharField(_("which field or line"), max_length=60, blank=True)
    data = EncryptedJSONField(_("values"), default=dict, person="cohort")
    student = models.ForeignKey(
        Student, on_delete=models.CASCADE, null=True, related_name="+", verbose_name=_("student")
    )
    is_stored = models.BooleanField(_("stored"), default=False)
    after_hash = models.CharField(_("hash of the profile as stored"), max_length=64, blank=True)

    class Meta:
        verbose_name = _("row of a cohort import")
        verbose_name_plural = _("rows of cohort imports")
        constraints = [models.UniqueConstraint(fields=["cohort", "line"], name="cohort_has_each_line_once")]

    def __str__(self) -> str:
        return f"{self.line}: {self.outcome}"

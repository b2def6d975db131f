"""What students keep of the public list: postings, searches with their alerts, and what alerts have sent."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from jobs.models.job import Job
from moirai.public_ids import new_public_id
from students.models import Student

QUERY_LIMIT = 1000  # characters of an address


class SavedJobQuerySet(models.QuerySet["SavedJob"]):
    def still_public(self) -> Self:
        """Saved postings that the public may still see, open or closed."""
        return self.filter(
            job__status__in=[Job.Status.PUBLISHED, Job.Status.CLOSED],
            job__published_at__isnull=False,
            job__company__status="verified",
        )

    def newest_first(self) -> Self:
        return self.order_by("-created_at", "-id")


class SavedJob(models.Model):
    """A posting that a student wants to find again."""

    student = models.ForeignKey(Student, on_delete=models.CASCADE, related_name="saved_jobs", verbose_name=_("student"))
    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="+", verbose_name=_("posting"))
    created_at = models.DateTimeField(_("saved"))

    objects = SavedJobQuerySet.as_manager()

    class Meta:
        verbose_name = _("saved posting")
        verbose_name_plural = _("saved postings")
        indexes = [models.Index(fields=["student", "-created_at", "-id"], name="saved_jobs_newest_first")]
        constraints = [models.UniqueConstraint(fields=["student", "job"], name="student_saves_a_job_once")]

    def __str__(self) -> str:
        return f"{self.student}: {self.job}"


class SavedSearchQuerySet(models.QuerySet["SavedSearch"]):
    def due(self, *, at: datetime) -> Self:
        return self.filter(due_at__lte=at)


class SavedSearch(models.Model):
    """A search of the public list whose new postings a student is told of; ``due_at`` is the queue."""

    class Frequency(models.TextChoices):
        DAILY = "daily", _("daily")
        WEEKLY = "weekly", _("weekly")

    student = models.ForeignKey(
        Student, on_delete=models.CASCADE, related_name="saved_searches", verbose_name=_("student")
    )
    public_id = models.CharField(_("public id"), max_length=10, unique=True, default=new_public_id, editable=False)
    query = models.CharField(_("search"), max_length=QUERY_LIMIT, blank=True, help_text=_("As in the address."))
    frequency = models.CharField(_("frequency"), max_length=6, choices=Frequency, default=Frequency.DAILY)
    created_at = models.DateTimeField(_("created"))
    due_at = models.DateTimeField(_("looks next at"))

    objects = SavedSearchQuerySet.as_manager()

    class Meta:
        verbose_name = _("saved search")
        verbose_name_plural = _("saved searches")
        indexes = [models.Index(fields=["due_at"], name="searches_that_are_due")]
        constraints = [models.UniqueConstraint(fields=["student", "query"], name="student_saves_a_search_once")]

    def __str__(self) -> str:
        return f"{self.student}: {self.public_id}"


class SentJob(models.Model):
    """A posting that an alert has sent to a student; no alert of the same person sends it again."""

    student = models.ForeignKey(Student, on_delete=models.CASCADE, related_name="+", verbose_name=_("student"))
    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="+", verbose_name=_("posting"))
    sent_at = models.DateTimeField(_("sent at"))

    class Meta:
        verbose_name = _("posting sent by an alert")
        verbose_name_plural = _("postings sent by alerts")
        constraints = [models.UniqueConstraint(fields=["student", "job"], name="student_is_sent_a_job_once")]

    def __str__(self) -> str:
        return f"{self.student}: {self.job}"


class SearchWord(models.Model):
    """A word of open postings, for queries that are spelled otherwise."""

    word = models.CharField(_("word"), max_length=50, unique=True)
    postings = models.PositiveIntegerField(_("postings"))

    class Meta:
        verbose_name = _("word of postings")
        verbose_name_plural = _("words of postings")

    def __str__(self) -> str:
        return self.word

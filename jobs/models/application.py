"""Applications and their steps."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jobs.models.company import Company
from jobs.models.job import Job
from moirai.public_ids import new_public_id
from students.models import CV, Student


class ApplicationQuerySet(models.QuerySet["Application"]):
    def of_job(self, job: Job) -> Self:
        return self.filter(job=job)

    def of_company(self, company: Company) -> Self:
        return self.filter(job__company=company)

    def active(self) -> Self:
        """Applications that the company may read: all but the withdrawn ones."""
        return self.exclude(status=Application.Status.WITHDRAWN)

    def unanswered(self) -> Self:
        return self.filter(status__in=[Application.Status.SENT, Application.Status.SEEN])

    def newest_first(self) -> Self:
        return self.order_by("-created_at", "-id")

    def for_list(self) -> Self:
        return self.select_related("job__company", "student__user", "cv")


class Application(models.Model):
    """A student's application to a posting; the CV that was shared is kept with it."""

    class Status(models.TextChoices):
        SENT = "sent", pgettext_lazy("application", "sent")
        SEEN = "seen", pgettext_lazy("application", "seen")
        IN_REVIEW = "in_review", pgettext_lazy("application", "in review")
        INTERVIEW = "interview", pgettext_lazy("application", "interview")
        ACCEPTED = "accepted", pgettext_lazy("application", "accepted")
        REJECTED = "rejected", pgettext_lazy("application", "not selected")
        WITHDRAWN = "withdrawn", pgettext_lazy("application", "withdrawn")

    student = models.ForeignKey(
        Student, on_delete=models.CASCADE, related_name="applications", verbose_name=_("student")
    )
    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="applications", verbose_name=_("posting"))
    public_id = models.CharField(_("public id"), max_length=10, unique=True, default=new_public_id, editable=False)
    cv = models.ForeignKey(CV, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("CV"))
    status = models.CharField(_("status"), max_length=9, choices=Status, default=Status.SENT)
    message = models.TextField(_("message"), max_length=2000, blank=True)
    created_at = models.DateTimeField(_("sent at"))
    updated_at = models.DateTimeField(_("moved at"))

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("application")
        verbose_name_plural = _("applications")
        indexes = [
            models.Index(fields=["student", "-created_at"], name="applications_of_a_student"),
            models.Index(fields=["job", "status"], name="applications_to_a_job"),
        ]
        constraints = [models.UniqueConstraint(fields=["student", "job"], name="student_applies_to_a_job_once")]

    def __str__(self) -> str:
        return f"{self.student} → {self.job}"

    def get_absolute_url(self) -> str:
        return reverse("jobs:application", args=[self.public_id])

    @property
    def is_ended(self) -> bool:
        return self.status in (self.Status.ACCEPTED, self.Status.REJECTED, self.Status.WITHDRAWN)


class ApplicationEvent(models.Model):
    """One step of an application, as both sides see it."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="events")
    status = models.CharField(_("status"), max_length=9, choices=Application.Status)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    note = models.TextField(_("note"), max_length=2000, blank=True, help_text=_("The student reads it."))
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("step of an application")
        verbose_name_plural = _("steps of applications")
        indexes = [models.Index(fields=["application", "at"], name="steps_of_an_application")]

    def __str__(self) -> str:
        return f"{self.application}: {self.status}"

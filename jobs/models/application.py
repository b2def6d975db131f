"""Applications and their steps."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jobs.models.company import Company
from jobs.models.grant import closed_to
from jobs.models.job import Job
from moirai.crypto.fields import EncryptedTextField
from moirai.public_ids import new_public_id
from students.models import CV, Student


class ApplicationQuerySet(models.QuerySet["Application"]):
    def of_job(self, job: Job) -> Self:
        return self.filter(job=job)

    def of_company(self, company: Company) -> Self:
        return self.filter(job__company=company)

    def active(self) -> Self:
        """Applications that the company may read: not withdrawn, not closed to it, and the student not restricted."""
        kept: Self = self.exclude(status=Application.Status.WITHDRAWN).exclude(
            closed_to(student="student", company="job__company")
        )
        return kept.filter(student__restricted_since__isnull=True)

    def unanswered(self) -> Self:
        return self.filter(status__in=UNANSWERED)

    def on_their_way(self) -> Self:
        """Those that have not come to an end."""
        return self.exclude(status__in=ENDED)

    def active_first(self) -> Self:
        """Those on their way, then the ended ones (``has_ended``); newest first in both."""
        ended = models.Case(models.When(status__in=ENDED, then=True), default=False)
        return self.annotate(has_ended=ended).order_by("has_ended", "-created_at", "-id")

    def with_unread(self, side: str) -> Self:
        """With ``unread``: messages of the other side that this one has not opened."""
        unread = Q(messages__read_at__isnull=True) & ~Q(messages__side=side)
        return self.annotate(unread=models.Count("messages", filter=unread))

    def newest_first(self) -> Self:
        return self.order_by("-created_at", "-id")

    def for_list(self) -> Self:
        """With posting, person and CV, without the long texts."""
        rows = self.select_related("job__company", "student__user", "cv")
        return rows.defer("cv__text", "job__search_text", "job__lexemes")

    def named(self) -> Self:
        """With what a line says of each: of all that is encrypted about the person, the name alone is opened."""
        own = ("student", "public_id", "status", "created_at", "updated_at", "revealed_at", "job__is_blind")
        who = ("public_id", "user__full_name", "user__email")
        return self.select_related("job", "student__user").only(*own, *(f"student__{name}" for name in who))


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
        NO_ANSWER = "no_answer", pgettext_lazy("application", "closed without an answer")

    student = models.ForeignKey(
        Student, on_delete=models.CASCADE, related_name="applications", verbose_name=_("student")
    )
    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="applications", verbose_name=_("posting"))
    public_id = models.CharField(_("public id"), max_length=10, unique=True, default=new_public_id, editable=False)
    cv = models.ForeignKey(CV, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("CV"))
    status = models.CharField(_("status"), max_length=9, choices=Status, default=Status.SENT)
    message = EncryptedTextField(_("message"), max_length=2000, blank=True, person="student")
    shares_phone = models.BooleanField(_("shares the phone"), default=False)
    receipt = models.JSONField(_("what was shared"), default=dict, blank=True)
    revealed_at = models.DateTimeField(_("name shown since"), null=True, blank=True)
    news_due_at = models.DateTimeField(_("news promised by"), null=True, blank=True)
    nudges = models.PositiveSmallIntegerField(_("reminders to the company"), default=0)
    nudged_at = models.DateTimeField(_("reminded at"), null=True, blank=True)
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
        return self.status in ENDED

    @property
    def is_unanswered(self) -> bool:
        return self.status in UNANSWERED

    @property
    def is_blind(self) -> bool:
        """Whether the company does not see yet who it is; reads the posting."""
        return self.job.is_blind and self.revealed_at is None

    @property
    def applicant(self) -> str:
        """The person as the company reads: an alias in a blind review, else the name; reads posting and student."""
        return self.student.alias if self.is_blind else str(self.student)


UNANSWERED = (Application.Status.SENT, Application.Status.SEEN)
ENDED = (
    Application.Status.ACCEPTED,
    Application.Status.REJECTED,
    Application.Status.WITHDRAWN,
    Application.Status.NO_ANSWER,
)


class ApplicationEvent(models.Model):
    """One step of an application, as both sides see it."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="events")
    status = models.CharField(_("status"), max_length=9, choices=Application.Status)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    note = EncryptedTextField(
        _("note"), max_length=2000, blank=True, help_text=_("The student reads it."), person="application.student"
    )
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("step of an application")
        verbose_name_plural = _("steps of applications")
        indexes = [models.Index(fields=["application", "at"], name="steps_of_an_application")]

    def __str__(self) -> str:
        return f"{self.application}: {self.status}"

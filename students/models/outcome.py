"""What became of graduates: a survey of one cohort, and what each person answered."""

from __future__ import annotations

from datetime import date
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from moirai.crypto.fields import EncryptedCharField
from moirai.public_ids import new_public_id
from students.models.student import Student


class OutcomeSurveyQuerySet(models.QuerySet["OutcomeSurvey"]):
    def open(self, *, on: date) -> Self:
        return self.filter(closes_on__gte=on)

    def newest_first(self) -> Self:
        return self.order_by("-created_at", "-pk")

    def with_counts(self) -> Any:
        """With ``people``, ``answered`` and ``declined``."""
        said = OutcomeAnswer.Status
        return self.annotate(
            people=models.Count("answers"),
            answered=models.Count("answers", filter=Q(answers__status=said.ANSWERED)),
            declined=models.Count("answers", filter=Q(answers__status=said.DECLINED)),
        )


class OutcomeSurvey(models.Model):
    """One cohort that is asked: a programme and a year of graduation."""

    public_id = models.CharField(_("public id"), max_length=10, unique=True, default=new_public_id, editable=False)
    degree_program = models.CharField(_("degree programme"), max_length=200)
    graduation_year = models.PositiveSmallIntegerField(_("year of graduation"))
    remind_on = models.DateField(_("reminder on"), null=True, blank=True)
    closes_on = models.DateField(_("last day"))
    created_at = models.DateTimeField(_("opened"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("opened by")
    )

    objects = OutcomeSurveyQuerySet.as_manager()

    class Meta:
        verbose_name = _("survey of graduates")
        verbose_name_plural = _("surveys of graduates")
        constraints = [
            models.UniqueConstraint(
                fields=["degree_program", "graduation_year", "closes_on"], name="cohort_is_asked_once_until_a_day"
            ),
            models.CheckConstraint(
                condition=Q(remind_on__isnull=True) | Q(remind_on__lte=F("closes_on")),
                name="graduates_are_reminded_before_the_survey_closes",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.degree_program} {self.graduation_year}"


class OutcomeAnswerQuerySet(models.QuerySet["OutcomeAnswer"]):
    def answered(self) -> Self:
        return self.filter(status=OutcomeAnswer.Status.ANSWERED)

    def countable(self) -> Self:
        """Answers of people whose data may be counted."""
        return self.answered().filter(student__restricted_since__isnull=True)

    def newest_of_each(self) -> Self:
        """Answers that their person has not replaced by one to a later survey."""
        others = OutcomeAnswer.objects.answered().filter(student=OuterRef("student"))
        return self.exclude(Exists(others.filter(answered_at__gt=OuterRef("answered_at"))))

    def to_invite(self, *, on: date) -> Self:
        return self._reachable(on).filter(invited_at__isnull=True)

    def to_remind(self, *, on: date) -> Self:
        """Invited, silent, and not reminded yet."""
        waiting = self._reachable(on).filter(status=OutcomeAnswer.Status.ASKED, invited_at__isnull=False)
        return waiting.filter(reminded_at__isnull=True, survey__remind_on__lte=on)

    def _reachable(self, on: date) -> Self:
        return self.filter(
            survey__closes_on__gte=on, student__user__is_active=True, student__restricted_since__isnull=True
        )


class OutcomeAnswer(models.Model):
    """One graduate in one survey. To take part is voluntary; until the survey closes the answer can be changed."""

    class Status(models.TextChoices):
        ASKED = "asked", pgettext_lazy("survey", "no answer yet")
        ANSWERED = "answered", pgettext_lazy("survey", "answered")
        DECLINED = "declined", pgettext_lazy("survey", "declined")

    survey = models.ForeignKey(
        OutcomeSurvey, on_delete=models.CASCADE, related_name="answers", verbose_name=_("survey of graduates")
    )
    student = models.ForeignKey(Student, on_delete=models.CASCADE, related_name="outcomes", verbose_name=_("student"))
    public_id = models.CharField(_("public id"), max_length=10, unique=True, default=new_public_id, editable=False)
    status = models.CharField(_("status"), max_length=8, choices=Status, default=Status.ASKED)
    invited_at = models.DateTimeField(_("invited"), null=True, blank=True)
    reminded_at = models.DateTimeField(_("reminded at"), null=True, blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    is_working = models.BooleanField(_("works"), null=True, blank=True)
    is_studying = models.BooleanField(_("studies"), null=True, blank=True)
    through_moirai = models.BooleanField(_("found the work here"), null=True, blank=True)
    months_to_job = models.PositiveSmallIntegerField(_("months until the first job"), null=True, blank=True)
    place = EncryptedCharField(_("where"), max_length=200, blank=True, person="student")

    objects = OutcomeAnswerQuerySet.as_manager()

    class Meta:
        verbose_name = _("answer of a graduate")
        verbose_name_plural = _("answers of graduates")
        constraints = [
            models.UniqueConstraint(fields=["survey", "student"], name="graduate_is_in_a_survey_once"),
            models.CheckConstraint(
                condition=Q(status="asked", answered_at__isnull=True)
                | (~Q(status="asked") & Q(answered_at__isnull=False)),
                name="graduate_who_answered_says_when",
            ),
            models.CheckConstraint(
                condition=~Q(status="answered") | Q(is_working__isnull=False, is_studying__isnull=False),
                name="graduate_who_answered_says_what",
            ),
            models.CheckConstraint(
                condition=Q(is_working=True) | Q(through_moirai__isnull=True) | Q(through_moirai=False),
                name="only_who_works_found_the_work_here",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.survey_id}: {self.public_id}"

    def is_open(self, *, on: date) -> bool:
        """Reads the survey."""
        return on <= self.survey.closes_on

    def is_of(self, user: object) -> bool:
        """Reads the student."""
        return self.student.user_id is not None and self.student.user_id == getattr(user, "pk", None)

"""Skills of students and the sentences that prove them."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from moirai.crypto.fields import EncryptedCharField
from moirai.skills.models import Skill
from students.models.cv import CV
from students.models.student import Student


class StudentSkillQuerySet(models.QuerySet["StudentSkill"]):
    def with_evidence(self) -> Self:
        """With skill, evidence and each CV loaded once, in four queries."""
        evidence = Evidence.objects.order_by("is_contested", "cv", "start", "pk")
        return self.select_related("skill").prefetch_related(
            models.Prefetch("evidence", queryset=evidence), "evidence__cv"
        )

    def shown(self) -> Self:
        """Skills that their students have, not those that they learn or took away."""
        return self.filter(status__in=[StudentSkill.Status.FOUND, StudentSkill.Status.CONFIRMED])

    def by_name(self) -> Self:
        english = (get_language() or "").startswith("en")
        return self.order_by("skill__name_en" if english else "skill__name_es", "pk")


class StudentSkill(models.Model):
    """A skill of a student, and what the student says of it."""

    class Status(models.TextChoices):
        FOUND = "found", _("found in the CV")
        CONFIRMED = "confirmed", _("confirmed")
        LEARNING = "learning", _("learning")
        REMOVED = "removed", _("removed")

    student = models.ForeignKey(Student, on_delete=models.CASCADE, related_name="skills", verbose_name=_("student"))
    skill = models.ForeignKey(Skill, on_delete=models.PROTECT, related_name="+", verbose_name=_("skill"))
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.FOUND)

    objects = StudentSkillQuerySet.as_manager()

    class Meta:
        verbose_name = _("student's skill")
        verbose_name_plural = _("students' skills")
        constraints = [models.UniqueConstraint(fields=["student", "skill"], name="student_has_a_skill_once")]

    def __str__(self) -> str:
        return f"{self.student}: {self.skill}"


class Evidence(models.Model):
    """The words that prove a skill: a span of a CV's text, or a statement of the student's own.

    ``start``, ``end`` bound the words; ``sentence_start``, ``sentence_end`` the sentence around them.
    All are character offsets into ``cv.text``, or into ``statement`` where there is no CV.
    """

    DECLARED = "declared"  # the section of a statement that an import file made, and may take back

    student_skill = models.ForeignKey(StudentSkill, on_delete=models.CASCADE, related_name="evidence")
    cv = models.ForeignKey(CV, on_delete=models.CASCADE, null=True, blank=True, related_name="evidence")
    statement = EncryptedCharField(_("statement"), max_length=500, blank=True, person="student_skill.student")
    section = models.CharField(_("section"), max_length=12, blank=True)
    start = models.PositiveIntegerField(_("start"))
    end = models.PositiveIntegerField(_("end"))
    sentence_start = models.PositiveIntegerField(_("start of the sentence"))
    sentence_end = models.PositiveIntegerField(_("end of the sentence"))
    is_contested = models.BooleanField(_("contested"), default=False, help_text=_("The student says it is wrong."))
    contested_at = models.DateTimeField(_("contested at"), null=True, blank=True)

    class Meta:
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        indexes = [
            models.Index(fields=["contested_at"], name="contested_evidence_by_age", condition=Q(is_contested=True)),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["student_skill", "cv", "start"], name="evidence_of_a_skill_starts_once_at_a_place"
            ),
            models.CheckConstraint(
                condition=Q(sentence_start__lte=F("start"), start__lt=F("end"), end__lte=F("sentence_end")),
                name="evidence_lies_within_its_sentence",
            ),
            models.CheckConstraint(
                condition=Q(cv__isnull=False, statement="") | (Q(cv__isnull=True) & ~Q(statement="")),
                name="evidence_points_into_a_cv_or_states_itself",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.student_skill_id}: {self.start}–{self.end}"  # never the words: logs and lists repeat this

    @property
    def text(self) -> str:
        return self.cv.text if self.cv else self.statement

    @property
    def words(self) -> str:
        return self.text[self.start : self.end]

    @property
    def sentence(self) -> str:
        return self.text[self.sentence_start : self.sentence_end]

    @property
    def before(self) -> str:
        """What the sentence says before the words."""
        return self.text[self.sentence_start : self.start]

    @property
    def after(self) -> str:
        """What the sentence says after the words."""
        return self.text[self.end : self.sentence_end]

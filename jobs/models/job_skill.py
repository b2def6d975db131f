"""The skills that postings ask for."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from moirai.skills.models import Skill


class JobSkillQuerySet(models.QuerySet["JobSkill"]):
    def asked(self) -> Self:
        return self.exclude(level=JobSkill.Level.IGNORED)


class JobSkill(models.Model):
    """A skill that a posting asks for, with the words that say so where they were found in the text."""

    class Level(models.TextChoices):
        REQUIRED = "required", _("required")
        PREFERRED = "preferred", _("preferred")
        IGNORED = "ignored", _("ignored")

    job = models.ForeignKey("jobs.Job", on_delete=models.CASCADE, related_name="skills", verbose_name=_("posting"))
    skill = models.ForeignKey(Skill, on_delete=models.PROTECT, related_name="+", verbose_name=_("skill"))
    level = models.CharField(_("level"), max_length=9, choices=Level, default=Level.REQUIRED)
    is_edited = models.BooleanField(_("set by a person"), default=False, help_text=_("Detection leaves it alone."))
    start = models.PositiveIntegerField(_("start"), null=True, blank=True)
    end = models.PositiveIntegerField(_("end"), null=True, blank=True)

    objects = JobSkillQuerySet.as_manager()

    class Meta:
        verbose_name = _("posting's skill")
        verbose_name_plural = _("postings' skills")
        constraints = [
            models.UniqueConstraint(fields=["job", "skill"], name="job_asks_for_a_skill_once"),
            models.CheckConstraint(
                condition=Q(start__isnull=True, end__isnull=True) | Q(start__lt=F("end")),
                name="words_that_ask_for_a_skill_have_a_start_and_an_end",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.job}: {self.skill}"

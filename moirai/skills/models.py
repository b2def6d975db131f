"""Skills, occupations and how they relate: the taxonomy that texts are read against."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from moirai.crypto.fields import EncryptedCharField


class Language(models.TextChoices):
    SPANISH = "es", _("Spanish")
    ENGLISH = "en", _("English")


class Source(models.TextChoices):
    """Who wrote a row of the taxonomy; an importer replaces only its own rows."""

    SEED = "seed", _("shipped seed")
    ESCO = "esco", "ESCO"
    ONET = "onet", "O*NET"
    STAFF = "staff", _("staff")


class SkillQuerySet(models.QuerySet["Skill"]):
    def named(self, names: list[str]) -> Self:
        return self.filter(code__in=names)


class Skill(models.Model):
    """Something a person can show and a posting can ask for."""

    class Kind(models.TextChoices):
        TOOL = "tool", _("tool")
        KNOWLEDGE = "knowledge", _("knowledge")
        ABILITY = "ability", _("ability")
        LANGUAGE = "language", _("language")
        CERTIFICATE = "certificate", _("certificate")

    code = models.CharField(_("code"), max_length=100, unique=True)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    name_es = models.CharField(_("name in Spanish"), max_length=200)
    name_en = models.CharField(_("name in English"), max_length=200)
    source = models.CharField(_("source"), max_length=5, choices=Source, default=Source.SEED)
    near = models.ManyToManyField("self", through="SkillRelation", symmetrical=False, verbose_name=_("near skills"))
    implies = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="implied_by",
        verbose_name=_("implies"),
        help_text=_("Whoever shows this skill shows that one too: advanced English shows English."),
    )

    objects = SkillQuerySet.as_manager()

    class Meta:
        verbose_name = _("skill")
        verbose_name_plural = _("skills")

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        return self.name_en if (get_language() or "").startswith("en") else self.name_es


class SkillAlias(models.Model):
    """One way that CVs and postings write a skill, folded (no accents, lower case)."""

    skill = models.ForeignKey(Skill, on_delete=models.CASCADE, related_name="aliases", verbose_name=_("skill"))
    language = models.CharField(_("language"), max_length=2, choices=Language)
    text = models.CharField(_("text"), max_length=200)
    folded = models.CharField(_("folded text"), max_length=200)
    is_ambiguous = models.BooleanField(
        _("ambiguous"), default=False, help_text=_("An ordinary word or a single letter: counts only in a context.")
    )
    source = models.CharField(_("source"), max_length=5, choices=Source, default=Source.SEED)
    updated_at = models.DateTimeField(_("updated"), auto_now=True)

    class Meta:
        verbose_name = _("skill alias")
        verbose_name_plural = _("skill aliases")
        constraints = [
            models.UniqueConstraint(fields=["language", "folded"], name="alias_means_one_skill_in_a_language"),
        ]

    def __str__(self) -> str:
        return self.text


class AliasProposal(models.Model):
    """Somebody says that these words name a skill; staff decide. The sentence is forgotten once they have."""

    class Status(models.TextChoices):
        PROPOSED = "proposed", _("proposed")
        APPROVED = "approved", _("approved")
        DECLINED = "declined", _("declined")
        WITHDRAWN = "withdrawn", _("taken back")

    skill = models.ForeignKey(Skill, on_delete=models.CASCADE, related_name="proposals", verbose_name=_("skill"))
    language = models.CharField(_("language"), max_length=2, choices=Language)
    text = models.CharField(_("text"), max_length=200)
    folded = models.CharField(_("folded text"), max_length=200, editable=False)
    sentence = EncryptedCharField(_("sentence it comes from"), max_length=500, blank=True, person="house")
    status = models.CharField(_("status"), max_length=9, choices=Status, default=Status.PROPOSED)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("proposed by"),
    )
    proposed_at = models.DateTimeField(_("proposed"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("decided by"),
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)

    class Meta:
        verbose_name = _("proposed alias")
        verbose_name_plural = _("proposed aliases")
        constraints = [
            models.UniqueConstraint(
                fields=["skill", "language", "folded"],
                condition=Q(status="proposed"),
                name="alias_of_a_skill_is_proposed_once_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(status="proposed", decided_at__isnull=True)
                | (~Q(status="proposed") & Q(decided_at__isnull=False)),
                name="alias_proposal_has_a_date_once_decided",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.text} → {self.skill}"


class SkillRelation(models.Model):
    """Holding one of the two is partial evidence for the other; stored once a pair, lower id first."""

    lower = models.ForeignKey(Skill, on_delete=models.CASCADE, related_name="+")
    upper = models.ForeignKey(Skill, on_delete=models.CASCADE, related_name="+")
    source = models.CharField(_("source"), max_length=5, choices=Source, default=Source.SEED)

    class Meta:
        verbose_name = _("near skills")
        verbose_name_plural = _("near skills")
        constraints = [
            models.UniqueConstraint(fields=["lower", "upper"], name="two_skills_are_related_once"),
            models.CheckConstraint(condition=Q(lower__lt=F("upper")), name="skill_relation_is_stored_lower_id_first"),
        ]

    def __str__(self) -> str:
        return f"{self.lower} ~ {self.upper}"


class OccupationGroup(models.Model):
    """A unit group of ISCO-08."""

    code = models.CharField(_("ISCO-08 code"), max_length=4, unique=True)
    name_es = models.CharField(_("name in Spanish"), max_length=200)
    name_en = models.CharField(_("name in English"), max_length=200)
    source = models.CharField(_("source"), max_length=5, choices=Source, default=Source.SEED)

    class Meta:
        verbose_name = _("occupation group")
        verbose_name_plural = _("occupation groups")

    def __str__(self) -> str:
        return f"{self.code} {self.name_es}"


class Occupation(models.Model):
    """A job as both languages name and describe it."""

    code = models.CharField(_("code"), max_length=120, unique=True)
    group = models.ForeignKey(OccupationGroup, on_delete=models.PROTECT, related_name="occupations")
    title_es = models.CharField(_("title in Spanish"), max_length=250, blank=True)
    title_en = models.CharField(_("title in English"), max_length=250)
    description_es = models.TextField(_("description in Spanish"), blank=True)
    description_en = models.TextField(_("description in English"), blank=True)
    source = models.CharField(_("source"), max_length=5, choices=Source, default=Source.SEED)

    class Meta:
        verbose_name = _("occupation")
        verbose_name_plural = _("occupations")

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """The title in the reader's language; in English where an imported occupation has no Spanish title."""
        return self.title_en if (get_language() or "").startswith("en") else self.title_es or self.title_en


class OccupationAlias(models.Model):
    """Another title of an occupation."""

    occupation = models.ForeignKey(Occupation, on_delete=models.CASCADE, related_name="aliases")
    language = models.CharField(_("language"), max_length=2, choices=Language)
    text = models.CharField(_("text"), max_length=250)

    class Meta:
        verbose_name = _("occupation alias")
        verbose_name_plural = _("occupation aliases")
        constraints = [
            models.UniqueConstraint(
                fields=["occupation", "language", "text"], name="occupation_has_an_alias_once_in_a_language"
            ),
        ]

    def __str__(self) -> str:
        return self.text


class OccupationPhrase(models.Model):
    """A duty, skill or tool of an occupation, said in both languages."""

    occupation = models.ForeignKey(Occupation, on_delete=models.CASCADE, related_name="phrases")
    text_es = models.CharField(_("text in Spanish"), max_length=300, blank=True)
    text_en = models.CharField(_("text in English"), max_length=300, blank=True)
    is_essential = models.BooleanField(_("essential"))

    class Meta:
        verbose_name = _("occupation phrase")
        verbose_name_plural = _("occupation phrases")
        constraints = [
            models.UniqueConstraint(fields=["occupation", "text_es", "text_en"], name="occupation_has_a_phrase_once"),
        ]

    def __str__(self) -> str:
        return self.text_es or self.text_en


class EnrichmentLog(models.Model):
    """One reading of one text: what was read, by which version, with what outcome."""

    class Subject(models.TextChoices):
        CV = "cv", _("CV")
        POSTING = "posting", _("posting")

    class Outcome(models.TextChoices):
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")

    subject = models.CharField(_("subject"), max_length=8, choices=Subject)
    subject_id = models.BigIntegerField(_("id of the subject"))
    outcome = models.CharField(_("outcome"), max_length=8, choices=Outcome, default=Outcome.RUNNING)
    reason = models.CharField(_("reason"), max_length=40, blank=True)
    extractor_version = models.CharField(_("version of the extractor"), max_length=20)
    language = models.CharField(_("language"), max_length=5, blank=True)
    characters = models.PositiveIntegerField(_("characters read"), default=0)
    skills_found = models.PositiveIntegerField(_("skills found"), default=0)
    started_at = models.DateTimeField(_("started"))
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    class Meta:
        verbose_name = _("enrichment log")
        verbose_name_plural = _("enrichment logs")
        indexes = [models.Index(fields=["subject", "subject_id", "-started_at"], name="enrichment_of_a_subject")]
        constraints = [
            models.CheckConstraint(
                condition=Q(finished_at__isnull=True) | Q(finished_at__gte=F("started_at")),
                name="enrichment_finishes_after_it_starts",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject} {self.subject_id}: {self.outcome}"

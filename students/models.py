"""Students, their CVs, and the skills that sentences of those CVs prove."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from moirai.public_ids import new_public_id
from moirai.skills.models import EnrichmentLog, Language, Skill

LEASE = timedelta(minutes=5)  # a worker that has read one CV for this long is taken for dead


class StudentQuerySet(models.QuerySet["Student"]):
    def matchable(self) -> Self:
        """Students whose matches are computed: nobody who opted out."""
        return self.filter(wants_matching=True)

    def visible_to_companies(self) -> Self:
        """Students who agreed to be suggested, anonymously, to companies."""
        return self.matchable().filter(visibility=Student.Visibility.COMPANIES)

    def waiting_for_matches(self) -> Self:
        return self.filter(needs_matching_since__isnull=False)

    def with_text(self) -> Self:
        """Students who have said anything that can be matched: a CV that was read, a programme, or skills."""
        has_cv = models.Exists(CV.objects.filter(student=models.OuterRef("pk"), is_current=True))
        return self.filter(has_cv | ~Q(degree_program="") | ~Q(declared_skills=""))


class Student(models.Model):
    """A student's profile; one imported by the office has no user until the person signs up."""

    class Visibility(models.TextChoices):
        PRIVATE = "private", _("only companies I apply to")
        COMPANIES = "companies", _("companies may be shown my anonymous profile")

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True, verbose_name=_("user")
    )
    public_id = models.CharField(_("public id"), max_length=10, unique=True, default=new_public_id, editable=False)
    external_id = models.CharField(_("id in the source file"), max_length=100, null=True, blank=True, unique=True)
    student_number = models.CharField(_("student number"), max_length=30, null=True, blank=True, unique=True)
    language = models.CharField(_("language"), max_length=2, choices=Language, default=Language.SPANISH)
    degree_program = models.CharField(_("degree programme"), max_length=200, blank=True)
    semester = models.PositiveSmallIntegerField(_("semester"), null=True, blank=True)
    graduation_year = models.PositiveSmallIntegerField(_("year of graduation"), null=True, blank=True)
    location = models.CharField(_("city"), max_length=120, blank=True)
    phone = models.CharField(_("phone"), max_length=30, blank=True)
    headline = models.CharField(_("in one sentence"), max_length=200, blank=True)
    declared_skills = models.TextField(_("skills as declared"), blank=True, help_text=_("One per line."))
    experience_years = models.PositiveSmallIntegerField(_("years of experience"), default=0)
    hours_per_week = models.PositiveSmallIntegerField(_("hours available a week"), null=True, blank=True)
    english_level = models.CharField(_("level of English"), max_length=2, blank=True, help_text="A1–C2")
    visibility = models.CharField(_("visibility"), max_length=10, choices=Visibility, default=Visibility.PRIVATE)
    wants_matching = models.BooleanField(_("wants matches"), default=True)
    needs_matching_since = models.DateTimeField(_("waits for matches since"), null=True, blank=True, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated"), auto_now=True)

    objects = StudentQuerySet.as_manager()

    class Meta:
        verbose_name = _("student")
        verbose_name_plural = _("students")
        indexes = [
            models.Index(
                fields=["needs_matching_since"],
                name="student_waits_for_matches",
                condition=Q(needs_matching_since__isnull=False),
            ),
            models.Index(
                fields=["id"], name="student_is_visible", condition=Q(visibility="companies", wants_matching=True)
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(semester__isnull=True) | Q(semester__range=(1, 20)), name="semester_is_between_1_and_20"
            ),
            models.CheckConstraint(
                condition=Q(hours_per_week__isnull=True) | Q(hours_per_week__range=(1, 60)),
                name="hours_available_are_between_1_and_60",
            ),
        ]

    def __str__(self) -> str:
        return str(self.user) if self.user_id else self.alias

    @property
    def name(self) -> str:
        return self.user.full_name if self.user else ""

    @property
    def alias(self) -> str:
        """What companies read in place of the name."""
        return _("Profile %(code)s") % {"code": self.public_id[:4].upper()}


class CVQuerySet(models.QuerySet["CV"]):
    def current(self) -> Self:
        return self.filter(is_current=True)

    def naming_any(self, texts: list[str]) -> Self:
        """CVs whose text holds any of ``texts``, whatever its case; all of them for an empty list."""
        return self.filter(reduce(or_, (Q(text__icontains=text) for text in texts), Q()))

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

    student = models.ForeignKey(Student, on_delete=models.CASCADE, related_name="cvs", verbose_name=_("student"))
    public_id = models.CharField(_("public id"), max_length=10, unique=True, default=new_public_id, editable=False)
    file = models.FileField(_("file"), upload_to=cv_path, blank=True)
    original_name = models.CharField(_("name of the file"), max_length=255, blank=True)
    size = models.PositiveIntegerField(_("bytes"), default=0)
    sha256 = models.CharField(_("SHA-256"), max_length=64, blank=True)
    status = models.CharField(_("status"), max_length=8, choices=Status, default=Status.WAITING)
    failure = models.CharField(_("failure"), max_length=12, choices=Failure, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    needs_reading_since = models.DateTimeField(_("waits to be read since"), null=True, blank=True, editable=False)
    text = models.TextField(_("text"), blank=True)
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


class StudentSkillQuerySet(models.QuerySet["StudentSkill"]):
    def with_evidence(self) -> Self:
        """With skill, evidence and each CV loaded once, in four queries."""
        evidence = Evidence.objects.order_by("is_contested", "cv", "start", "pk")
        return self.select_related("skill").prefetch_related(
            models.Prefetch("evidence", queryset=evidence), "evidence__cv"
        )

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
    statement = models.CharField(_("statement"), max_length=500, blank=True)
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
        return self.words

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


class ProfileEntryQuerySet(models.QuerySet["ProfileEntry"]):
    def in_order(self) -> Self:
        """Latest first; what has no dates last."""
        return self.order_by(F("started_on").desc(nulls_last=True), "pk")


class ProfileEntry(models.Model):
    """A line of the profile: a degree, a post, a project, a language or a certificate."""

    class Kind(models.TextChoices):
        EDUCATION = "education", _("education")
        EXPERIENCE = "experience", _("experience")
        PROJECT = "project", _("project")
        LANGUAGE = "language", _("language")
        CERTIFICATE = "certificate", _("certificate")

    student = models.ForeignKey(Student, on_delete=models.CASCADE, related_name="entries", verbose_name=_("student"))
    kind = models.CharField(_("kind"), max_length=11, choices=Kind)
    title = models.CharField(_("title"), max_length=200)
    organisation = models.CharField(_("organisation"), max_length=200, blank=True)
    started_on = models.DateField(_("from"), null=True, blank=True)
    ended_on = models.DateField(_("until"), null=True, blank=True)
    description = models.TextField(_("description"), max_length=2000, blank=True)

    objects = ProfileEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("profile entry")
        verbose_name_plural = _("profile entries")
        indexes = [models.Index(fields=["student", "kind", "-started_on"], name="entries_of_a_profile_by_kind")]
        constraints = [
            models.CheckConstraint(
                condition=Q(started_on__isnull=True) | Q(ended_on__isnull=True) | Q(ended_on__gte=F("started_on")),
                name="profile_entry_does_not_end_before_it_starts",
            ),
        ]

    def __str__(self) -> str:
        return self.title


def mark_for_matching(student: Student, *, at: datetime) -> None:
    """Write the mark that keeps this student in the queue until matches are stored."""
    Student.objects.filter(pk=student.pk).update(needs_matching_since=at)

"""Students and what they want."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from moirai.crypto.fields import EncryptedCharField, EncryptedLookupField, EncryptedTextField, LookupHash
from moirai.crypto.models import KeyIdField
from moirai.public_ids import new_public_id
from moirai.skills.models import Language

if TYPE_CHECKING:  # they point here
    from students.models.cv import CV
    from students.models.entry import ProfileEntry

INVITE_AGAIN_AFTER = timedelta(days=14)


class StudentQuerySet(models.QuerySet["Student"]):
    def matchable(self) -> Self:
        """Students whose matches are computed: nobody who opted out or restricted what is done with the data."""
        return self.filter(wants_matching=True, restricted_since__isnull=True)

    def visible_to_companies(self) -> Self:
        """Students who agreed to be suggested, anonymously, to companies."""
        return self.matchable().filter(visibility=Student.Visibility.COMPANIES)

    def waiting_for_matches(self) -> Self:
        return self.filter(needs_matching_since__isnull=False)

    def waiting_to_be_invited(self) -> Self:
        return self.filter(needs_inviting_since__isnull=False)

    def invitable(self, *, at: datetime) -> Self:
        """People of the office's list without an account whom nobody invited lately."""
        lately = Q(invited_at__gt=at - INVITE_AGAIN_AFTER) | Q(needs_inviting_since__isnull=False)
        return self.filter(user=None, enrolled_email__isnull=False, restricted_since=None).exclude(lately)

    def graduated(self) -> Self:
        """Those with a year of graduation, whose data may be counted."""
        return self.filter(graduation_year__isnull=False, restricted_since__isnull=True)

    def programmes(self, *, least: int) -> list[str]:
        """Degree programmes of at least so many of them: what few people wrote could name one."""
        sizes = self.exclude(degree_program="").order_by().values_list("degree_program").annotate(models.Count("pk"))
        return sorted(name for name, size in sizes if size >= least)

    def with_text(self) -> Self:
        """Students who have said anything that can be matched: a CV that was read, a programme, or skills."""
        from students.models.cv import CV  # it points here

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
    key_id = KeyIdField(_("id of the key"))
    external_id = EncryptedLookupField(_("id in the source file"), max_length=100, null=True, blank=True)
    student_number = EncryptedLookupField(_("student number"), max_length=30, null=True, blank=True)
    # What the office's list says until the person has an account, which then says it itself.
    enrolled_name = EncryptedCharField(_("name in the office's list"), max_length=150, blank=True)
    enrolled_email = EncryptedLookupField(_("e-mail in the office's list"), max_length=254, null=True, blank=True)
    language = models.CharField(_("language"), max_length=2, choices=Language, default=Language.SPANISH)
    degree_program = models.CharField(_("degree programme"), max_length=200, blank=True)
    semester = models.PositiveSmallIntegerField(_("semester"), null=True, blank=True)
    graduation_year = models.PositiveSmallIntegerField(_("year of graduation"), null=True, blank=True)
    location = models.CharField(_("city"), max_length=120, blank=True)
    phone = EncryptedCharField(_("phone"), max_length=30, blank=True)
    headline = EncryptedCharField(_("in one sentence"), max_length=200, blank=True)
    declared_skills = EncryptedTextField(_("skills as declared"), blank=True, help_text=_("One per line."))
    experience_years = models.PositiveSmallIntegerField(_("years of experience"), default=0)
    hours_per_week = models.PositiveSmallIntegerField(_("hours available a week"), null=True, blank=True)
    english_level = models.CharField(_("level of English"), max_length=2, blank=True, help_text="A1–C2")
    visibility = models.CharField(_("visibility"), max_length=10, choices=Visibility, default=Visibility.PRIVATE)
    wants_matching = models.BooleanField(_("wants matches"), default=True)
    restricted_since = models.DateTimeField(_("processing restricted since"), null=True, blank=True, editable=False)
    needs_matching_since = models.DateTimeField(_("waits for matches since"), null=True, blank=True, editable=False)
    needs_inviting_since = models.DateTimeField(_("waits to be invited since"), null=True, blank=True, editable=False)
    invited_at = models.DateTimeField(_("invited"), null=True, blank=True, editable=False)
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
                fields=["needs_inviting_since"],
                name="student_waits_to_be_invited",
                condition=Q(needs_inviting_since__isnull=False),
            ),
            models.Index(
                fields=["id"], name="student_is_visible", condition=Q(visibility="companies", wants_matching=True)
            ),
        ]
        constraints = [
            models.UniqueConstraint(LookupHash("external_id"), name="student_has_an_external_id_of_their_own"),
            models.UniqueConstraint(LookupHash("student_number"), name="student_has_a_number_of_their_own"),
            models.UniqueConstraint(LookupHash("enrolled_email"), name="student_has_a_listed_address_of_their_own"),
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
    def is_matched(self) -> bool:
        """Whether matches are computed for this student; ``matchable`` says the same of rows."""
        return self.wants_matching and self.restricted_since is None

    @property
    def name(self) -> str:
        return self.user.full_name if self.user else ""

    @cached_property
    def current_cv(self) -> CV | None:
        """The CV in force, as a page reads it: once."""
        return self.cvs.filter(is_current=True).first()

    @cached_property
    def schools(self) -> list[ProfileEntry]:
        """Where the person studied, as a page reads it: once."""
        return list(self.entries.filter(kind="education"))

    @property
    def alias(self) -> str:
        """What companies read in place of the name."""
        return _("Profile %(code)s") % {"code": self.public_id[:4].upper()}


def mark_for_matching(student: Student, *, at: datetime) -> None:
    """Write the mark that keeps this student in the queue until matches are stored."""
    Student.objects.filter(pk=student.pk).update(needs_matching_since=at)

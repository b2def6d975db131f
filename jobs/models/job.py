"""Postings."""

from __future__ import annotations

from datetime import datetime
from functools import reduce
from operator import or_
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from jobs.lexemes import LexemesField
from jobs.models.company import Company
from jobs.models.job_skill import JobSkill
from jobs.models.revisions import Revisions
from moirai.children import RowsOf
from moirai.public_ids import new_public_id
from moirai.skills.models import Language
from moirai.skills.text import fold

SEARCH_FIELDS = ("search_text", "lexemes")  # set by jobs/searchable.py
LONG = ("description", "requirements", "preferences", *SEARCH_FIELDS)  # what lists do not read
LISTED = (  # what they show, for people and for programs
    "public_id", "title", "slug", "language", "kind", "modality", "seniority", "city", "hours_per_week", "pay_from",
    "pay_to", "pay_period", "status", "is_blind", "published_at", "closes_at", "company__name", "company__slug",
    "company__city", "company__status",
)  # fmt: skip
# What no person wrote or decided: a revision does not repeat it.
UNREVISED = (
    *SEARCH_FIELDS, "updated_at", "needs_detection_since", "needs_matching_since", "confirm_asked_at",
    "applicants_told_at", "erased_applicants", "review_since", "findings",
)  # fmt: skip


class JobQuerySet(models.QuerySet["Job"]):
    def naming_any(self, texts: list[str]) -> Self:
        """Postings whose folded text holds any of ``texts``; all of them for an empty list."""
        return self.filter(reduce(or_, (Q(search_text__contains=fold(text)) for text in texts), Q()))

    def open(self, *, at: datetime) -> Self:
        """Postings of verified companies that take applications at the moment ``at``."""
        return self.filter(
            status=Job.Status.PUBLISHED,
            published_at__lte=at,
            closes_at__gt=at,
            company__status=Company.Status.VERIFIED,
        )

    def of(self, company: Company) -> Self:
        return self.filter(company=company)

    def closed_to_the_public(self, *, at: datetime) -> Self:
        """Postings that were public once and take no applications any more."""
        return self.filter(
            Q(status=Job.Status.CLOSED) | Q(status=Job.Status.PUBLISHED, closes_at__lte=at),
            published_at__isnull=False,
            company__status=Company.Status.VERIFIED,
        )

    def public(self, *, at: datetime) -> Self:
        """Postings that anybody may read: open ones, and those that were."""
        return self.filter(
            Q(status=Job.Status.PUBLISHED) | Q(status=Job.Status.CLOSED),
            published_at__lte=at,
            company__status=Company.Status.VERIFIED,
        )

    def newest_first(self) -> Self:
        return self.order_by("-published_at", "-id")

    def closing_first(self) -> Self:
        return self.order_by("closes_at", "-id")

    def for_list(self) -> Self:
        """``LISTED`` and ``asked_rows`` (skills that are not ignored, required ones first), in two queries."""
        asked = JobSkill.objects.asked().select_related("skill").order_by("-level", "id")
        asked = asked.only("job", "level", "skill__code", "skill__name_es", "skill__name_en")
        rows = self.select_related("company").only(*LISTED)
        return rows.prefetch_related(models.Prefetch("skills", asked, to_attr="asked_rows"))

    def with_counts(self) -> Self:
        """With ``applicants`` and ``unanswered``: applications that count, and those that nobody has moved yet."""
        from jobs.models.application import Application  # it points here

        own = Application.objects.active().filter(job=models.OuterRef("pk"))
        return self.annotate(applicants=RowsOf(own.values("pk")), unanswered=RowsOf(own.unanswered().values("pk")))

    def with_unanswered(self) -> Self:
        """Postings with applications that nobody has answered, most of them first."""
        from jobs.models.application import Application  # it points here

        waiting = Application.objects.active().unanswered().filter(job__in=self.order_by().values("pk"))
        return self.filter(pk__in=waiting.values("job")).with_counts().order_by("-unanswered", "id")

    def waiting_for_review(self) -> Self:
        """Postings that staff have to judge, oldest first."""
        return self.filter(status=Job.Status.IN_REVIEW).order_by("review_since", "id")

    def reported(self, *, several: int) -> Self:
        """With ``reports_open`` and ``reported_since``: those that ``several`` people reported, then the oldest."""
        open_ones = self.filter(reports__isnull=False, reports__closed_at__isnull=True)
        counted = open_ones.annotate(
            reports_open=models.Count("reports"), reported_since=models.Min("reports__created_at")
        )
        urgent = models.Case(models.When(reports_open__gte=several, then=0), default=1)
        return counted.order_by(urgent, "reported_since", "id")

    def for_desk(self) -> Self:
        return self.select_related("company").defer(*LONG)

    def waiting_for_detection(self) -> Self:
        return self.filter(needs_detection_since__isnull=False)

    def waiting_for_matches(self) -> Self:
        return self.filter(needs_matching_since__isnull=False)


class Job(models.Model):
    """A posting."""

    asked_rows: list[JobSkill]  # where ``for_list`` has read them
    applicants: int  # where ``with_counts`` has counted
    is_saved: bool  # by the student who reads, where `saved.with_saved` has looked

    class Kind(models.TextChoices):
        INTERNSHIP = "internship", _("internship")
        SOCIAL_SERVICE = "social_service", _("social service")
        PART_TIME = "part_time", _("part time")
        FIRST_JOB = "first_job", _("first job")
        FULL_TIME = "full_time", _("full time")

    class Modality(models.TextChoices):
        ONSITE = "onsite", _("on site")
        HYBRID = "hybrid", _("hybrid")
        REMOTE = "remote", _("remote")

    class Seniority(models.TextChoices):
        STUDENT = "student", _("student")
        JUNIOR = "junior", _("junior")
        MID = "mid", _("mid level")
        SENIOR = "senior", _("senior")

    class PayPeriod(models.TextChoices):
        MONTH = "month", _("a month")
        HOUR = "hour", _("an hour")
        TOTAL = "total", _("in total")

    class Status(models.TextChoices):
        DRAFT = "draft", _("draft")
        IN_REVIEW = "in_review", _("in review")
        RETURNED = "returned", _("returned with a comment")
        DECLINED = "declined", _("declined")
        PUBLISHED = "published", _("published")
        CLOSED = "closed", _("closed")

    class Findings(models.IntegerChoices):
        """The gravest finding of the linter when the posting was last sent."""

        NONE = 0, _("nothing found")
        ADVICE = 1, _("advice")
        WARNING = 2, _("warning")
        BLOCK = 3, _("against the law")

    class ClosedReason(models.TextChoices):
        FILLED = "filled", _("the place was filled")
        CANCELLED = "cancelled", _("the company cancelled it")
        OFFICE = "office", _("the careers office closed it")
        EXPIRED = "expired", _("its closing date passed")

    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="jobs", verbose_name=_("company"))
    public_id = models.CharField(_("public id"), max_length=10, unique=True, default=new_public_id, editable=False)
    external_id = models.CharField(_("id in the source file"), max_length=100, null=True, blank=True, unique=True)
    title = models.CharField(_("title"), max_length=200)
    slug = models.SlugField(_("address"), max_length=80, editable=False)
    language = models.CharField(_("language"), max_length=2, choices=Language, default=Language.SPANISH)
    description = models.TextField(_("description"), max_length=20000)
    requirements = models.TextField(_("requirements"), max_length=5000, blank=True, help_text=_("One per line."))
    preferences = models.TextField(_("nice to have"), max_length=5000, blank=True, help_text=_("One per line."))
    kind = models.CharField(_("type"), max_length=14, choices=Kind, default=Kind.FIRST_JOB)
    modality = models.CharField(_("modality"), max_length=6, choices=Modality, default=Modality.ONSITE)
    seniority = models.CharField(_("seniority"), max_length=7, choices=Seniority, default=Seniority.JUNIOR)
    city = models.CharField(_("city"), max_length=200, blank=True)
    hours_per_week = models.PositiveSmallIntegerField(_("hours a week"), null=True, blank=True)
    term_months = models.PositiveSmallIntegerField(_("months"), null=True, blank=True)
    minimum_semester = models.PositiveSmallIntegerField(_("from semester"), null=True, blank=True)
    credits = models.PositiveSmallIntegerField(_("credits"), null=True, blank=True)
    english_level = models.CharField(_("level of English"), max_length=2, blank=True, help_text="A1–C2")
    pay_from = models.PositiveIntegerField(_("pay from (MXN)"), null=True, blank=True)
    pay_to = models.PositiveIntegerField(_("pay to (MXN)"), null=True, blank=True)
    pay_period = models.CharField(_("pay is"), max_length=5, choices=PayPeriod, default=PayPeriod.MONTH)
    status = models.CharField(_("status"), max_length=9, choices=Status, default=Status.DRAFT)
    status_reason = models.TextField(_("comment of the reviewer"), blank=True)
    review_since = models.DateTimeField(_("sent for review"), null=True, blank=True, editable=False)
    findings = models.PositiveSmallIntegerField(_("findings"), choices=Findings, default=Findings.NONE, editable=False)
    closed_reason = models.CharField(_("reason for closing"), max_length=9, choices=ClosedReason, blank=True)
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    closes_at = models.DateTimeField(_("closes"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated"), auto_now=True)
    is_blind = models.BooleanField(_("reviewed without names"), default=False)
    confirm_asked_at = models.DateTimeField(_("asked to confirm at"), null=True, blank=True, editable=False)
    applicants_told_at = models.DateTimeField(_("applicants told at"), null=True, blank=True, editable=False)
    erased_applicants = models.PositiveIntegerField(_("applicants who erased their account"), default=0, editable=False)
    needs_detection_since = models.DateTimeField(_("waits for its skills since"), null=True, blank=True, editable=False)
    needs_matching_since = models.DateTimeField(_("waits for matches since"), null=True, blank=True, editable=False)

    search_text = models.TextField(
        blank=True, editable=False, help_text="Title, company, skills, city, description, folded."
    )

    lexemes = LexemesField(blank=True, editable=False, help_text="Their stems with weights; see jobs/lexemes.py.")

    objects = JobQuerySet.as_manager()
    revisions = Revisions(excluded_fields=[*UNREVISED])

    class Meta:
        verbose_name = _("posting")
        verbose_name_plural = _("postings")
        indexes = [
            models.Index(
                fields=["-published_at", "-id"], name="published_jobs_newest_first", condition=Q(status="published")
            ),
            models.Index(fields=["company", "-created_at"], name="jobs_of_a_company"),
            models.Index(
                fields=["review_since", "id"], name="postings_waiting_for_review", condition=Q(status="in_review")
            ),
            models.Index(
                fields=["needs_detection_since"],
                name="job_waits_for_its_skills",
                condition=Q(needs_detection_since__isnull=False),
            ),
            models.Index(
                fields=["needs_matching_since"],
                name="job_waits_for_matches",
                condition=Q(needs_matching_since__isnull=False),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(closes_at__isnull=True)
                | Q(published_at__isnull=True)
                | Q(closes_at__gte=F("published_at")),
                name="job_does_not_close_before_it_is_published",
            ),
            models.CheckConstraint(
                condition=~Q(status="published") | Q(published_at__isnull=False, closes_at__isnull=False),
                name="published_job_says_from_when_until_when",
            ),
            models.CheckConstraint(
                condition=Q(pay_from__isnull=True) | Q(pay_to__isnull=True) | Q(pay_to__gte=F("pay_from")),
                name="job_pays_at_least_its_lower_bound",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("jobs:job", args=[self.public_id, self.slug])

    @staticmethod
    def taking_applications(since: datetime, until: datetime, *, prefix: str = "") -> Q:
        """Postings open at some moment from ``since`` to before ``until``; ``prefix`` leads to the posting."""
        conditions = {
            "status__in": [Job.Status.PUBLISHED, Job.Status.CLOSED],
            "published_at__lt": until,
            "closes_at__gt": since,
            "company__status": Company.Status.VERIFIED,
        }
        return Q(**{prefix + name: value for name, value in conditions.items()})

    @property
    def text(self) -> str:
        """All that the posting says; ``JobSkill`` offsets count in this text."""
        return "\n\n".join([self.title, self.description, self.requirements, self.preferences])

    @property
    def preferences_start(self) -> int:
        """Where the preferences begin in ``text``."""
        return len(self.text) - len(self.preferences)

    @property
    def has_pay(self) -> bool:
        return self.pay_from is not None or self.pay_to is not None

    def is_open(self, *, at: datetime) -> bool:
        """The same rule as ``JobQuerySet.open``; reads the company."""
        return (
            self.status == self.Status.PUBLISHED
            and self.published_at is not None
            and self.closes_at is not None
            and self.published_at <= at < self.closes_at
            and self.company.is_verified
        )

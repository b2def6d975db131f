"""Scores of student and posting pairs, the runs that computed them, and the fitted models they came from."""

from __future__ import annotations

import time
from datetime import datetime
from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from jobs.models import Company, Job
from jobs.models.job import LISTED
from students.models import Student

SHOWN = ("student", "job", "score", "occupation_points", "requirement_points", "word_points", "model_version")
POINT = 100  # stored numbers are hundredths of a point
FULL_SCORE = 100 * POINT


class FittedModel(models.Model):
    """A version of the scorer's fitted model, stored so that every worker of every machine can load it."""

    class Status(models.TextChoices):
        FITTING = "fitting", _("being fitted")
        READY = "ready", _("ready")
        FAILED = "failed", _("failed")

    version = models.CharField(_("version"), max_length=40, unique=True)
    status = models.CharField(_("status"), max_length=8, choices=Status, default=Status.FITTING)
    is_serving = models.BooleanField(_("serving"), default=False)
    postings = models.PositiveIntegerField(_("postings it was fitted on"), default=0)
    students = models.PositiveIntegerField(_("students it was fitted on"), default=0)
    occupations = models.PositiveIntegerField(_("occupations"), default=0)
    reason = models.TextField(_("reason of failure"), blank=True)
    created_at = models.DateTimeField(_("fitted"))

    class Meta:
        verbose_name = _("fitted model")
        verbose_name_plural = _("fitted models")
        constraints = [
            models.UniqueConstraint(fields=["is_serving"], condition=Q(is_serving=True), name="one_model_serves"),
            models.CheckConstraint(condition=Q(is_serving=False) | Q(status="ready"), name="only_a_ready_model_serves"),
        ]

    def __str__(self) -> str:
        return self.version


class FittedModelFile(models.Model):
    """One file of a fitted model's folder."""

    model = models.ForeignKey(FittedModel, on_delete=models.CASCADE, related_name="files")
    name = models.CharField(_("name"), max_length=100)
    content = models.BinaryField(_("content"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)

    class Meta:
        verbose_name = _("file of a fitted model")
        verbose_name_plural = _("files of fitted models")
        constraints = [models.UniqueConstraint(fields=["model", "name"], name="model_has_a_file_once")]

    def __str__(self) -> str:
        return f"{self.model}/{self.name}"


class MatchRun(models.Model):
    """One computation of matches: everything, one student's row or one posting's column."""

    class Scope(models.TextChoices):
        ALL = "all", _("everything")
        STUDENT = "student", _("one student")
        JOB = "job", _("one posting")

    class Status(models.TextChoices):
        WAITING = "waiting", _("waiting")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")

    scope = models.CharField(_("scope"), max_length=7, choices=Scope)
    student = models.ForeignKey(Student, on_delete=models.CASCADE, null=True, blank=True, related_name="match_runs")
    job = models.ForeignKey(Job, on_delete=models.CASCADE, null=True, blank=True, related_name="match_runs")
    status = models.CharField(_("status"), max_length=7, choices=Status, default=Status.WAITING)
    model_version = models.CharField(_("version of the model"), max_length=40, blank=True)
    pairs = models.BigIntegerField(_("pairs scored"), default=0)
    matches = models.BigIntegerField(_("matches written"), default=0)
    reason = models.TextField(_("reason of failure"), blank=True)
    created_at = models.DateTimeField(_("asked for"))
    started_at = models.DateTimeField(_("started"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    class Meta:
        verbose_name = _("match run")
        verbose_name_plural = _("match runs")
        indexes = [
            models.Index(fields=["scope", "status", "-finished_at"], name="last_complete_run_of_a_scope"),
            models.Index(fields=["student", "-created_at"], name="match_runs_of_a_student"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(scope="all", student__isnull=True, job__isnull=True)
                | Q(scope="student", student__isnull=False, job__isnull=True)
                | Q(scope="job", student__isnull=True, job__isnull=False),
                name="match_run_names_what_it_covers",
            ),
            models.UniqueConstraint(
                fields=["scope"],
                condition=Q(scope="all", status__in=["waiting", "running"]),
                name="one_full_run_at_a_time",
            ),
        ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.began = time.monotonic()  # by this process's clock, so a clock that is set back makes no run end early

    def __str__(self) -> str:
        return f"{self.get_scope_display()} {self.created_at:%Y-%m-%d %H:%M}"


class MatchPlan(models.Model):
    """What all workers of a full run must agree on: the postings, the basis of the screening, the thresholds."""

    run = models.OneToOneField(MatchRun, on_delete=models.CASCADE, primary_key=True, related_name="plan")
    content = models.BinaryField(_("content"))

    class Meta:
        verbose_name = _("plan of a full run")
        verbose_name_plural = _("plans of full runs")

    def __str__(self) -> str:
        return str(self.run)


class MatchChunkQuerySet(models.QuerySet["MatchChunk"]):
    def silent_since(self, at: datetime) -> Self:
        """Chunks whose worker has said nothing since ``at``."""
        return self.filter(status=MatchChunk.Status.RUNNING, seen_at__lt=at)

    def unfinished(self) -> Self:
        return self.exclude(status=MatchChunk.Status.DONE)


class MatchChunk(models.Model):
    """A range of students of a full run; a worker claims it by a conditional update."""

    class Status(models.TextChoices):
        WAITING = "waiting", _("waiting")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")

    run = models.ForeignKey(MatchRun, on_delete=models.CASCADE, related_name="chunks", verbose_name=_("match run"))
    number = models.PositiveIntegerField(_("number"))
    first_student = models.BigIntegerField(_("first student"))
    last_student = models.BigIntegerField(_("last student"))
    students = models.PositiveIntegerField(_("students"))
    status = models.CharField(_("status"), max_length=7, choices=Status, default=Status.WAITING)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    worker = models.CharField(_("worker"), max_length=80, blank=True)
    started_at = models.DateTimeField(_("started"), null=True, blank=True)
    seen_at = models.DateTimeField(_("last sign of life"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    pairs = models.BigIntegerField(_("pairs scored"), default=0)
    matches = models.BigIntegerField(_("matches written"), default=0)
    result = models.BinaryField(_("candidates of postings"), null=True, blank=True)
    reason = models.TextField(_("reason of failure"), blank=True)

    objects = MatchChunkQuerySet.as_manager()

    class Meta:
        verbose_name = _("chunk of a full run")
        verbose_name_plural = _("chunks of full runs")
        constraints = [models.UniqueConstraint(fields=["run", "number"], name="run_has_a_chunk_once")]

    def __str__(self) -> str:
        return f"{self.run} / {self.number}"


class MatchQuerySet(models.QuerySet["Match"]):
    def of_open_jobs(self, *, at: datetime) -> Self:
        return self.filter(
            job__status=Job.Status.PUBLISHED,
            job__published_at__lte=at,
            job__closes_at__gt=at,
            job__company__status=Company.Status.VERIFIED,
        )

    def of_job(self, job: Job) -> Self:
        return self.filter(job=job)

    def shown_to_companies(self, visible: models.QuerySet[Any, Any], applicants: models.QuerySet[Any, Any]) -> Self:
        """Matches of students who applied, or who agreed to be suggested, by id; nobody else, in counts neither."""
        return self.filter(student__in=visible.union(applicants))  # an "or" would read every match

    def best_first(self) -> Self:
        return self.order_by("-score", "job_id", "student_id")

    def sorted_by(self, order: str) -> Self:
        """By ``newest`` or ``closing`` posting, else best first."""
        if order == "newest":
            return self.order_by("-job__published_at", "-job_id")
        return self.order_by("job__closes_at", "job_id") if order == "closing" else self.best_first()

    def for_list(self) -> Self:
        texts = ("job__description", "job__requirements")  # they say how far a score can be trusted
        return self.select_related("job__company").only(*SHOWN, *texts, *(f"job__{name}" for name in LISTED))


class Match(models.Model):
    """The score of a pair, in hundredths of a point, as the sum of its three parts."""

    is_invited: bool  # the student, to the posting, where `candidates` has looked

    # Indices below begin with either: one more of each would only be built in vain by every full run.
    student = models.ForeignKey(Student, models.CASCADE, "matches", db_index=False, verbose_name=_("student"))
    job = models.ForeignKey(Job, models.CASCADE, "matches", db_index=False, verbose_name=_("posting"))
    score = models.PositiveSmallIntegerField(_("score"))
    occupation_points = models.PositiveSmallIntegerField(_("points for the occupation"))
    requirement_points = models.PositiveSmallIntegerField(_("points for the requirements"))
    word_points = models.PositiveSmallIntegerField(_("points for shared words"))
    model_version = models.CharField(_("version of the model"), max_length=40)
    first_seen_at = models.DateTimeField(_("first computed"))
    computed_at = models.DateTimeField(_("computed"))

    objects = MatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("match")
        verbose_name_plural = _("matches")
        indexes = [
            models.Index(fields=["student", "-score", "job"], name="matches_of_a_student_best"),
            models.Index(fields=["job", "-score", "student"], name="matches_of_a_job_best"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["student", "job"], name="pair_is_scored_once"),
            models.CheckConstraint(
                condition=Q(score=F("occupation_points") + F("requirement_points") + F("word_points")),
                name="score_is_the_sum_of_its_parts",
            ),
            models.CheckConstraint(condition=Q(score__lte=FULL_SCORE), name="score_is_at_most_100_points"),
        ]

    def __str__(self) -> str:
        return f"{self.student} × {self.job}: {self.points}"

    @property
    def points(self) -> int:
        """The score as people read it, 0 to 100."""
        return (self.score + POINT // 2) // POINT


class Side(models.TextChoices):
    STUDENT = "student", _("student")
    JOB = "job", _("posting")


class EncodedText(models.Model):
    """A student or posting as one version of the model sees it: what scoring needs, so that no text is read twice.

    Any machine can rebuild its matrices from these rows; ``encoded_at`` tells which changed since it last looked.
    """

    side = models.CharField(_("side"), max_length=7, choices=Side)
    subject_id = models.BigIntegerField(_("id of the subject"))
    model_version = models.CharField(_("version of the model"), max_length=40)
    content = models.BinaryField(_("content"))
    encoded_at = models.DateTimeField(_("encoded"))

    class Meta:
        verbose_name = _("encoded text")
        verbose_name_plural = _("encoded texts")
        indexes = [models.Index(fields=["model_version", "side", "encoded_at"], name="texts_encoded_since")]
        constraints = [
            models.UniqueConstraint(
                fields=["side", "subject_id", "model_version"], name="subject_is_encoded_once_by_a_model"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.side} {self.subject_id} ({self.model_version})"


class Cutoff(models.Model):
    """The score that the last place of a full list of matches holds: below it a new pair need not be stored.

    A student or posting whose list is not full has none. Runs keep these rows; a million matches need not be read.
    """

    side = models.CharField(_("side"), max_length=7, choices=Side)
    subject_id = models.BigIntegerField(_("id of the subject"))
    score = models.PositiveSmallIntegerField(_("score"))

    class Meta:
        verbose_name = _("cutoff")
        verbose_name_plural = _("cutoffs")
        constraints = [models.UniqueConstraint(fields=["side", "subject_id"], name="subject_has_one_cutoff")]

    def __str__(self) -> str:
        return f"{self.side} {self.subject_id}: {self.score}"

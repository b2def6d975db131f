"""Matches, runs and fitted models as staff see them; what a task computed is not edited by hand."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from jobs.models import Job
from matching import tasks
from matching.models import EncodedText, FittedModel, FittedModelFile, Match, MatchChunk, MatchRun
from moirai.office.asking import AsksFirst, Record, is_confirmed
from moirai.office.read_only import NobodyWrites
from moirai.queueing import queue
from students.models import Student


@admin.register(Match)
class MatchAdmin(NobodyWrites):
    list_display = ("student", "job", "points", "occupation_points", "requirement_points", "word_points", "computed_at")
    list_filter = ("model_version", "computed_at")
    list_select_related = ("student__user", "job")
    search_fields = ("=student__user__email", "=student__external_id", "job__title", "=job__external_id")
    ordering = ("-computed_at", "-pk")


class ChunkInline(Record):
    """How far a full run is, and what went wrong where."""

    model = MatchChunk
    fields = ("number", "status", "students", "attempts", "worker", "started_at", "finished_at", "matches", "reason")
    readonly_fields = fields
    ordering = ("number",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[MatchChunk]:
        return super().get_queryset(request).defer("result")


@admin.register(MatchRun)
class MatchRunAdmin(AsksFirst, NobodyWrites):
    list_display = (
        "scope", "status", "progress", "student", "job", "pairs", "matches", "created_at", "finished_at", "reason"
    )  # fmt: skip
    inlines = (ChunkInline,)
    list_filter = ("scope", "status", "created_at")
    list_select_related = ("student__user", "job")
    search_fields = ("=student__user__email", "job__title", "reason")
    ordering = ("-created_at", "-pk")
    actions = ("run_everything",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[MatchRun]:
        """With the students of the chunks, added up for the rows of the page alone."""
        chunks = MatchChunk.objects.filter(run=OuterRef("pk")).order_by().values("run")
        everybody = Subquery(chunks.values(found=Sum("students")))
        done = Subquery(chunks.filter(status=MatchChunk.Status.DONE).values(found=Sum("students")))
        runs: QuerySet[MatchRun] = super().get_queryset(request)
        return runs.annotate(done=Coalesce(done, 0), everybody=Coalesce(everybody, 0))

    @admin.display(description=_("progress"))
    def progress(self, run: MatchRun) -> str:
        """Share of the students scored, and how long the rest takes at the pace so far."""
        done, everybody = run.done, run.everybody  # type: ignore[attr-defined]
        if not everybody:
            return ""
        share = f"{100 * done // everybody} %"
        if run.status != MatchRun.Status.RUNNING or not done or run.started_at is None:
            return share
        left = (timezone.now() - run.started_at).total_seconds() * (everybody - done) / done
        return _("%(share)s, about %(minutes)d min to go") % {"share": share, "minutes": left // 60 + 1}

    @admin.action(description=_("Score everything again"), permissions=["view"])
    def run_everything(self, request: HttpRequest, queryset: QuerySet[MatchRun]) -> HttpResponse | None:
        if not is_confirmed(request):
            words = _("All students are scored against all postings, whatever you selected; this takes a while.")
            return self.ask(request, queryset, title=_("Score everything"), action="run_everything", text=words)
        run = tasks.plan_full_run()
        if run is None:
            return self.tell(request, [], did="", said=_("A full run waits or runs already."))
        queue(tasks.refresh_all, run_id=run.pk)
        return self.tell(request, [run], did=_("queued"), said=_("A full run was queued."))


@admin.register(FittedModel)
class FittedModelAdmin(NobodyWrites):
    list_display = ("version", "status", "is_serving", "occupations", "postings", "students", "created_at")
    list_filter = ("status", "is_serving")
    search_fields = ("version",)
    ordering = ("-created_at",)


@admin.register(FittedModelFile)
class FittedModelFileAdmin(NobodyWrites):
    list_display = ("model", "name", "sha256")
    list_select_related = ("model",)
    search_fields = ("name", "model__version")
    fields = ("model", "name", "sha256")

    def get_queryset(self, request: HttpRequest) -> QuerySet[FittedModelFile]:
        return super().get_queryset(request).defer("content")


@admin.register(EncodedText)
class EncodedTextAdmin(NobodyWrites):
    list_display = ("side", "subject_id", "model_version", "encoded_at")
    list_filter = ("side", "model_version")
    search_fields = ("=subject_id",)
    fields = ("side", "subject_id", "model_version", "encoded_at")

    def get_queryset(self, request: HttpRequest) -> QuerySet[EncodedText]:
        return super().get_queryset(request).defer("content")


def _rescore(model_admin: AsksFirst, request: HttpRequest, rows: list[Any], task: Any, name: str, said: str) -> None:
    for row in rows:
        queue(task, **{name: row.pk})
    model_admin.tell(request, rows, did=_("scored again"), said=said % len(rows))


@admin.action(description=_("Score the selected students again"), permissions=["change"])
def rescore_students(model_admin: AsksFirst, request: HttpRequest, queryset: QuerySet[Student]) -> None:
    rows = list(queryset.select_related("user"))
    said = ngettext("%d student was queued.", "%d students were queued.", len(rows))
    _rescore(model_admin, request, rows, tasks.refresh_student, "student_id", said)


@admin.action(description=_("Score the selected postings again"), permissions=["change"])
def rescore_jobs(model_admin: AsksFirst, request: HttpRequest, queryset: QuerySet[Job]) -> None:
    rows = list(queryset)
    said = ngettext("%d posting was queued.", "%d postings were queued.", len(rows))
    _rescore(model_admin, request, rows, tasks.refresh_job, "job_id", said)


# The actions belong to this floor: students and postings do not know that they are scored.
for _model, _action in ((Student, rescore_students), (Job, rescore_jobs)):
    _admin: Any = admin.site.get_model_admin(_model)
    _admin.actions = [*(_admin.actions or []), _action]

"""Staff's side of postings: publish, return, decline, extend, close."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.forms import BaseModelFormSet, ModelForm
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timesince import timesince
from django.utils.translation import gettext_lazy as _

from jobs import posting
from jobs.deciding_admin import DecidingAdmin, RulingInline
from jobs.models import Job, JobSkill, Report
from jobs.models.job import LONG
from jobs.moderation import Step, judge_job
from jobs.tasks import queue_detection
from moirai.office.lists import LightList
from moirai.office.read_only import ReadOnlyAdmin


class JobSkillInline(admin.StackedInline):
    model = JobSkill
    extra = 0
    raw_id_fields = ["skill"]
    readonly_fields = ["start", "end"]


class JobRulingInline(RulingInline):
    fk_name = "job"


@admin.register(Job)
class JobAdmin(LightList, DecidingAdmin):
    long = LONG
    list_display = ["title", "company", "status", "waits", "findings", "kind", "published_at", "closes_at", "case"]
    list_filter = ["status", "findings", "kind", "modality", "language", "company__status"]
    list_select_related = ["company"]
    search_fields = ["title", "company__name", "=external_id", "=public_id"]
    autocomplete_fields = ["company"]
    readonly_fields = [
        "status",
        "status_reason",
        "closed_reason",
        "published_at",
        "public_id",
        "created_at",
        "updated_at",
    ]
    inlines = [JobSkillInline, JobRulingInline]
    steps = (Step.PUBLISHED, Step.RETURNED, Step.REFUSED, Step.EXTENDED, Step.CLOSED)
    judge = staticmethod(judge_job)
    date_hierarchy = "created_at"

    def save_model(self, request: HttpRequest, obj: Job, form: ModelForm, change: bool) -> None:
        obj.slug = posting.slug_of(obj.title)
        if not change or set(posting.TEXTS) & set(form.changed_data):
            obj.needs_detection_since = timezone.now()
        super().save_model(request, obj, form, change)

    def save_formset(self, request: HttpRequest, form: ModelForm, formset: BaseModelFormSet, change: bool) -> None:
        """What staff set by hand, detection leaves alone."""
        for row in formset.save(commit=False):
            row.is_edited = True
            row.save()
        for row in formset.deleted_objects:
            row.delete()

    def save_related(self, request: HttpRequest, form: ModelForm, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        job: Job = form.instance
        if job.needs_detection_since is not None:
            job.skills.update(start=None, end=None)
            queue_detection(job)
        posting.touch(job=job, now=timezone.now())

    @admin.display(description=_("waits for"), ordering="review_since")
    def waits(self, job: Job) -> str:
        if job.status != Job.Status.IN_REVIEW or job.review_since is None:
            return ""
        return timesince(job.review_since, timezone.now())

    @admin.display(description=_("case"))
    def case(self, job: Job) -> SafeString:
        return format_html('<a href="{}">{}</a>', reverse("jobs:desk_job", args=[job.public_id]), _("Open"))


@admin.register(JobSkill)
class JobSkillAdmin(admin.ModelAdmin):
    list_display = ["job", "skill", "level", "is_edited"]
    list_filter = ["level", "is_edited"]
    list_select_related = ["job", "skill"]
    search_fields = ["job__title", "skill__name_es", "skill__name_en"]
    autocomplete_fields = ["job"]
    raw_id_fields = ["skill"]
    readonly_fields = ["start", "end"]

    def save_model(self, request: HttpRequest, obj: JobSkill, form: ModelForm, change: bool) -> None:
        obj.is_edited = True
        super().save_model(request, obj, form, change)
        posting.touch(job=obj.job, now=timezone.now())

    def delete_model(self, request: HttpRequest, obj: JobSkill) -> None:
        super().delete_model(request, obj)
        posting.touch(job=obj.job, now=timezone.now())

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[JobSkill]) -> None:
        jobs = list(Job.objects.filter(skills__in=queryset).distinct())
        super().delete_queryset(request, queryset)
        for job in jobs:
            posting.touch(job=job, now=timezone.now())


@admin.register(Report)
class ReportAdmin(ReadOnlyAdmin):
    """What people wrote is read on the desk, where the case is."""

    list_display = ["created_at", "job", "reason", "outcome", "case"]
    list_filter = ["reason", "outcome", ("closed_at", admin.EmptyFieldListFilter), "created_at"]
    list_select_related = ["job"]
    search_fields = ["job__title", "job__company__name"]
    exclude = ["note", "reporter"]
    ordering = ["-created_at", "-pk"]

    @admin.display(description=_("case"))
    def case(self, report: Report) -> SafeString:
        address = reverse("jobs:desk_reports", args=[report.job.public_id])
        return format_html('<a href="{}">{}</a>', address, _("Open"))


@admin.register(Job.revisions.model)
class JobRevisionAdmin(ReadOnlyAdmin):
    list_display = ["history_date", "title", "status", "history_type", "history_user"]
    list_filter = ["history_type", "status", "history_date"]
    list_select_related = ["history_user"]
    search_fields = ["title", "=public_id"]
    ordering = ["-history_date", "-history_id"]

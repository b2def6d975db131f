"""Staff's side of companies, postings and applications."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ActionForm
from django.db import models
from django.db.models import QuerySet
from django.forms import BaseModelFormSet, ModelForm
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from jobs import posting
from jobs.models import Application, ApplicationEvent, Company, Job, JobSkill, Recruiter
from jobs.register import refuse_company, rename_in_search, verify_company
from jobs.tasks import queue_detection


class ReasonForm(ActionForm):
    """The actions with one line for a reason; those that need it say so when it is empty."""

    reason = forms.CharField(label=_("Reason"), required=False, max_length=500)


def reason_of(request: HttpRequest) -> str:
    return request.POST.get("reason", "").replace("\x00", "").strip()[:500]


class RecruiterInline(admin.TabularInline):
    model = Recruiter
    extra = 0
    autocomplete_fields = ["user"]


@admin.register(Company)
class CompanyAdmin(admin.ModelAdmin):
    list_display = ["name", "status", "city", "tax_id", "created_at", "verified_at"]
    list_filter = ["status", "created_at"]
    search_fields = ["name", "legal_name", "tax_id", "slug"]
    readonly_fields = ["status", "status_reason", "verified_at", "created_at"]
    prepopulated_fields = {"slug": ["name"]}
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}
    inlines = [RecruiterInline]
    action_form = ReasonForm
    actions = ["verify", "decline", "suspend"]
    date_hierarchy = "created_at"

    def save_model(self, request: HttpRequest, obj: Company, form: ModelForm, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if change and "name" in form.changed_data:
            rename_in_search(company=obj)

    @admin.action(description=_("Verify the selected companies"), permissions=["change"])
    def verify(self, request: HttpRequest, queryset: QuerySet[Company]) -> None:
        companies = list(queryset.exclude(status=Company.Status.VERIFIED))
        for company in companies:
            verify_company(company=company, now=timezone.now())
        self._tell(request, len(companies))

    @admin.action(description=_("Decline, with the reason given"), permissions=["change"])
    def decline(self, request: HttpRequest, queryset: QuerySet[Company]) -> None:
        self._refuse(request, queryset.filter(status=Company.Status.PENDING), Company.Status.DECLINED)

    @admin.action(description=_("Suspend, with the reason given"), permissions=["change"])
    def suspend(self, request: HttpRequest, queryset: QuerySet[Company]) -> None:
        self._refuse(request, queryset.filter(status=Company.Status.VERIFIED), Company.Status.SUSPENDED)

    def _refuse(self, request: HttpRequest, companies: QuerySet[Company], status: Company.Status) -> None:
        reason = reason_of(request)
        if not reason:
            self.message_user(request, _("Write the reason; the company reads it."), messages.ERROR)
            return
        rows = list(companies)
        for company in rows:
            refuse_company(company=company, status=status, reason=reason, now=timezone.now())
        self._tell(request, len(rows))

    def _tell(self, request: HttpRequest, count: int) -> None:
        self.message_user(request, ngettext("%d company was changed.", "%d companies were changed.", count) % count)


@admin.register(Recruiter)
class RecruiterAdmin(admin.ModelAdmin):
    list_display = ["user", "company", "position", "is_owner"]
    list_filter = ["is_owner", "company__status"]
    list_select_related = ["user", "company"]
    search_fields = ["user__email", "user__full_name", "company__name"]
    autocomplete_fields = ["user", "company"]


class JobSkillInline(admin.TabularInline):
    model = JobSkill
    extra = 0
    raw_id_fields = ["skill"]
    readonly_fields = ["start", "end"]


@admin.register(Job)
class JobAdmin(admin.ModelAdmin):
    list_display = ["title", "company", "status", "kind", "published_at", "closes_at", "updated_at"]
    list_filter = ["status", "kind", "modality", "language", "company__status"]
    list_select_related = ["company"]
    search_fields = ["title", "company__name", "external_id", "public_id"]
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
    inlines = [JobSkillInline]
    action_form = ReasonForm
    actions = ["publish", "give_back", "close"]
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

    @admin.action(description=_("Publish the selected postings"), permissions=["change"])
    def publish(self, request: HttpRequest, queryset: QuerySet[Job]) -> None:
        self._each(request, queryset, lambda job: posting.publish(job=job, now=timezone.now()))

    @admin.action(description=_("Return to the company, with the comment given as reason"), permissions=["change"])
    def give_back(self, request: HttpRequest, queryset: QuerySet[Job]) -> None:
        comment = reason_of(request)
        if not comment:
            self.message_user(request, _("Write the reason; the company reads it."), messages.ERROR)
            return
        self._each(request, queryset, lambda job: posting.return_job(job=job, comment=comment, now=timezone.now()))

    @admin.action(description=_("Close the selected postings"), permissions=["change"])
    def close(self, request: HttpRequest, queryset: QuerySet[Job]) -> None:
        reason = Job.ClosedReason.OFFICE
        self._each(request, queryset, lambda job: posting.close_job(job=job, reason=reason, now=timezone.now()))

    def _each(self, request: HttpRequest, queryset: QuerySet[Job], step: Any) -> None:
        """Take a step with every posting; those that cannot take it are named."""
        done, refused = 0, []
        for job in queryset:
            try:
                step(job)
                done += 1
            except posting.NotPossibleError:
                refused.append(job.title)
        self.message_user(request, ngettext("%d posting was changed.", "%d postings were changed.", done) % done)
        if refused:
            words = _("Not possible now (status, or company not verified): %(titles)s")
            self.message_user(request, words % {"titles": ", ".join(refused[:10])}, messages.WARNING)


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


class EventInline(admin.TabularInline):
    """The record of an application; nobody rewrites it."""

    model = ApplicationEvent
    extra = 0
    can_delete = False
    readonly_fields = ["status", "actor", "note", "at"]

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Application)
class ApplicationAdmin(admin.ModelAdmin):
    list_display = ["student", "job", "status", "created_at", "updated_at"]
    list_filter = ["status", "created_at"]
    list_select_related = ["student__user", "job"]
    search_fields = ["student__user__email", "student__user__full_name", "job__title", "job__company__name"]
    raw_id_fields = ["student", "job", "cv"]
    readonly_fields = ["status", "message", "public_id", "created_at", "updated_at"]
    inlines = [EventInline]
    date_hierarchy = "created_at"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False


@admin.register(ApplicationEvent)
class ApplicationEventAdmin(admin.ModelAdmin):
    list_display = ["application", "status", "actor", "at"]
    list_filter = ["status", "at"]
    list_select_related = ["application__student__user", "application__job", "actor"]
    search_fields = ["application__job__title", "application__student__user__email"]
    raw_id_fields = ["application", "actor"]
    readonly_fields = ["status", "note", "at"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

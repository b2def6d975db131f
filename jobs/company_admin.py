"""Staff's side of companies: verify, ask, decline, suspend, trust, merge."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db import models
from django.db.models import Exists, OuterRef, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from jobs.deciding_admin import DecidingAdmin, RulingInline, now_of
from jobs.merging import merge_companies
from jobs.models import Company, CompanyDocument, Recruiter, Report, Ruling, TeamInvitation
from jobs.moderation import Step, judge_company
from jobs.register import rename_in_search
from moirai.office.asking import Record, is_confirmed
from moirai.office.read_only import ReadOnlyAdmin

MERGED_AT_ONCE = 5


class WithoutTaxId(admin.SimpleListFilter):
    title = _("tax id")
    parameter_name = "rfc"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("no", _("missing")), ("yes", _("given"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Company]) -> QuerySet[Company]:
        return {"no": queryset.filter(tax_id=""), "yes": queryset.exclude(tax_id="")}.get(self.value() or "", queryset)


class WithReports(admin.SimpleListFilter):
    title = _("open reports")
    parameter_name = "reported"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("Yes"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Company]) -> QuerySet[Company]:
        reports = Report.objects.open().filter(job__company=OuterRef("pk"))
        return queryset.filter(Exists(reports)) if self.value() == "yes" else queryset


class RecruiterInline(admin.StackedInline):
    model = Recruiter
    extra = 0
    autocomplete_fields = ["user"]


class DocumentInline(Record):
    """Papers open on the desk's own address, which hands them out and never shows them."""

    model = CompanyDocument
    fields = ("kind", "file_link", "size", "uploaded_at")
    readonly_fields = fields

    @admin.display(description=_("file"))
    def file_link(self, document: CompanyDocument) -> SafeString:
        address = reverse("jobs:company_document", args=[document.pk])
        return format_html('<a href="{}">{}</a>', address, document.original_name)


class CompanyRulingInline(RulingInline):
    fk_name = "company"


@admin.register(Company)
class CompanyAdmin(DecidingAdmin):
    list_display = ["name", "status", "is_trusted", "has_generic_mail", "city", "tax_id", "created_at", "verified_at"]
    list_filter = ["status", "is_trusted", "has_generic_mail", WithoutTaxId, WithReports, "created_at"]
    search_fields = ["name", "legal_name", "tax_id", "slug"]
    readonly_fields = ["status", "status_reason", "is_trusted", "has_generic_mail", "verified_at", "created_at"]
    prepopulated_fields = {"slug": ["name"]}
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}
    inlines = [RecruiterInline, DocumentInline, CompanyRulingInline]
    actions = ["merge"]
    steps = (Step.VERIFIED, Step.ASKED, Step.DECLINED, Step.SUSPENDED, Step.TRUSTED, Step.UNTRUSTED)
    judge = staticmethod(judge_company)
    date_hierarchy = "created_at"

    def save_model(self, request: HttpRequest, obj: Company, form: ModelForm, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if change and "name" in form.changed_data:
            rename_in_search(company=obj)

    @admin.action(description=_("Merge the selected companies into one"), permissions=["change"])
    def merge(self, request: HttpRequest, queryset: QuerySet[Company]) -> HttpResponse | None:
        companies = list(queryset.order_by("created_at", "pk")[: MERGED_AT_ONCE + 1])
        if not 2 <= len(companies) <= MERGED_AT_ONCE:
            words = _("Choose between two companies and %(most)d.") % {"most": MERGED_AT_ONCE}
            self.message_user(request, words, messages.ERROR)
            return None
        chosen = request.POST.get("target", "")
        target = next((company for company in companies if str(company.pk) == chosen), None)
        if not is_confirmed(request) or target is None:
            return self.ask(
                request,
                companies,
                title=_("Merge companies"),
                action="merge",
                chooses=True,
                text=_(
                    "Postings, people, papers and decisions of the others go to the one you choose. "
                    "This cannot be undone."
                ),
            )
        for company in companies:
            if company != target:
                self.log_change(request, target, f"{company.name} → {target.name}")
                merge_companies(source=company, target=target, **now_of(request))
        self.message_user(request, _("Merged into %(name)s.") % {"name": target.name})
        return None


@admin.register(Recruiter)
class RecruiterAdmin(admin.ModelAdmin):
    list_display = ["user", "company", "position", "is_owner"]
    list_filter = ["is_owner", "company__status"]
    list_select_related = ["user", "company"]
    search_fields = ["=user__email", "company__name"]
    autocomplete_fields = ["user", "company"]


@admin.register(CompanyDocument)
class CompanyDocumentAdmin(ReadOnlyAdmin):
    list_display = ["company", "kind", "size", "uploaded_at"]
    list_filter = ["kind", "uploaded_at"]
    list_select_related = ["company"]
    search_fields = ["company__name"]
    exclude = ["file"]


@admin.register(TeamInvitation)
class TeamInvitationAdmin(ReadOnlyAdmin):
    list_display = ["company", "invited_at", "is_valid"]
    list_filter = ["invited_at"]
    list_select_related = ["company"]
    search_fields = ["company__name", "=email"]

    @admin.display(description=_("the link works"), boolean=True)
    def is_valid(self, invitation: TeamInvitation) -> bool:
        return invitation.expires_at > timezone.now()


@admin.register(Ruling)
class RulingAdmin(ReadOnlyAdmin):
    list_display = ["at", "company", "job", "step", "actor"]
    list_filter = ["step", "at"]
    list_select_related = ["company", "job", "actor"]
    search_fields = ["company__name", "job__title"]
    ordering = ["-at", "-pk"]


@admin.register(Company.revisions.model)
class CompanyRevisionAdmin(ReadOnlyAdmin):
    list_display = ["history_date", "name", "status", "history_type", "history_user"]
    list_filter = ["history_type", "history_date"]
    list_select_related = ["history_user"]
    search_fields = ["name", "slug"]
    ordering = ["-history_date", "-history_id"]

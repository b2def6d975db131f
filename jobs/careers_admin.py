"""Staff say which page of a company may be fetched, and have it fetched now."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from jobs.careers_import import FETCHER
from jobs.models import CareersPage
from jobs.tasks import queue_careers_page
from moirai.fetching import RefusedError
from moirai.office.asking import AsksFirst


class CareersPageForm(forms.ModelForm):
    url = forms.URLField(
        label=_("careers page"),
        max_length=500,
        assume_scheme="https",
        help_text=_("With JobPosting data (schema.org). No other host is asked."),
    )

    class Meta:
        model = CareersPage
        fields = ["company", "url", "is_active"]

    def clean_url(self) -> str:
        url: str = self.cleaned_data["url"]
        try:
            FETCHER.judged(url)
        except RefusedError:
            raise forms.ValidationError(_("This is no address that we fetch.")) from None
        return url


@admin.register(CareersPage)
class CareersPageAdmin(AsksFirst):
    form = CareersPageForm
    list_display = ["company", "url", "is_active", "found", "fetched_at", "problem"]
    list_filter = ["is_active", ("problem", admin.EmptyFieldListFilter)]
    list_select_related = ["company"]
    search_fields = ["company__name", "url"]
    autocomplete_fields = ["company"]
    readonly_fields = ["due_at", "fetched_at", "found", "problem"]
    fields = ["company", "url", "is_active", *readonly_fields]
    ordering = ["company__name", "pk"]
    actions = ["fetch_now"]

    def save_model(self, request: HttpRequest, obj: CareersPage, form: Any, change: bool) -> None:
        if not change:
            obj.due_at = timezone.now()
        super().save_model(request, obj, form, change)

    @admin.action(description=_("Fetch now"), permissions=["change"])
    def fetch_now(self, request: HttpRequest, queryset: QuerySet[CareersPage]) -> None:
        pages = list(queryset.filter(is_active=True))
        CareersPage.objects.filter(pk__in=[page.pk for page in pages]).update(due_at=timezone.now())
        for page in pages:
            queue_careers_page(page)
        said = ngettext("%(count)d page is fetched now.", "%(count)d pages are fetched now.", len(pages))
        self.tell(request, pages, did=_("fetched"), said=said % {"count": len(pages)})

"""What search engines may find: open postings, verified companies, texts; and what they shall leave alone."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.sitemaps import Sitemap
from django.contrib.sitemaps.views import index as sitemap_index
from django.contrib.sitemaps.views import sitemap as sitemap_section
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from jobs.models import Company, Job

TEXTS = ("home", "jobs:job_list", "how_we_score", "privacy_notice", "accessibility", "help")
CLOSED_TO_ROBOTS = ("cuenta/", "empresa/", "gestion/", "admin/", "inicio/", "tema/", "perfil/", "avisos/")
EACH_FILE = 5000


class InBothLanguages(Sitemap):
    i18n = True
    alternates = True
    x_default = True
    limit = EACH_FILE


class Postings(InBothLanguages):
    def items(self) -> QuerySet[Job]:
        return Job.objects.open(at=timezone.now()).newest_first().only("public_id", "slug", "updated_at")

    def lastmod(self, job: Job) -> datetime:
        return job.updated_at


class Companies(InBothLanguages):
    def items(self) -> QuerySet[Company]:
        return Company.objects.verified().order_by("slug").only("slug")


class Texts(InBothLanguages):
    def items(self) -> tuple[str, ...]:
        return TEXTS

    def location(self, item: str) -> str:
        return reverse(item)


SITEMAPS: dict[str, type[Sitemap[Any]] | Sitemap[Any]] = {"postings": Postings, "companies": Companies, "texts": Texts}


@login_not_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    return sitemap_index(request, SITEMAPS, sitemap_url_name="sitemap_section")


@login_not_required
@require_safe
def section(request: HttpRequest, section: str) -> HttpResponse:
    answer: Any = sitemap_section(request, SITEMAPS, section)
    return answer  # type: ignore[no-any-return]


@login_not_required
@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Everything that asks for sign-in is closed, in both languages; lists with filters say noindex themselves."""
    lines = [f"Disallow: {prefix}{path}" for prefix in ("/", "/en/") for path in CLOSED_TO_ROBOTS]
    address = f"{settings.SITE_URL.rstrip('/')}{reverse('sitemap')}"
    text = "\n".join(["User-agent: *", *lines, "", f"Sitemap: {address}", ""])
    return HttpResponse(text, content_type="text/plain; charset=utf-8")

"""Addresses: Spanish words in every language, English pages under /en/."""

from __future__ import annotations

from allauth.account.decorators import secure_admin_login
from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

from moirai import health, metrics, pages, styleguide
from moirai.api import pages as api_pages
from moirai.privacy.contact import security_txt

admin.autodiscover()
# One limited way in, for staff too.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", metrics.metrics, name="metrics"),
    path("", include("jobs.root_urls")),
    path("api/v1/", include("moirai.api.urls")),
    path(".well-known/security.txt", security_txt, name="security_txt"),
    *i18n_patterns(
        path("", pages.home, name="home"),
        path("inicio/", pages.start, name="start"),
        path("cuenta/", pages.account, name="account"),
        path("cuenta/", include("moirai.accounts.urls")),
        path("cuenta/tokens/", api_pages.tokens, name="api_tokens"),
        path("cuenta/tokens/<public_id:token>/retirar/", api_pages.revoke, name="api_revoke"),
        path("api/", api_pages.reference, name="api_reference"),
        path("tema/", pages.set_theme, name="set_theme"),
        path("como-calculamos/", pages.how_we_score, name="how_we_score"),
        path("privacidad/", pages.privacy_notice, name="privacy_notice"),
        path("accesibilidad/", pages.accessibility, name="accessibility"),
        path("ayuda/", pages.help_page, name="help"),
        path("", include("moirai.privacy.urls")),
        path("", include("moirai.office.urls")),
        path("", include("students.urls")),
        path("", include("jobs.urls")),
        path("", include("matching.urls")),
        path("", include("notifications.urls")),
        path("admin/", admin.site.urls),
        path("estilo/", styleguide.page, name="styleguide"),
        prefix_default_language=False,
    ),
]

handler400 = "moirai.pages.bad_request"
handler403 = "moirai.pages.permission_denied"
handler404 = "moirai.pages.not_found"
handler500 = "moirai.pages.server_error"

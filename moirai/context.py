"""What every page knows about the site."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from django.urls import translate_url


def site(request: HttpRequest) -> dict[str, object]:
    """Name of the university, theme chosen by cookie, and this page's address in the other languages."""
    return {
        "site_name": settings.SITE_NAME,
        "theme": {"light": "light", "dark": "dark"}.get(request.COOKIES.get("theme", ""), ""),
        "translations": [
            (code, name, translate_url(request.get_full_path(), code)) for code, name in settings.LANGUAGES
        ],
    }

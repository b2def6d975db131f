"""What every page knows about the site."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.urls import translate_url
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language


def site(request: HttpRequest) -> dict[str, object]:
    """Name of the university, theme chosen by cookie, this page's address in the other languages, and one token for
    all forms of the page: Django's own makes three anew for each form, and a list has a form a line."""
    path = request.get_full_path()
    return {
        "csrf_token": SimpleLazyObject(lambda: get_token(request)),
        "site_name": settings.SITE_NAME,
        "theme": {"light": "light", "dark": "dark"}.get(request.COOKIES.get("theme", ""), ""),
        "translations": [
            (code, name, path if code == get_language() else translate_url(path, code))
            for code, name in settings.LANGUAGES
        ],
    }

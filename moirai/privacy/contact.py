"""`/.well-known/security.txt` (RFC 9116): where to report a problem."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

VALID = timedelta(days=180)


@require_safe
@login_not_required
def security_txt(request: HttpRequest) -> HttpResponse:
    """Contact, how long that holds, the languages we read, and where this file lives."""
    site = settings.SITE_URL.rstrip("/")
    lines = [
        f"Contact: {settings.SECURITY_CONTACT or site + reverse('help')}",
        f"Expires: {(timezone.now() + VALID).isoformat(timespec='seconds')}",
        "Preferred-Languages: es, en",
        f"Canonical: {site}{request.path}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")

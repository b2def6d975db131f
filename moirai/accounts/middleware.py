"""Sessions: remembered without a write on every page, ended in time; and the second factor of staff."""

from __future__ import annotations

import time
from collections.abc import Callable

from allauth.mfa.utils import is_mfa_enabled
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

TRACKED_EVERY = 300  # seconds
SEEN, BEGAN = "seen_at", "began_at"


class TrackSessions:
    """allauth's middleware costs five queries a request, one a write; this one the same, once in five minutes."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            now = int(time.time())
            if now - request.session.get(SEEN, 0) >= TRACKED_EVERY:
                request.session[SEEN] = now
                UserSession.objects.create_from_request(request)
        return self.get_response(request)


class KeepNothing:
    """What a signed-in person reads stays in no cache: after the sign-out the next person at a desk of the library
    does not see it by going back. Pages that say themselves what may be kept are left alone."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        is_signed_in = request.user.is_authenticated  # before the view, which may sign out
        response = self.get_response(request)
        if is_signed_in:
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response


class LimitSessions:
    """A session ends after some time without a visit, and some time after its sign-in whatever was visited."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            now = int(time.time())
            began = request.session.setdefault(BEGAN, now)
            idle, absolute = limits(is_staff=request.user.is_staff)
            if now - began >= absolute or now - request.session.get(SEEN, now) >= idle + TRACKED_EVERY:
                logout(request)
        return self.get_response(request)


def limits(*, is_staff: bool) -> tuple[int, int]:
    """Seconds without a visit, and since the sign-in. "Seen" is written every five minutes, so idle is that exact."""
    if is_staff:
        return settings.STAFF_SESSION_IDLE_SECONDS, settings.STAFF_SESSION_ABSOLUTE_SECONDS
    return settings.SESSION_COOKIE_AGE, settings.SESSION_ABSOLUTE_SECONDS


class RequireSecondFactor:
    """Staff see no page of the admin or of `staff.for_staff` before they have a second factor.

    With one, sign-in itself asks for it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_args: object) -> HttpResponseBase | None:
        match = request.resolver_match
        is_admin = match is not None and "admin" in match.app_names and match.url_name not in ("login", "logout")
        is_admin = is_admin or getattr(match and match.func, "is_for_staff", False)
        user = request.user
        if not (is_admin and settings.REQUIRE_STAFF_SECOND_FACTOR and user.is_authenticated and user.is_staff):
            return None
        if is_mfa_enabled(user):
            return None
        messages.warning(request, _("The careers office needs a second factor. Activate one and go on."))
        return redirect("mfa_index")

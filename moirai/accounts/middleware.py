"""Remembering where people are signed in, without a write on every page."""

from __future__ import annotations

import time
from collections.abc import Callable

from allauth.usersessions.models import UserSession
from django.http import HttpRequest, HttpResponse

TRACKED_EVERY = 300  # seconds
SEEN = "seen_at"


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

"""What every request passes before a view sees it."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse

from moirai import logs, metrics

GetResponse = Callable[[HttpRequest], HttpResponse]
logger = logging.getLogger("moirai.requests")


class Observe:
    """Give each request an id, and say how it went: in the log by route, never by address, and in the metrics."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began = time.perf_counter()
        request_id = logs.begin(request.headers.get("X-Request-ID"))
        try:
            response = self.get_response(request)
            response.headers["X-Request-ID"] = request_id
            seconds = time.perf_counter() - began
            route = request.resolver_match.view_name if request.resolver_match else "none"
            facts = {"route": route, "status": response.status_code, "milliseconds": round(seconds * 1000, 1)}
            logger.info("request", extra=facts | {"method": request.method})
            metrics.count_request(route=route, status=response.status_code, seconds=seconds)
            return response
        finally:
            logs.end()


class RefuseUnstorableText:
    """Answer 400 to NUL bytes and lone surrogates in path or query: PostgreSQL can store neither.

    Form fields and JSON bodies are judged by forms and serializers, which can name the field.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_args: object) -> None:
        values = (value for _, values in request.GET.lists() for value in values)
        if not all(map(is_storable, [request.path_info, *request.GET.keys(), *values])):
            raise BadRequest("The address holds characters that no text can have.")


class SendPermissionsPolicy:
    """Say which powers of the browser no page of ours asks for; Django has no setting for it."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", settings.PERMISSIONS_POLICY)
        return response


def is_storable(text: str) -> bool:
    """Whether ``text`` can be stored by every database: no NUL, no lone surrogate."""
    return "\x00" not in text and not any("\ud800" <= character <= "\udfff" for character in text)

"""What an error looks like: problem details (RFC 9457) in the language of ``Accept-Language``."""

from __future__ import annotations

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.utils.translation import gettext as _
from rest_framework.exceptions import APIException, ValidationError
from rest_framework.response import Response

CONTENT_TYPE = "application/problem+json"


class Conflict(APIException):
    """The request is right, and the state of things does not allow it; ``code`` says why to programs."""

    status_code = HTTPStatus.CONFLICT


class Stale(APIException):
    status_code = HTTPStatus.PRECONDITION_FAILED
    default_code = "stale"


class TooLarge(APIException):
    status_code = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    default_code = "too_large"


class OtherRequest(APIException):
    status_code = HTTPStatus.UNPROCESSABLE_ENTITY
    default_code = "key_reused"


class NotYet(APIException):
    status_code = HTTPStatus.SERVICE_UNAVAILABLE
    default_code = "not_yet"


def as_problem(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's answer with a body of our form; an error that is none of the client's is left to the site."""
    from rest_framework.views import exception_handler  # they import this module while they are being made

    if isinstance(error, RequestDataTooBig):
        error = TooLarge(_("The request is too large."))
    response = exception_handler(error, context)
    if response is None:
        return None
    problem: dict[str, Any] = {"type": "about:blank"}
    if isinstance(error, ValidationError):
        response.status_code = HTTPStatus.UNPROCESSABLE_ENTITY
        code, detail = "invalid", _("Some of the fields are not right.")
        named = response.data if isinstance(response.data, dict) else {"non_field_errors": response.data}
        errors = {name: list(_flat(said)) for name, said in named.items()}
    else:
        detail, errors = str((response.data or {}).get("detail", "")), None
        raised = getattr(error, "detail", None)
        code = getattr(raised, "code", None) or HTTPStatus(response.status_code).name.lower()
    problem |= {"title": HTTPStatus(response.status_code).phrase, "status": int(response.status_code)}
    problem |= {"code": code, "detail": detail}
    response.data = problem | ({"errors": errors} if errors is not None else {})
    response.content_type = CONTENT_TYPE
    return response


def _flat(said: Any) -> Iterator[str]:
    """The sentences of one field; of a list or an object, with the place before each."""
    if isinstance(said, dict):
        yield from (f"{place}: {words}" for place, inner in said.items() for words in _flat(inner))
    elif isinstance(said, list):
        yield from (words for inner in said for words in _flat(inner))
    else:
        yield str(said)

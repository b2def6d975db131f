"""allauth's views with the house's answer to a form that is not right."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse

View = Callable[..., HttpResponse]


def refusing_with_422(view: View) -> View:
    """``view``, answering 422 instead of 200 where it shows a form again; keeps its ``login_not_required`` mark."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        form = (getattr(response, "context_data", None) or {}).get("form")
        if response.status_code == HTTPStatus.OK and form is not None and form.is_bound and form.errors:
            response.status_code = HTTPStatus.UNPROCESSABLE_ENTITY
        return response

    return wrapped

"""What every endpoint does: the client's language, its cache's rules, pages of lists, and the edit of what was read."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import md5
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from django.utils.decorators import method_decorator
from django.utils.http import parse_etags, quote_etag
from django.utils.translation import gettext as _
from django.views.decorators.http import conditional_page
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer
from rest_framework.views import APIView

from moirai.accounts.models import User
from moirai.api import once
from moirai.api.models import Answer, Scope
from moirai.api.pagination import SignedCursors
from moirai.api.problems import Stale


class AnyAccept(DefaultContentNegotiation):
    """For an endpoint that answers a file: what it is asked for in, it does not choose."""

    def select_renderer(self, request: Request, renderers: Any, format_suffix: str | None = None) -> Any:
        return renderers[0], renderers[0].media_type


@method_decorator(conditional_page, name="dispatch")
class Endpoint(APIView):
    """``scopes`` names every method that is answered, and what its token must be for; ``permissions``, of staff."""

    scopes: ClassVar[dict[str, Scope]] = {}
    permissions: ClassVar[dict[str, str]] = {}
    http_method_names = ["get", "head", "post", "patch", "delete"]
    answer: Answer | None = None  # where this request holds an Idempotency-Key
    pagination_class = SignedCursors  # where `page` is used; the schema reads it here

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Outside the site's /en/ the middleware takes Spanish; a program says what it wants by header."""
        translation.activate(translation.get_language_from_request(request))
        super().initial(request, *args, **kwargs)
        self.answer = once.begin(request, now=timezone.now())

    def handle_exception(self, exc: Exception) -> Response:
        if isinstance(exc, once.AnsweredError):
            return exc.response
        if self.answer is not None:
            self.answer.delete()
            self.answer = None
        return super().handle_exception(exc)

    def finalize_response(self, request: Request, response: Response, *args: Any, **kwargs: Any) -> Response:
        response = super().finalize_response(request, response, *args, **kwargs)
        if self.answer is not None:
            once.end(self.answer, response)
        response["Cache-Control"] = "private, no-cache"  # asked again with the ETag each time
        patch_vary_headers(response, ["Authorization", "Accept-Language"])
        return response

    def page(
        self, rows: QuerySet[Any], serializer: type[BaseSerializer[Any]], shown: Callable[[list[Any]], list[Any]] = list
    ) -> Response:
        """One page of ``rows``; ``shown`` makes of them what is written out."""
        pages = self.pagination_class()
        found = pages.paginate_queryset(rows, self.request, view=self) or []
        written = serializer(shown(found), many=True, context={"request": self.request})
        return pages.get_paginated_response(written.data)


def person_of(request: Request) -> User:
    """The token's person; `InScope` has seen to it that there is one."""
    assert isinstance(request.user, User)
    return request.user


def refuse_stale(request: Request, current: Any) -> None:
    """412 where ``If-Match`` names another state than ``current``, the data of a GET."""
    expected = request.headers.get("If-Match")
    if expected is not None and expected.strip() != "*" and etag_of(current) not in parse_etags(expected):
        raise Stale(_("This has changed since you read it. Read it again."))


def etag_of(data: Any) -> str:
    """The tag that ``conditional_page`` gives to a response with this data."""
    return quote_etag(md5(JSONRenderer().render(data), usedforsecurity=False).hexdigest())

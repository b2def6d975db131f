"""Lists by pages whose cursor is opaque: rows that come or go meanwhile move nothing to another page."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.core import signing
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from rest_framework.exceptions import NotFound
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

if TYPE_CHECKING:  # DRF's views import this module while they are being made
    from rest_framework.views import APIView

SIZE, LARGEST = 20, 100
Values = list[Any]


class SignedCursors(BasePagination):
    """The next page begins after the last row of this one, by all columns of the query set's order, which must end in
    one that tells rows apart. (DRF's own cursors count rows of one moment, as an import makes them.) A cursor is signed
    for its list and order: a forged or foreign one would compare a column with what it cannot hold.
    """

    following: str | None = None
    largest = LARGEST

    def paginate_queryset(self, queryset: Any, request: Request, view: APIView | None = None) -> list[Any]:
        order = [str(name) for name in queryset.query.order_by]
        salt = f"api.cursor {request.path} {','.join(order)}"
        if (cursor := request.query_params.get("cursor")) is not None:
            queryset = queryset.filter(after(order, _read(cursor, salt, queryset, order)))
        limit = limit_of(request, self.largest)
        rows = list(queryset[: limit + 1])
        if len(rows) > limit:
            rows = rows[:limit]
            cursor = signing.dumps([_text(getattr(rows[-1], name.lstrip("-"))) for name in order], salt=salt)
            self.following = replace_query_param(request.build_absolute_uri(), "cursor", cursor)
        return rows

    def get_paginated_response(self, data: Any) -> Response:
        return Response({"next": self.following, "results": data})

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        following = {"type": "string", "nullable": True, "format": "uri", "description": "The next page."}
        properties = {"next": following, "results": schema}
        return {"type": "object", "required": ["next", "results"], "properties": properties}

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        size = {"type": "integer", "minimum": 1, "maximum": self.largest, "default": SIZE}
        return [
            {"name": "cursor", "in": "query", "schema": {"type": "string"}, "description": "As `next` has it."},
            {"name": "limit", "in": "query", "schema": size, "description": "Rows of a page."},
        ]


def limit_of(request: Request, largest: int) -> int:
    """Rows of a page; what is no such number is read as nothing."""
    text = request.query_params.get("limit", "")
    return min(int(text), largest) if text.isascii() and text.isdigit() and 0 < len(text) < 9 and int(text) else SIZE


def after(order: list[str], values: Values) -> Q:
    """Rows behind the one with these ``values``; the first column by itself too, so that its index is used."""
    found = Q(pk__in=[])
    same = Q()
    for name, value in zip(order, values, strict=True):
        field, further = (name[1:], "lt") if name.startswith("-") else (name, "gt")
        found |= same & Q((f"{field}__{further}", value))
        same &= Q((field, value))
    field, further = (order[0][1:], "lte") if order[0].startswith("-") else (order[0], "gte")
    return Q((f"{field}__{further}", values[0])) & found


def _text(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def _read(cursor: str, salt: str, queryset: QuerySet[Any], order: list[str]) -> Values:
    try:
        values: Values = signing.loads(cursor, salt=salt)
    except signing.BadSignature:
        raise NotFound(_("This page of the list does not exist.")) from None
    fields = [queryset.model._meta.get_field(name.lstrip("-")) for name in order]
    return [field.to_python(value) for field, value in zip(fields, values, strict=True)]

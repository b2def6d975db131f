"""What the OpenAPI schema says beside the endpoints: how to sign in, and what every error looks like."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, JsonResponse
from django.utils import translation
from django.views.decorators.http import require_safe
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer

from moirai.api.once import HEADER, LONGEST
from moirai.api.problems import CONTENT_TYPE

PROBLEM = {
    "type": "object",
    "description": "Problem details, RFC 9457.",
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string", "description": "Why, for programs: invalid, not_found, closed, stale …"},
        "detail": {"type": "string", "description": "Why, for people, in the language of Accept-Language."},
        "errors": {
            "type": "object",
            "additionalProperties": {"type": "array", "items": {"type": "string"}},
            "description": "By field.",
        },
    },
    "required": ["type", "title", "status", "code", "detail"],
}


KEY = {
    "name": HEADER,
    "in": "header",
    "schema": {"type": "string", "minLength": 1, "maxLength": LONGEST},
    "description": "Sent again within 24 hours, the same request is carried out once and answered the same.",
}


class BearerScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "moirai.api.authentication.BearerAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "description": "A personal token, made at /cuenta/tokens/."}


def add_problems(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """Every operation may answer a problem."""
    result["components"]["schemas"]["Problem"] = PROBLEM
    answer = {
        "description": "An error.",
        "content": {CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    for path in result["paths"].values():
        for method, operation in path.items():
            if method == "post":
                operation["parameters"] = [*operation.get("parameters", []), KEY]
            operation["responses"]["default"] = answer
    return result


@lru_cache(maxsize=1)
def schema() -> dict[str, Any]:
    """The schema, made once: it takes a second."""
    with translation.override("en"):
        made: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
        plain: dict[str, Any] = json.loads(OpenApiJsonRenderer().render(made, renderer_context={}))
    return plain


@login_not_required
@require_safe
def schema_file(request: HttpRequest) -> JsonResponse:
    return JsonResponse(schema(), content_type="application/vnd.oai.openapi+json")

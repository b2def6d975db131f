"""Who asks: the bearer of a token. No cookie counts here, so no other site can ask in somebody's name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed, MethodNotAllowed
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.throttling import AnonRateThrottle, SimpleRateThrottle

from moirai.accounts.models import User
from moirai.api.models import Token
from moirai.api.tokens import note_use, token_of

if TYPE_CHECKING:  # DRF's views import this module while they are being made
    from rest_framework.views import APIView


class BearerAuthentication(BaseAuthentication):
    def authenticate(self, request: Request) -> tuple[User, Token] | None:
        scheme, _space, secret = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            return None
        now = timezone.now()
        token = token_of(secret.strip(), at=now)
        if token is None or not may_act(token.user):
            raise AuthenticationFailed(_("This token is not known, was taken back or has expired."))
        note_use(token, now=now)
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="api"'


class InScope(BasePermission):
    """The token must have been made for what the endpoint's method does; staff must have the permission too."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        method = "GET" if request.method == "HEAD" else str(request.method)
        scopes = view.scopes  # type: ignore[attr-defined]
        if method not in scopes:
            raise MethodNotAllowed(method)
        if not isinstance(request.auth, Token) or scopes[method] not in request.auth.scopes:
            return False
        needed = view.permissions.get(method)  # type: ignore[attr-defined]
        return needed is None or (request.user.is_staff and request.user.has_perm(needed))


def may_act(user: User) -> bool:
    """Staff act by a program as they do on pages: only with a second factor."""
    return not (user.is_staff and settings.REQUIRE_STAFF_SECOND_FACTOR) or is_mfa_enabled(user)


class PerAddress(AnonRateThrottle):
    scope = "address"


class PerToken(SimpleRateThrottle):
    scope = "token"

    def get_cache_key(self, request: Request, view: APIView) -> str | None:
        return f"throttle_token_{request.auth.pk}" if isinstance(request.auth, Token) else None

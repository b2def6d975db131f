"""Whoever signs out at the university is signed out here: OpenID Connect Back-Channel Logout 1.0."""

from __future__ import annotations

from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.internal import jwtkit
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from allauth.usersessions.models import UserSession
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST
from jwt import PyJWTError
from requests import RequestException

EVENT = "http://schemas.openid.net/event/backchannel-logout"


@csrf_exempt  # the university's server sends it without having read a page; the signed token is what counts
@require_POST
@login_not_required
@never_cache
def back_channel_logout(request: HttpRequest, provider_id: str) -> HttpResponse:
    """End every session of the person whom the token names; a token counts once."""
    try:
        app = get_adapter().get_app(request, provider=provider_id)
    except SocialApp.DoesNotExist:
        raise Http404 from None
    try:
        subject = _subject(request, app, request.POST.get("logout_token", ""))
    except (OAuth2Error, PyJWTError, RequestException, LookupError, TypeError, ValueError):
        return HttpResponseBadRequest('{"error": "invalid_request"}', content_type="application/json")
    whose = {"user__socialaccount__provider": provider_id, "user__socialaccount__uid": subject}
    for session in UserSession.objects.filter(**whose):
        session.end()
    return HttpResponse()


def _subject(request: HttpRequest, app: SocialApp, token: str) -> str:
    there = OpenIDConnectOAuth2Adapter(request, app.provider_id).openid_config
    claims = jwtkit.verify_and_decode(
        credential=token,
        keys_url=there["jwks_uri"],
        issuer=there["issuer"],
        audience=app.client_id,
        lookup_kid=jwtkit.lookup_kid_jwk,
    )
    if EVENT not in claims["events"] or "nonce" in claims or not {"jti", "exp", "iat"} <= claims.keys():
        raise ValueError("This is no token of a logout.")
    return str(claims["sub"])

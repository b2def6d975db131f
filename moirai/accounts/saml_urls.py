"""allauth's views for SAML, under the names that it asks for; only where SAML is configured."""

from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.providers.saml import views
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

NO_XML = (SyntaxError, ValueError)  # lxml's for what is cut or no XML; defusedxml's for entities


@login_not_required
def finish(request: HttpRequest, organization_slug: str) -> HttpResponse:
    try:
        response: HttpResponse = views.finish_acs(request, organization_slug)
    except NO_XML:
        response = render_authentication_error(request, "saml")
    return response


@csrf_exempt
@login_not_required
def sign_out(request: HttpRequest, organization_slug: str) -> HttpResponse:
    """The university ends the session here; unsigned, anybody's link could."""
    if "Signature" not in request.GET:
        return HttpResponseBadRequest("This message is not signed.", content_type="text/plain")
    try:
        response: HttpResponse = views.sls(request, organization_slug)
    except NO_XML:
        response = HttpResponseBadRequest("This message cannot be read.", content_type="text/plain")
    return response


urlpatterns = [
    path("<slug:organization_slug>/", views.login, name="saml_login"),
    path("<slug:organization_slug>/vuelta/", views.acs, name="saml_acs"),
    path("<slug:organization_slug>/vuelta/fin/", finish, name="saml_finish_acs"),
    path("<slug:organization_slug>/salida/", sign_out, name="saml_sls"),
    path("<slug:organization_slug>/metadatos/", views.metadata, name="saml_metadata"),
]

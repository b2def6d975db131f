"""Single sign-on by SAML, for universities without OpenID Connect; needs ``requirements-saml.txt``.

Read by settings at start, so that a half-written configuration, or a missing library, refuses to start with a sentence.
"""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured

#: Attributes of eduPerson and those of Microsoft's and Google's providers; SAML_ATTRIBUTES names others.
ATTRIBUTES: dict[str, list[str] | str] = {
    "uid": ["urn:oasis:names:tc:SAML:attribute:subject-id", "urn:oid:1.3.6.1.4.1.5923.1.1.1.13"],
    "email": [
        "urn:oid:0.9.2342.19200300.100.1.3",
        "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress",
        "email",
    ],
    "email_verified": ["email_verified"],
    "name": ["urn:oid:2.16.840.1.113730.3.1.241", "http://schemas.microsoft.com/identity/claims/displayname"],
    "first_name": ["urn:oid:2.5.4.42", "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/givenname"],
    "last_name": ["urn:oid:2.5.4.4", "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/surname"],
}


def saml_app(env: environ.Env, *, name: str) -> dict[str, Any] | None:
    """allauth's description of the one provider; None without ``SAML_IDP_ENTITY_ID``."""
    entity_id = env("SAML_IDP_ENTITY_ID", default="")
    if not entity_id:
        return None
    if find_spec("onelogin") is None:
        raise ImproperlyConfigured(
            "SAML_IDP_ENTITY_ID is set, but python3-saml is not installed: "
            "`pip install --require-hashes -r requirements-saml.txt`."
        )
    idp = {"entity_id": entity_id, "metadata_url": env("SAML_IDP_METADATA_URL", default="")}
    if not idp["metadata_url"]:
        idp |= {"sso_url": env("SAML_IDP_SSO_URL", default=""), "x509cert": _certificate(env)}
        idp["slo_url"] = env("SAML_IDP_SLO_URL", default="")
        if not (idp["sso_url"] and idp["x509cert"]):
            raise ImproperlyConfigured(
                "SAML needs SAML_IDP_METADATA_URL, or both SAML_IDP_SSO_URL and SAML_IDP_CERTIFICATE."
            )
    return {
        "provider_id": "universidad-saml",
        "client_id": "universidad",  # the name in our addresses
        "name": name,
        "settings": {
            "idp": idp,
            "sp": {"entity_id": env("SAML_ENTITY_ID", default="")},
            "attribute_mapping": ATTRIBUTES | env.dict("SAML_ATTRIBUTES", default={}),
            "verified_email": env.list("SAML_VERIFIED_DOMAINS", default=[]),
            # Stricter than allauth: each assertion is signed, and nobody comes who did not set out from here.
            "advanced": {"want_assertion_signed": True, "reject_idp_initiated_sso": True, "strict": True},
        },
    }


def sign_in_page(app: dict[str, Any] | None, env: environ.Env) -> str:
    """Where the browser is sent to, for the CSP; one that lies on another host than the metadata must be named."""
    if app is None:
        return ""
    return env("SAML_IDP_SSO_URL", default="") or str(app["settings"]["idp"]["metadata_url"])


def _certificate(env: environ.Env) -> str:
    """From a file, or the text itself."""
    given: str = env("SAML_IDP_CERTIFICATE", default="")
    return Path(given).read_text() if given.startswith("/") else given
